/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.quorum.zab.PeerFeatures;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.Session;
import io.vivarium.server.session.SessionIds;
import io.vivarium.server.session.SessionTable;
import io.vivarium.server.session.SessionVerdict;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server on its own, or a leader: turns requests into transactions, one after the other, and keeps the time of every session
 * (spec quorum 9, 12).
 *
 * <pre>
 *   request --prepare--> proposed --decided by the log, or by a quorum--> commit stage --> answer
 * </pre>
 *
 * <p>Thread: core. What comes by a learner always becomes a transaction, a refusal if need be: the learner's pipeline waits
 * for it.
 */
final class PreparingStage implements RequestStage {
    private static final Logger LOG = LoggerFactory.getLogger(PreparingStage.class);
    private static final int SCRATCH_BYTES = 64 * 1024;

    private final long serverId;
    private final int maxTxnBytes;
    private final LocalSessionKeeper locals;
    private final TxnPreparer preparer;
    private final SessionTable sessions;
    private final ExpiryBuckets expiry;
    private final SessionIds sessionIds;
    private final ContainerReaper reaper;
    private final LocalLinks links;
    private final CommitStage commits;
    private final ServerTime time;
    private final CoreMeter meter;
    private final Proposer proposer;

    private final ArrayDeque<Proposal> proposed = new ArrayDeque<>();
    private final ArrayDeque<WaitingSync> waitingSyncs = new ArrayDeque<>();
    private final JuteWriter scratch = new JuteWriter(4096);
    private PeerFeatures features = PeerFeatures.CURRENT;

    /** A sync of a client of this server, and what must be in the tree before it is answered. */
    private record WaitingSync(WriteRequest request, long zxid) {}

    PreparingStage(
            ReplicaParts parts,
            LocalLinks links,
            LocalSessionKeeper locals,
            CommitStage commits,
            ServerTime time,
            Proposer proposer,
            CoreMeter meter) {
        this.serverId = parts.serverId();
        this.maxTxnBytes = parts.maxTxnBytes();
        this.preparer = parts.preparer();
        this.sessions = parts.sessions();
        this.expiry = parts.expiry();
        this.sessionIds = parts.sessionIds();
        this.reaper = parts.reaper();
        this.links = links;
        this.locals = locals;
        this.commits = commits;
        this.time = time;
        this.meter = meter;
        this.proposer = proposer;
    }

    /** Every session known gets its full timeout from now on (spec client-protocol 9.2). */
    void begin() {
        sessions.restart();
        for (Session session : sessions.all()) {
            expiry.touch(session, time.millis());
        }
        reaper.start(time.nanos());
    }

    /** From now on what these peers do not understand is refused. */
    void restrictTo(PeerFeatures peers) {
        features = peers;
    }

    // ---- Sessions ---------------------------------------------------------------------------------------------

    @Override
    public void openSession(SessionRequest request) {
        if (locals.policy().isOn()) {
            locals.open(request);
            return;
        }
        long id = sessionIds.next(sessions::isKnown);
        startSession(id, request.timeoutMillis(), serverId);
        links.attach(id, request.link());
        propose(WriteRequest.openSession(id, request.timeoutMillis(), () -> request.accept(id)), SessionStanding.GOOD);
    }

    private void startSession(long id, int timeoutMillis, long owner) {
        Session session = sessions.open(id, timeoutMillis);
        sessions.reattach(id, timeoutMillis, owner);
        expiry.touch(session, time.millis());
    }

    @Override
    public void resumeSession(SessionRequest request) {
        long id = request.connect().sessionId();
        if (!sessions.reattach(id, request.timeoutMillis(), serverId)) {
            LOG.info("refusing session 0x{}: unknown or closed", Long.toHexString(id));
            request.refuse();
            return;
        }
        Session session = sessions.find(id);
        if (session != null) {
            expiry.touch(session, time.millis());
        }
        links.move(id, request.link());
        request.accept(id);
    }

    @Override
    public void disconnected(ClientLink link) {
        Session session = sessions.find(link.sessionId());
        if (session != null && links.find(session.id()) == link) {
            // From here on nobody is asked when the client was last heard, so that is settled now.
            expiry.touch(session, link.lastHeardNanos() / 1_000_000);
        }
    }

    // ---- Requests of own clients ------------------------------------------------------------------------------

