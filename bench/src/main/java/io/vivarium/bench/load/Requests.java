/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import java.util.random.RandomGenerator;

/** The request sources of all workloads, for data of one size. Thread: any; immutable. */
public final class Requests {
    private static final int ANY_VERSION = -1;
    private static final int PERSISTENT = 0;

    private final byte[] data;

    public Requests(int dataBytes) {
        if (dataBytes < 0) {
            throw new IllegalArgumentException("data size " + dataBytes + " bytes is below 0");
        }
        this.data = new byte[dataBytes];
        for (int i = 0; i < dataBytes; i++) {
            data[i] = (byte) ('a' + i % 26);
        }
    }

    /** getData and setData of random nodes. */
    public RandomMix mix(int readPercent, int nodes, RandomGenerator random) {
        return new RandomMix(getData(false), setData(), readPercent, nodes, random);
    }

    /** Creates one node without data at a fixed path. */
    public RequestSource.Factory createOne(String path) {
        FrameTemplate frame = FrameTemplate.fixed(OpCode.CREATE, create(path, new byte[0]));
        return Sweep.shared(frame, RequestSource.WRITE, 1);
    }

    /** Reads one node once. */
    /** Creates the parents that so many nodes need. */
    public RequestSource.Factory createParents(int nodes) {
        FrameTemplate frame = FrameTemplate.parents(OpCode.CREATE, create(NodeNames.parent(0), new byte[0]));
        return Sweep.shared(frame, RequestSource.WRITE, NodeNames.parents(nodes));
    }

    public RequestSource.Factory createNodes(int nodes) {
        FrameTemplate frame = FrameTemplate.nodes(OpCode.CREATE, create(NodeNames.node(0), data));
        return Sweep.shared(frame, RequestSource.WRITE, nodes);
    }

    /** Creates children of {@link NodeNames#WIDE}. */
    public RequestSource.Factory createWideChildren(int children) {
        FrameTemplate frame =
                FrameTemplate.wideChildren(OpCode.CREATE, create(NodeNames.WIDE + "/0000-0000", new byte[0]));
        return Sweep.shared(frame, RequestSource.WRITE, children);
    }

    /** Lists {@link NodeNames#WIDE} over and over. */
    public RequestSource.Factory listWide() {
        FrameTemplate frame = FrameTemplate.fixed(OpCode.GET_CHILDREN, new ClientRequest.Read(NodeNames.WIDE, false));
        return (session, sessions) -> new Sweep(frame, RequestSource.READ, 0, 1, Long.MAX_VALUE, 1);
    }

    /** Each session watches {@code watches} nodes; together the sessions cover all nodes evenly. */
    public RequestSource.Factory watchNodes(int watches, int nodes) {
        FrameTemplate frame = getData(true);
        return (session, sessions) -> new Sweep(frame, RequestSource.READ, (long) session * watches, 1, watches, nodes);
    }

    /** Writes each node once. */
    public RequestSource.Factory writeNodesOnce(int nodes) {
        return Sweep.shared(setData(), RequestSource.WRITE, nodes);
    }

    private FrameTemplate setData() {
        return FrameTemplate.nodes(OpCode.SET_DATA, new ClientRequest.SetData(NodeNames.node(0), data, ANY_VERSION));
    }

    private static FrameTemplate getData(boolean watch) {
        return FrameTemplate.nodes(OpCode.GET_DATA, new ClientRequest.Read(NodeNames.node(0), watch));
    }

    private static ClientRequest.Create create(String path, byte[] data) {
        return new ClientRequest.Create(path, data, Acl.OPEN, PERSISTENT);
    }
}
