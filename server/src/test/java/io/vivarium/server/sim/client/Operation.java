/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.client;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.sim.client.RequestText.Shown;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client, from its sending to its answer.
 *
 * <p>Besides what the client knows it carries two notes of those who check it, so that they need no look-up. Thread: the
 * test's.
 */
public final class Operation {
    /** What the client knows of it. */
    public enum Outcome {
        /** On its way. */
        PENDING,
        /** Answered, well or ill. */
        ANSWERED,
        /** The connection was lost first; it may have happened, or may happen yet. */
        IN_DOUBT
    }

    private final int client;
    private final long sessionId;
    private final int connection;
    private final int xid;
    private final int op;
    private final ClientRequest body;
    private final long invokedNanos;
    private Outcome outcome = Outcome.PENDING;
    private @Nullable Reply reply;

    /** The greatest zxid that anybody had an answer with when this was sent. */
    private long acknowledgedBefore;
    /** The zxid of its transaction, once that is committed. */
    private long committedZxid;

    /** @param connection the number of the connection it was sent on, unique in the run */
    public Operation(
            int client, long sessionId, int connection, int xid, int op, ClientRequest body, long invokedNanos) {
        this.client = client;
        this.sessionId = sessionId;
        this.connection = connection;
        this.xid = xid;
        this.op = op;
        this.body = body;
        this.invokedNanos = invokedNanos;
    }

    public int client() {
        return client;
    }

    public long sessionId() {
        return sessionId;
    }

    public int connection() {
        return connection;
    }

    public int xid() {
        return xid;
    }

    public int op() {
        return op;
    }

    public ClientRequest body() {
        return body;
    }

    public long invokedNanos() {
        return invokedNanos;
    }

    public boolean isWrite() {
        return OpCode.isWrite(op);
    }

    public Outcome outcome() {
        return outcome;
    }

    /** The answer; only for one that is answered. */
    public Reply reply() {
        if (reply == null) {
            throw new IllegalStateException(this + " has no answer");
        }
        return reply;
    }

    public void answered(Reply answer) {
        outcome = Outcome.ANSWERED;
        reply = answer;
    }

    public void lost() {
        outcome = Outcome.IN_DOUBT;
    }

    public long acknowledgedBefore() {
        return acknowledgedBefore;
    }

    public void noteAcknowledgedBefore(long zxid) {
        acknowledgedBefore = zxid;
    }

    public long committedZxid() {
        return committedZxid;
    }

    public void noteCommitted(long zxid) {
        committedZxid = zxid;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("client ").append(client);
        text.append(" session 0x").append(Long.toHexString(sessionId));
        text.append(" conn ").append(connection).append(" xid ").append(xid).append(' ');
        text.append(new Shown(op, body));
        if (reply != null) {
            text.append(" -> ").append(reply);
        } else {
            text.append(" (").append(outcome).append(')');
        }
        if (committedZxid != 0) {
            text.append(", committed as ").append(Zxid.toString(committedZxid));
        }
        return text.toString();
    }
}
