/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.server.auth.Identities;
import io.vivarium.server.quorum.zab.PeerFeatures;
import io.vivarium.server.tree.ApplyResult;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that becomes a transaction, from its arrival to its answer.
 *
 * <p>One object makes the whole way: it is the message to the core, waits as the origin of a proposal, takes the result
 * and goes back to its connection as the thing to be encoded. Thread: written by the connection before it is sent to
 * the core, then by {@code core}, then only read.
 *
 * <p>{@link #readsAhead} are reads of the same session that arrived before this write and wait for an earlier one. They
 * travel with it and are answered just before it is applied, so that they see nothing of it and still cost the session
 * no round trip (spec client-protocol 9.5).
 */
public final class WriteRequest extends Outgoing implements CoreMessage {
    private final @Nullable ClientLink link;
    private final long sessionId;
    private final int xid;
    private final int op;
    private final @Nullable ClientRequest body;
    private final Identities identities;
    private final long receivedNanos;
    private final List<ReadRequest> readsAhead;
    private final Runnable whenApplied;

    private long answerZxid;
    private int error;
    private @Nullable ApplyResult result;

    /**
     * @param link where the answer goes; null for requests of the server itself
     * @param body null if it could not be decoded
     */
    public WriteRequest(
            @Nullable ClientLink link,
            long sessionId,
            int xid,
            int op,
            @Nullable ClientRequest body,
            Identities identities,
            long receivedNanos,
            List<ReadRequest> readsAhead) {
        this(link, sessionId, xid, op, body, identities, receivedNanos, readsAhead, () -> {});
    }

    private WriteRequest(
            @Nullable ClientLink link,
            long sessionId,
            int xid,
            int op,
            @Nullable ClientRequest body,
            Identities identities,
            long receivedNanos,
            List<ReadRequest> readsAhead,
            Runnable whenApplied) {
        this.link = link;
        this.sessionId = sessionId;
        this.xid = xid;
        this.op = op;
        this.body = body;
        this.identities = identities;
        this.receivedNanos = receivedNanos;
        this.readsAhead = readsAhead;
        this.whenApplied = whenApplied;
    }

    /** A request the server makes of itself: an expired session, a container to be removed. */
    public static WriteRequest internal(long sessionId, int op, ClientRequest body) {
        return new WriteRequest(null, sessionId, 0, op, body, Identities.NONE, 0, List.of());
    }

    /** The beginning of a session; {@code whenApplied} tells its client. */
    static WriteRequest openSession(long sessionId, int timeoutMillis, Runnable whenApplied) {
        return new WriteRequest(
                null,
                sessionId,
                0,
                OpCode.CREATE_SESSION,
                new ClientRequest.CreateSession(timeoutMillis),
                Identities.NONE,
                0,
                List.of(),
                whenApplied);
    }

    /**
     * What a learner has passed on; the answer is the transaction. A body that cannot be read is left out, and refused.
     *
     * @param maxLength greatest length of a string or buffer, bytes
     */
    static WriteRequest forwarded(ForwardedRequest request, int maxLength) {
        ClientRequest body;
        try {
            JuteReader in = new JuteReader(ByteBuffer.wrap(request.body()), maxLength);
            body = request.opCode() == OpCode.CREATE_SESSION
                    ? ClientRequest.CreateSession.read(in)
                    : ClientRequest.read(request.opCode(), in);
        } catch (MalformedDataException unreadable) {
            body = null;
        }
        List<Id> ids = request.authinfo();
        return new WriteRequest(
                null,
                request.sessionId(),
                request.cxid(),
                request.opCode(),
                body,
                ids == null ? Identities.NONE : Identities.of(ids),
                0,
                List.of());
    }

    /** As a learner passes it on (spec quorum 1.4). */
    ForwardedRequest toForwarded() {
        JuteWriter out = new JuteWriter(64);
        if (body != null) {
            body.write(out);
        }
        List<Id> ids = op == OpCode.CREATE_SESSION ? null : identities.asList();
        return new ForwardedRequest(sessionId, xid, op, out.toByteArray(), ids);
    }

    @Override
    public @Nullable String path() {
        if (body instanceof ClientRequest.SetData setData) {
            return setData.path();
        }
        if (body instanceof ClientRequest.Create create) {
            return create.path();
        }
        return body instanceof ClientRequest.Delete delete ? delete.path() : null;
    }

    @Override
    public void deliver(Replica replica) {
        replica.onWrite(this);
    }

    /** Goes on its way to the client without a transaction: a sync, a refusal, the end of a local session. */
    void answered(long zxid, ErrorCode code) {
        this.answerZxid = zxid;
        this.error = code.code();
        if (link != null) {
            link.queue(this);
        }
    }

    /** Takes the result of its transaction and goes on its way to the client. */
    void applied(long zxid, ApplyResult applied) {
        this.answerZxid = zxid;
        this.error = applied.error();
        this.result = applied;
        if (link != null) {
            link.queue(this);
        }
        whenApplied.run();
    }

    @Override
    public void encode(JuteWriter out) {
        if (op == OpCode.SYNC && error == 0 && body instanceof ClientRequest.PathOnly sync) {
            ReplyEncoder.encodeSync(out, xid, answerZxid, sync.path());
        } else {
            ReplyEncoder.encodeWrite(out, xid, op, answerZxid, error, result);
        }
    }

    /** Whether it would make an ephemeral node, itself or in a part (spec client-protocol 9.4). */
    boolean createsEphemeral() {
        if (body instanceof ClientRequest.Multi multi) {
            for (ClientRequest.Part part : multi.parts()) {
                if (isEphemeral(part.body())) {
                    return true;
                }
            }
            return false;
        }
        return (op == OpCode.CREATE || op == OpCode.CREATE2) && isEphemeral(body);
    }

    private static boolean isEphemeral(@Nullable ClientRequest body) {
        return body instanceof ClientRequest.Create && CreateRules.isEphemeral(body);
    }

    /** Whether it asks for something that servers with these features do not understand (spec quorum 16.2). */
    boolean needsMoreThan(PeerFeatures features) {
        if (features == PeerFeatures.CURRENT) {
            return false;
        }
        if (body instanceof ClientRequest.Multi multi) {
            for (ClientRequest.Part part : multi.parts()) {
                if (!features.understands(part.op())) {
                    return true;
                }
            }
        }
        return !features.understands(op);
    }

    @Override
    public boolean answersWrite() {
        return true;
    }

    @Override
    public boolean endsConnection() {
        return op == OpCode.CLOSE_SESSION;
    }

    public @Nullable ClientLink link() {
        return link;
    }

    public long sessionId() {
        return sessionId;
    }

    public int xid() {
        return xid;
    }

    public int op() {
        return op;
    }

    public @Nullable ClientRequest body() {
        return body;
    }

    public Identities identities() {
        return identities;
    }

    public long receivedNanos() {
        return receivedNanos;
    }

    public List<ReadRequest> readsAhead() {
        return readsAhead;
    }

    public long answerZxid() {
        return answerZxid;
    }
}
