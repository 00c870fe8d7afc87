/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.txn.TxnHeader;
import io.vivarium.server.quorum.zab.PeerFeatures;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.Session;
import io.vivarium.server.session.SessionIds;
import io.vivarium.server.session.SessionTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A learner: its clients' writes and syncs go to the leader and come back as transactions (spec quorum 7.3, 7.4, 12).
 *
 * <pre>
 *   write --waiting--> forwarded ... transaction with the same (session, cxid) --> commit stage --> answer
 *   sync  --syncs----> forwarded ... SYNC, in order -------------------------------------------> answer
 * </pre>
 *
 * <p>The leader answers in the order of forwarding, so a transaction answers the oldest request that waits, or one of another
 * server. Thread: core.
 */
final class ForwardingStage implements RequestStage {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardingStage.class);

    private final long serverId;
    private final SessionTable sessions;
    private final ExpiryBuckets expiry;
    private final SessionIds sessionIds;
    private final LocalLinks links;
    private final LocalSessionKeeper locals;
    private final CommitStage commits;
    private final ServerTime time;
    private final CoreMeter meter;
    private final Uplink uplink;
    private final PeerFeatures features;

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final ArrayDeque<WriteRequest> syncs = new ArrayDeque<>();
    /** Clients whose session is being asked for at the leader. */
    private final Map<Long, SessionRequest> brought = new HashMap<>();

    private long lastTouchNanos;

    /**
     * A request in its place.
     *
     * @param refusal the answer is known here and the leader is not asked; null if it is
     * @param behind its transaction has a higher zxid. One up to here with the same session and xid is of another connection,
     *     which the session has left: some clients count anew on each (spec quorum 7.4)
     */
    private record Waiting(WriteRequest request, @Nullable ErrorCode refusal, long behind) {
        boolean isAnsweredBy(TxnHeader header) {
            return request.sessionId() == header.clientId() && request.xid() == header.cxid() && header.zxid() > behind;
        }
    }

    ForwardingStage(
            ReplicaParts parts,
            LocalLinks links,
            LocalSessionKeeper locals,
            CommitStage commits,
            ServerTime time,
            Uplink uplink,
            PeerFeatures features,
            CoreMeter meter) {
        this.serverId = parts.serverId();
        this.sessions = parts.sessions();
        this.expiry = parts.expiry();
        this.sessionIds = parts.sessionIds();
        this.links = links;
        this.locals = locals;
        this.commits = commits;
        this.time = time;
        this.meter = meter;
        this.uplink = uplink;
        this.features = features;
        this.lastTouchNanos = time.nanos();
    }

    // ---- Sessions ---------------------------------------------------------------------------------------------

    @Override
    public void openSession(SessionRequest request) {
        if (locals.policy().isOn()) {
            locals.open(request);
            return;
        }
        long id = sessionIds.next(this::isTaken);
        links.attach(id, request.link());
        forward(WriteRequest.openSession(id, request.timeoutMillis(), () -> request.accept(id)));
    }

    private boolean isTaken(long id) {
        return sessions.isKnown(id) || links.find(id) != null;
    }

    @Override
    public void resumeSession(SessionRequest request) {
        long id = request.connect().sessionId();
        if (locals.isLocal(id)) {
            locals.resume(request);
            return;
        }
        SessionRequest former = brought.put(id, request);
        if (former != null) {
            former.link().hangUp();
        }
        uplink.bring(new SessionTimeout(id, request.timeoutMillis()));
    }

    /** The leader has judged a session that a client brought along. */
    void judged(long id, boolean valid) {
        SessionRequest request = brought.remove(id);
        if (request == null) {
            return;
        }
        if (!valid) {
            LOG.info("refusing session 0x{}: the leader does not know it", Long.toHexString(id));
            request.refuse();
            return;
        }
        sessions.reattach(id, request.timeoutMillis(), serverId);
        links.move(id, request.link());
        request.accept(id);
    }

    @Override
    public void disconnected(ClientLink link) {
        brought.values().removeIf(request -> request.link() == link);
        if (locals.isLocal(link.sessionId()) && links.find(link.sessionId()) == link) {
            Session session = sessions.find(link.sessionId());
            if (session != null) {
                expiry.touch(session, link.lastHeardNanos() / 1_000_000);
            }
        }
    }

    /** The sessions whose clients were heard since this was asked last (spec quorum 7.2). */
    List<SessionTimeout> touched() {
        List<SessionTimeout> touched = new ArrayList<>();
        for (ClientLink link : links.all()) {
            Session session = sessions.find(link.sessionId());
            if (session != null
                    && session.scope() != Session.Scope.LOCAL
                    && link.lastHeardNanos() - lastTouchNanos >= 0) {
                touched.add(new SessionTimeout(session.id(), session.timeoutMillis()));
            }
        }
        lastTouchNanos = time.nanos();
        return touched;
    }

    // ---- Requests ---------------------------------------------------------------------------------------------

    @Override
    public void write(WriteRequest request) {
        ClientLink link = request.link();
        if (link != null && links.find(request.sessionId()) != link) {
            // The session has moved to another connection.
            meter.stale();
            link.hangUp();
            return;
        }
        if (request.op() == OpCode.SYNC) {
            syncs.addLast(request);
            uplink.forward(request.toForwarded());
        } else if (locals.isLocal(request.sessionId())) {
            writeOfLocalSession(request);
        } else if (request.needsMoreThan(features)) {
            refuse(request, ErrorCode.UNIMPLEMENTED);
        } else {
            forward(request);
        }
    }

    private void writeOfLocalSession(WriteRequest request) {
        Session session = sessions.find(request.sessionId());
        if (session == null || request.op() == OpCode.CLOSE_SESSION) {
            locals.close(request.sessionId());
            refuse(request, ErrorCode.OK);
        } else if (request.needsMoreThan(features)) {
            refuse(request, ErrorCode.UNIMPLEMENTED);
        } else if (!request.createsEphemeral()) {
            forward(request);
        } else if (locals.policy() != LocalSessions.UPGRADING && request.op() == OpCode.MULTI) {
            // The leader, to whom the session is unknown, refuses that part of it (spec client-protocol 9.4).
            forward(request);
        } else if (locals.policy() != LocalSessions.UPGRADING) {
            refuse(request, ErrorCode.EPHEMERAL_ON_LOCAL_SESSION);
        } else {
            if (sessions.beginUpgrade(session.id())) {
                expiry.forget(session);
                forward(WriteRequest.openSession(session.id(), session.timeoutMillis(), () -> {}));
            }
            forward(request);
        }
    }

    private void forward(WriteRequest request) {
        waiting.addLast(new Waiting(request, null, uplink.newestZxid()));
        uplink.forward(request.toForwarded());
    }

    /** Answered here, though not before what was asked earlier. */
    private void refuse(WriteRequest request, ErrorCode code) {
        waiting.addLast(new Waiting(request, code, 0));
        commits.settle();
        answerRefused();
    }

    private void answerRefused() {
        Waiting first;
        while ((first = waiting.peekFirst()) != null && first.refusal() != null) {
            waiting.removeFirst();
            commits.answerReadsAhead(first.request());
            first.request().answered(commits.lastApplied(), first.refusal());
            if (first.request().op() == OpCode.CLOSE_SESSION) {
                links.detach(first.request().sessionId());
            }
        }
    }

    /** The request of this server that a transaction answers, if there is one. */
    @Nullable
    WriteRequest originOf(TxnHeader header) {
        Waiting first = waiting.peekFirst();
        // Refusals at the head wait only for transactions that are decided and not yet applied.
        if (first != null && first.refusal() != null) {
            commits.settle();
            answerRefused();
            first = waiting.peekFirst();
        }
        return first == null || !first.isAnsweredBy(header)
                ? null
                : waiting.removeFirst().request();
    }

    /** The oldest sync has come back, behind everything that was committed before it. */
    void syncCompleted(long sessionId, int cxid) {
        WriteRequest sync = syncs.pollFirst();
        if (sync == null || sync.sessionId() != sessionId || sync.xid() != cxid) {
            throw new IllegalStateException(
                    "sync " + cxid + " of session 0x" + Long.toHexString(sessionId) + " comes back out of turn");
        }
        commits.answerReadsAhead(sync);
        sync.answered(commits.lastApplied(), ErrorCode.OK);
    }

    @Override
    public void applied(Proposal proposal) {
        answerRefused();
    }

    // ---- Time -------------------------------------------------------------------------------------------------

    @Override
    public void onTime() {
        if (expiry.nextDeadlineMillis() <= time.millis()) {
            for (Session session : expiry.due(time.millis(), links)) {
                locals.expire(session);
            }
        }
    }

    @Override
    public long nextDeadlineNanos() {
        long millis = expiry.nextDeadlineMillis();
        return millis == ExpiryBuckets.NO_DEADLINE ? Long.MAX_VALUE : millis * 1_000_000;
    }

    @Override
    public void end() {
        waiting.clear();
        syncs.clear();
        brought.values().forEach(request -> request.link().hangUp());
        brought.clear();
    }
}