    @Override
    public void write(WriteRequest request) {
        ClientLink link = request.link();
        SessionVerdict verdict = sessions.check(request.sessionId(), serverId);
        if (verdict == SessionVerdict.UNKNOWN || verdict == SessionVerdict.EXPIRED) {
            // Dropped without an answer; the connection ends when the close of the session takes effect (spec
            // client-protocol 5.2).
            meter.stale();
            if (verdict == SessionVerdict.UNKNOWN && link != null) {
                link.hangUp();
            }
            return;
        }
        boolean moved = verdict == SessionVerdict.MOVED || links.find(request.sessionId()) != link;
        if (link != null && moved) {
            // The session has moved to another connection or server; -118 is never sent (trap 11).
            meter.stale();
            link.hangUp();
            return;
        }
        if (request.op() == OpCode.SYNC) {
            afterProposed(request);
            return;
        }
        Session session = sessions.find(request.sessionId());
        if (session != null && session.scope() == Session.Scope.LOCAL) {
            writeOfLocalSession(request, session);
            return;
        }
        if (request.op() == OpCode.CLOSE_SESSION) {
            sessions.markClosing(request.sessionId());
        }
        propose(request, faultOf(request));
    }

    private void writeOfLocalSession(WriteRequest request, Session session) {
        if (request.op() == OpCode.CLOSE_SESSION) {
            locals.close(session.id());
            afterProposed(request);
        } else if (!request.createsEphemeral()) {
            // A container with the flag of an ephemeral is not upgraded for, and refused like one (spec 9.4).
            SessionStanding standing = faultOf(request);
            propose(
                    request,
                    standing.fault() == null ? SessionStanding.withoutEphemerals(ErrorCode.SESSION_EXPIRED) : standing);
        } else if (locals.policy() != LocalSessions.UPGRADING) {
            propose(request, SessionStanding.withoutEphemerals(ErrorCode.EPHEMERAL_ON_LOCAL_SESSION));
        } else {
            if (sessions.beginUpgrade(session.id())) {
                propose(
                        WriteRequest.openSession(session.id(), session.timeoutMillis(), () -> {}),
                        SessionStanding.GOOD);
            }
            propose(request, faultOf(request));
        }
    }

    /** Ordered like a write: answered when everything proposed before is in the tree (spec quorum 5.5). */
    private void afterProposed(WriteRequest request) {
        commits.settle();
        if (proposed.isEmpty()) {
            finish(request);
        } else {
            waitingSyncs.addLast(new WaitingSync(request, proposed.getLast().zxid()));
        }
    }

    private void finish(WriteRequest request) {
        commits.answerReadsAhead(request);
        request.answered(commits.lastApplied(), ErrorCode.OK);
        if (request.op() == OpCode.CLOSE_SESSION) {
            links.detach(request.sessionId());
        }
    }

    // ---- Requests by learners ---------------------------------------------------------------------------------

    /** Prepares a write that came by a learner; always ends in a proposal. */
    void prepareForwarded(long sid, ForwardedRequest forwarded) {
        WriteRequest request = WriteRequest.forwarded(forwarded, maxTxnBytes);
        SessionStanding standing = faultOf(request);
        switch (request.op()) {
            case OpCode.CREATE_SESSION:
                if (request.body() instanceof ClientRequest.CreateSession create) {
                    startSession(request.sessionId(), create.timeoutMillis(), sid);
                }
                break;
            case OpCode.CLOSE_SESSION:
                sessions.markClosing(request.sessionId());
                break;
            case OpCode.CHECK, OpCode.DELETE_CONTAINER:
                // A client must not ask these; a stock learner passes them on, and a check as a transaction of its own
                // would stop every follower (ZOOKEEPER-2623).
                standing = SessionStanding.faulty(ErrorCode.UNIMPLEMENTED);
                break;
            default:
                if (!OpCode.isWrite(request.op())) {
                    standing = SessionStanding.faulty(ErrorCode.UNIMPLEMENTED);
                } else if (standing.fault() == null) {
                    standing = standingAt(sid, request.sessionId());
                }
                break;
        }
        propose(request, standing);
    }

    /** What a session may do that came by a learner (spec quorum 9.2 and 12.3). */
    private SessionStanding standingAt(long sid, long id) {
        switch (sessions.check(id, sid)) {
            case OK:
                return SessionStanding.GOOD;
            case MOVED:
                return SessionStanding.faulty(ErrorCode.SESSION_MOVED);
            case UNKNOWN:
                boolean localElsewhere = locals.policy().isOn() && !SessionIds.isOf(id, serverId);
                return localElsewhere
                        ? SessionStanding.withoutEphemerals(ErrorCode.SESSION_EXPIRED)
                        : SessionStanding.faulty(ErrorCode.SESSION_EXPIRED);
            default:
                return SessionStanding.faulty(ErrorCode.SESSION_EXPIRED);
        }
    }

