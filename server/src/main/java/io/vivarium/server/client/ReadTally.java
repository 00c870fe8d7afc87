/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.vivarium.protocol.client.OpCode;

/**
 * The reads of one burst that were answered on the spot, counted together: a read takes less than what it costs to count it
 * in every place where it counts.
 *
 * <p>Thread: {@code client-io}. Sizes are those of whole frames, bytes.
 */
final class ReadTally {
    /** No request has this xid; those that clients give themselves are not below 0. */
    static final int NO_XID = -1;

    private int reads;
    private int lastXid = NO_XID;
    private int lastOp;
    private int lastBytes;
    private int leastBytes = Integer.MAX_VALUE;
    private int mostBytes;
    private long answerBytes;

    void add(int xid, int op, int frameBytes) {
        reads++;
        if (xid >= 0) {
            lastXid = xid;
        }
        lastOp = op;
        lastBytes = frameBytes;
        leastBytes = Math.min(leastBytes, frameBytes);
        mostBytes = Math.max(mostBytes, frameBytes);
        if (op != OpCode.PING) {
            answerBytes += frameBytes - Integer.BYTES;
        }
    }

    void clear() {
        reads = 0;
        lastXid = NO_XID;
        leastBytes = Integer.MAX_VALUE;
        mostBytes = 0;
        answerBytes = 0;
    }

    int reads() {
        return reads;
    }

    /** Of the last request with an xid of its own; {@link #NO_XID} if there was none. */
    int lastXid() {
        return lastXid;
    }

    int lastOp() {
        return lastOp;
    }

    int lastBytes() {
        return lastBytes;
    }

    int leastBytes() {
        return leastBytes;
    }

    int mostBytes() {
        return mostBytes;
    }

    /** Of all answers but those to pings, without length fields. */
    long answerBytes() {
        return answerBytes;
    }
}
