/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import io.netty.buffer.ByteBuf;
import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.RequestHeader;
import io.vivarium.protocol.jute.JuteWriter;

/**
 * A request encoded once: the copy that is sent differs in its xid and in the digits of its path.
 *
 * <p>Every request used here starts with its path, so the path begins 16 bytes into the frame: length, xid, type and the
 * length of the path (spec client-protocol 1.1, 3, 4). Thread: any; immutable.
 */
public final class FrameTemplate {
    private static final int XID_OFFSET = 4;
    private static final int PATH_OFFSET = 16;
    private static final int NONE = -1;

    private final byte[] frame;
    private final int nodesPerParent;
    private final int parentOffset;
    private final int nodeOffset;

    private FrameTemplate(int op, ClientRequest body, int nodesPerParent, int parentOffset, int nodeOffset) {
        this.frame = encode(op, body);
        this.nodesPerParent = nodesPerParent;
        this.parentOffset = parentOffset;
        this.nodeOffset = nodeOffset;
    }

    /** The same path every time. */
    public static FrameTemplate fixed(int op, ClientRequest body) {
        return new FrameTemplate(op, body, 1, NONE, NONE);
    }

    /** A path of {@link NodeNames#parent}; the body must name parent 0. */
    public static FrameTemplate parents(int op, ClientRequest body) {
        return new FrameTemplate(op, body, 1, PATH_OFFSET + NodeNames.ROOT.length() + 1, NONE);
    }

    /** A path of {@link NodeNames#node}; the body must name node 0. */
    public static FrameTemplate nodes(int op, ClientRequest body) {
        int parent = PATH_OFFSET + NodeNames.ROOT.length() + 1;
        return new FrameTemplate(op, body, NodeNames.NODES_PER_PARENT, parent, parent + 5);
    }

    /** A child {@code GGGG-IIII} of {@link NodeNames#WIDE}; the body must name {@code /bench-wide/0000-0000}. */
    public static FrameTemplate wideChildren(int op, ClientRequest body) {
        int parent = PATH_OFFSET + NodeNames.WIDE.length() + 1;
        return new FrameTemplate(op, body, NodeNames.NODES_PER_PARENT, parent, parent + 5);
    }

    /** Appends the request for one index. */
    public void write(ByteBuf out, int xid, int index) {
        int start = out.writerIndex();
        out.writeBytes(frame);
        out.setInt(start + XID_OFFSET, xid);
        if (parentOffset != NONE) {
            int parent = index / nodesPerParent;
            out.setInt(start + parentOffset, NodeNames.digits(parent));
            if (nodeOffset != NONE) {
                out.setInt(start + nodeOffset, NodeNames.digits(index - parent * nodesPerParent));
            }
        }
    }

    private static byte[] encode(int op, ClientRequest body) {
        JuteWriter out = new JuteWriter(256);
        int mark = out.beginFrame();
        new RequestHeader(0, op).write(out);
        body.write(out);
        out.endFrame(mark);
        return out.toByteArray();
    }
}