    /** The clients of a learner were heard; what is not known is not looked at. */
    void touch(List<SessionTimeout> touches) {
        for (SessionTimeout touch : touches) {
            Session session = sessions.find(touch.sessionId());
            if (session != null && !session.isClosing()) {
                expiry.touch(session, time.millis());
            }
        }
    }

    /** A client has moved to a learner: if its session is alive it is that learner's now (spec quorum 5.4). */
    boolean checkSession(long sid, SessionTimeout asked) {
        boolean valid = sessions.reattachGlobal(asked.sessionId(), asked.timeoutMillis(), sid);
        Session session = sessions.find(asked.sessionId());
        if (valid && session != null) {
            expiry.touch(session, time.millis());
            ClientLink former = links.detach(asked.sessionId());
            if (former != null) {
                former.hangUp();
            }
        }
        return valid;
    }

    // ---- Proposals --------------------------------------------------------------------------------------------

    private SessionStanding faultOf(WriteRequest request) {
        return request.needsMoreThan(features) ? SessionStanding.faulty(ErrorCode.UNIMPLEMENTED) : SessionStanding.GOOD;
    }

    private void propose(WriteRequest request, SessionStanding standing) {
        LoggedTxn txn = preparer.prepare(request, standing, time.wallMillis());
        scratch.clear();
        txn.write(scratch);
        if (scratch.size() > maxTxnBytes) {
            txn = preparer.refuseLast(request, time.wallMillis());
            scratch.clear();
            txn.write(scratch);
        }
        Proposal proposal = new Proposal(txn, scratch.toByteArray(), request, preparer.foreseen(), Proposal.Source.OWN);
        scratch.shrink(SCRATCH_BYTES);
        proposed.addLast(proposal);
        meter.pending(preparer.pendingChanges());
        proposer.propose(proposal);
    }

    /** Everything proposed up to {@code zxid} is decided. */
    void decided(long zxid) {
        Proposal first;
        while ((first = proposed.peekFirst()) != null && first.zxid() <= zxid) {
            commits.decide(proposed.removeFirst());
        }
    }

    @Override
    public void applied(Proposal proposal) {
        preparer.applied(proposal.zxid());
        meter.pending(preparer.pendingChanges());
        WaitingSync first;
        while ((first = waitingSyncs.peekFirst()) != null && first.zxid() <= proposal.zxid()) {
            waitingSyncs.removeFirst();
            finish(first.request());
        }
    }

    // ---- Time -------------------------------------------------------------------------------------------------

    @Override
    public void onTime() {
        if (expiry.nextDeadlineMillis() <= time.millis()) {
            for (Session session : expiry.due(time.millis(), links)) {
                expire(session);
            }
        }
        if (reaper.nextDeadlineNanos() <= time.nanos()) {
            for (String path : reaper.due(time.nanos(), time.wallMillis())) {
                // What an older follower cannot read waits until it is gone (spec quorum 16.2).
                if (features.understands(OpCode.DELETE_CONTAINER)) {
                    propose(
                            WriteRequest.internal(0, OpCode.DELETE_CONTAINER, new ClientRequest.PathOnly(path)),
                            SessionStanding.GOOD);
                }
            }
        }
    }

    @Override
    public long nextDeadlineNanos() {
        long millis = expiry.nextDeadlineMillis();
        long nanos = millis == ExpiryBuckets.NO_DEADLINE ? Long.MAX_VALUE : millis * 1_000_000;
        return Math.min(nanos, reaper.nextDeadlineNanos());
    }

    private void expire(Session session) {
        LOG.info(
                "Expiring session 0x{}, timeout of {}ms exceeded",
                Long.toHexString(session.id()),
                session.timeoutMillis());
        if (session.scope() == Session.Scope.LOCAL) {
            locals.expire(session);
        } else if (sessions.markClosing(session.id())) {
            propose(
                    WriteRequest.internal(session.id(), OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE),
                    SessionStanding.GOOD);
        }
    }

    @Override
    public void end() {
        proposed.clear();
        waitingSyncs.clear();
        reaper.stop();
    }
}
