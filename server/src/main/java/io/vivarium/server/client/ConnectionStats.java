/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.vivarium.protocol.client.OpCode;
import java.net.InetSocketAddress;

/**
 * What {@code cons} tells of one connection (spec operations 3.3).
 *
 * <p>Thread: the connection's event loop.
 */
final class ConnectionStats {
    private static final int NONE = Integer.MIN_VALUE;

    private long received;
    private long sent;
    private long latencyCount;
    private long latencySum;
    private long latencyMin = -1;
    private long latencyMax;
    private long lastLatency;
    private long lastReplyNanos;
    private long lastZxid = -1;
    private int lastCxid = NONE;
    private int lastOp = NONE;

    void received() {
        received++;
    }

    void replied(int xid, int op, long zxid, long latencyMillis, long nowNanos) {
        replied(1, xid, op, zxid, latencyMillis, nowNanos);
    }

    /** So many answers with the same latency; the last of them is told of. */
    void replied(int answers, int xid, int op, long zxid, long latencyMillis, long nowNanos) {
        sent += answers;
        if (xid >= 0) {
            lastCxid = xid;
        }
        lastOp = op;
        lastZxid = zxid;
        lastReplyNanos = nowNanos;
        lastLatency = latencyMillis;
        latencyCount += answers;
        latencySum += latencyMillis * answers;
        latencyMin = latencyMin < 0 ? latencyMillis : Math.min(latencyMin, latencyMillis);
        latencyMax = Math.max(latencyMax, latencyMillis);
    }

    void notified() {
        sent++;
    }

    void reset() {
        received = 0;
        sent = 0;
        latencyCount = 0;
        latencySum = 0;
        latencyMin = -1;
        latencyMax = 0;
        lastLatency = 0;
    }

    /** What was counted, as a value; Thread: the connection's event loop. */
    ConnectionView view(
            InetSocketAddress peer,
            int interest,
            int queued,
            long sessionId,
            long establishedMillis,
            int timeoutMillis,
            long lastHeardNanos) {
        ConnectionView.SessionUse use = sessionId == 0
                ? null
                : new ConnectionView.SessionUse(
                        sessionId,
                        lastOp == NONE ? "NA" : shortName(lastOp),
                        establishedMillis,
                        lastCxid == NONE ? -1 : lastCxid,
                        lastZxid,
                        lastReplyNanos / 1_000_000,
                        lastLatency,
                        Math.max(0, latencyMin),
                        latencyCount == 0 ? 0 : latencySum / latencyCount,
                        latencyMax);
        return new ConnectionView(peer, interest, queued, received, sent, timeoutMillis, lastHeardNanos, use);
    }

    private static String shortName(int op) {
        switch (op) {
            case OpCode.CREATE_SESSION:
                return "SESS";
            case OpCode.CLOSE_SESSION:
                return "CLOS";
            case OpCode.GET_CHILDREN, OpCode.GET_CHILDREN2:
                return "GETC";
            case OpCode.GET_ACL:
                return "GETA";
            case OpCode.SET_WATCHES, OpCode.SET_WATCHES2:
                return "SETW";
            default:
                String name = OpCode.name(op).toUpperCase(java.util.Locale.ROOT);
                return name.substring(0, Math.min(4, name.length()));
        }
    }
}
