/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.server.tree.PathBatch;
import java.nio.charset.StandardCharsets;

/**
 * Requests of one burst as most clients send most of them, getData and exists of a path in ASCII without a watch, to be looked
 * up together.
 *
 * <p>Thread: {@code client-io}; one for each event loop. Makes no object but for a read that has to wait. A request that
 * differs in any way, a fault included, is not taken and goes the general way.
 */
public final class PlainReads {
    private final PathBatch paths = new PathBatch();
    private final int[] xids = new int[PathBatch.MOST];
    private final int[] ops = new int[PathBatch.MOST];

    /** Takes a request whose header was read, or leaves the reader where it stands and answers false. */
    public boolean take(int xid, int op, JuteReader in) {
        if (op != OpCode.GET_DATA && op != OpCode.EXISTS) {
            return false;
        }
        int start = in.position();
        if (!paths.add(in)) {
            return false;
        }
        if (in.remaining() == 0 || in.readBool()) {
            in.rewind(start);
            paths.removeLast();
            return false;
        }
        xids[paths.size() - 1] = xid;
        ops[paths.size() - 1] = op;
        return true;
    }

    PathBatch paths() {
        return paths;
    }

    public int size() {
        return paths.size();
    }

    public boolean isFull() {
        return paths.size() == PathBatch.MOST;
    }

    public int xid(int index) {
        return xids[index];
    }

    public int op(int index) {
        return ops[index];
    }

    /** The request as one that can wait. */
    public ReadRequest request(int index, long receivedNanos) {
        String path = new String(paths.bytes(), paths.start(index), paths.length(index), StandardCharsets.US_ASCII);
        return ReadRequest.of(xids[index], ops[index], new ClientRequest.Read(path, false), receivedNanos);
    }

    public void clear() {
        paths.clear();
    }
}
