/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.quorum.zab.PeerFeatures;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.Session;
import io.vivarium.server.session.SessionPassword;
import io.vivarium.server.session.SessionTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One copy of the service: the tree and the sessions, what turns requests into changes of them, and what applies changes.
 *
 * <p>Thread: {@code core} (or a test); no thread, clock, file or socket of its own. Messages come in one at a time after
 * {@link #at} has told the time; what must happen outside goes through ports. What it does with requests depends on its role,
 * which is a {@link RequestStage}; applying is the same for all roles ({@link CommitStage}).
 *
 * <pre>
 *   onWrite --RequestStage--> proposed here, or by the leader --decided--> CommitStage --> answer
 *
 *   closed --serveAlone | serveAsLeader | serveAsLearner | serveReadOnly--> serving --stopServing--> closed
 * </pre>
 *
 * Spec: quorum 7.3, 7.4, 9, client-protocol 9.
 */
public final class Replica implements CoreLogic {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    /** Of {@link #servedUntilNanos}: nobody was served yet. */
    public static final long NEVER_SERVED = Long.MIN_VALUE;

    private final ReplicaParts parts;
    private final SessionTable sessions;
    private final ExpiryBuckets expiry;
    private final TreeGate gate;
    private final LocalLinks links = new LocalLinks();
    private final ServerTime time = new ServerTime();
    private final Standstill standstill = new Standstill();
    private final LocalSessionKeeper locals;
    private final CommitStage commits;
    private final CoreMeter meter;
    private final Foresight foresight;
    private final Consumer<Proposal> log;
    private RequestStage stage = ClosedStage.INSTANCE;
    private boolean turnedAway;
    private volatile boolean serving;
    private volatile long servedUntilNanos = NEVER_SERVED;
    private volatile long epochStart;

    /** @param log is told of every transaction applied, in order */
    public Replica(ReplicaParts parts, Consumer<Proposal> log) {
        this.parts = parts;
        this.sessions = parts.sessions();
        this.expiry = parts.expiry();
        this.gate = parts.gate();
        this.log = log;
        this.locals = new LocalSessionKeeper(parts, links, time);
        this.meter = new CoreMeter(parts.recorder(), parts.watches(), time);
        this.commits = new CommitStage(parts, links, meter, this::applied);
        this.foresight = new Foresight(parts.applier().tree());
    }

    @Override
    public Replica replica() {
        return this;
    }

    @Override
    public void at(long nowNanos, long wallMillis) {
        meter.endRound();
        time.set(nowNanos, wallMillis);
        standstill.wokeAt(nowNanos);
    }

    /** These messages come next. */
    void foresee(@Nullable CoreMessage[] messages, int count) {
        foresight.look(messages, count);
    }

    /** The zxid of the last transaction applied. Thread: any. */
    public long lastApplied() {
        return commits.lastApplied();
    }

    /**
     * What a client may have seen and still be served here: everything applied, and the start of the epoch, which some
     * servers show before the first transaction of it. Thread: any.
     */
    public long lastSeen() {
        return Math.max(epochStart, commits.lastApplied());
    }

    // ---- Roles ------------------------------------------------------------------------------------------------

    /** Serves without an ensemble: {@code proposer} writes to the log. */
    public void serveAlone(Proposer proposer) {
        prepare(proposer);
    }

    /** Serves as the leader of an epoch; its transactions begin to count anew. */
    public void serveAsLeader(long epoch, PeerFeatures features, Clients clients, Proposer proposer) {
        epochStart = Zxid.of(epoch, 0);
        turnedAway = clients == Clients.TURNED_AWAY;
        parts.preparer().restart(epochStart);
        prepare(proposer).restrictTo(features);
    }

    private PreparingStage prepare(Proposer proposer) {
        PreparingStage preparing = new PreparingStage(parts, links, locals, commits, time, proposer, meter);
        preparing.begin();
        enter(preparing);
        return preparing;
    }

    /** Serves as a learner. */
    public void serveAsLearner(long epoch, PeerFeatures features, Uplink uplink) {
        epochStart = Zxid.of(epoch, 0);
        enter(new ForwardingStage(parts, links, locals, commits, time, uplink, features, meter));
    }

    /** Answers reads of clients that accept an old state. */
    public void serveReadOnly() {
        enter(new ReadOnlyStage(parts, links, locals, commits, time));
    }

    private void enter(RequestStage next) {
        if (stage != ClosedStage.INSTANCE) {
            throw new IllegalStateException("a role begins before the last one has ended");
        }
        parts.applier().digests().resume();
        stage = next;
        serving = true;
    }

    /**
     * Ends the role: no request is answered any more, and every client is let go. Inside one exclusive hold, so that no read
     * sees what becomes of the tree afterwards.
     */
    public void stopServing() {
        commits.settle();
        RequestStage ended = stage;
        stage = ClosedStage.INSTANCE;
        if (serving) {
            servedUntilNanos = time.nanos();
            serving = false;
        }
        turnedAway = false;
        long stamp = gate.enterExclusive();
        try {
            for (ClientLink link : List.copyOf(links.all())) {
                link.hangUp();
            }
        } finally {
            gate.leaveExclusive(stamp);
        }
        ended.end();
        links.clear();
        locals.endAll();
        for (Session session : sessions.all()) {
            expiry.forget(session);
        }
    }

    /** Whether clients are served. Thread: any. */
    public boolean isServing() {
        return serving;
    }

    /** When clients were served for the last time, if they are not now; or {@link #NEVER_SERVED}. Thread: any. */
    public long servedUntilNanos() {
        return servedUntilNanos;
    }

    /** Shows the members of the ensemble to clients, as a node; no transaction says so (spec quorum 7.1). */
    public void writeConfiguration(Ensemble ensemble) {
        long stamp = gate.enterExclusive();
        try {
            parts.applier()
                    .putConfig(
                            ensemble.toText().getBytes(StandardCharsets.UTF_8), ensemble.version(), time.wallMillis());
        } finally {
            gate.leaveExclusive(stamp);
        }
    }

    /** An image of a leader's tree will take the place of this one. */
    public void imageComing() {
        parts.applier().digests().suspend();
    }

    /** The tree was filled by somebody else: an image, or a recovery. */
    public void restart() {
        commits.restart();
    }

    // ---- Decisions --------------------------------------------------------------------------------------------

    /** Everything proposed here up to {@code zxid} is decided. Applied with {@link #settle} at the latest. */
    public void decided(long zxid) {
        preparing().decided(zxid);
    }

    /**
     * Reads a transaction as leaders send it and logs hold it.
     *
     * @throws MalformedDataException if these bytes are no transaction, or one with another zxid
     */
    public LoggedTxn read(long zxid, byte[] payload) {
        LoggedTxn txn = LoggedTxn.read(ByteBuffer.wrap(payload), parts.maxTxnBytes());
        if (txn.zxid() != zxid) {
            throw MalformedDataException.badValue(
                    0, "transaction " + Zxid.toString(txn.zxid()) + " where " + Zxid.toString(zxid) + " is announced");
        }
        return txn;
    }

    /** The next transaction, made by a leader, is decided. Applied with {@link #settle} at the latest. */
    public void decided(LoggedTxn txn, byte[] payload) {
        WriteRequest origin = stage instanceof ForwardingStage forwarding ? forwarding.originOf(txn.header()) : null;
        commits.decide(new Proposal(txn, payload, origin, null, Proposal.Source.FOREIGN));
    }

    /** Applies everything that is decided. */
    public void settle() {
        commits.settle();
    }

    private void applied(Proposal proposal) {
        meter.applied(proposal, links.find(proposal.txn().header().clientId()));
        stage.applied(proposal);
        log.accept(proposal);
    }

    // ---- As leader --------------------------------------------------------------------------------------------

    /** From now on what these peers do not understand is refused. */
    public void restrictTo(PeerFeatures features) {
        preparing().restrictTo(features);
    }

    /** A learner has passed on a write. */
    public void prepareForwarded(long sid, ForwardedRequest request) {
        preparing().prepareForwarded(sid, request);
    }

    /** The clients of a learner were heard. */
    public void touch(List<SessionTimeout> touches) {
        preparing().touch(touches);
    }

    /** Whether a session that a learner was asked for is alive; if so it is that learner's now. */
    public boolean checkSession(long sid, SessionTimeout asked) {
        return preparing().checkSession(sid, asked);
    }

    private PreparingStage preparing() {
        if (stage instanceof PreparingStage preparing) {
            return preparing;
        }
        throw new IllegalStateException("a " + stage.getClass().getSimpleName() + " prepares nothing");
    }

    // ---- As learner -------------------------------------------------------------------------------------------

    /** The sessions whose clients were heard since this was asked last. */
    public List<SessionTimeout> touchedSessions() {
        return forwarding().touched();
    }

    /** The oldest sync has come back. */
    public void syncCompleted(long sessionId, int cxid) {
        commits.settle();
        forwarding().syncCompleted(sessionId, cxid);
    }

    /** The leader has judged a session. */
    public void sessionJudged(long sessionId, boolean valid) {
        commits.settle();
        forwarding().judged(sessionId, valid);
    }

    private ForwardingStage forwarding() {
        if (stage instanceof ForwardingStage forwarding) {
            return forwarding;
        }
        throw new IllegalStateException("a " + stage.getClass().getSimpleName() + " forwards nothing");
    }

    // ---- Clients ----------------------------------------------------------------------------------------------

    /** A client returns, or is new. Nobody is thrown out before the password has been seen (docs/compatibility.md). */
    void onSession(SessionRequest request) {
        long id = request.connect().sessionId();
        if (turnedAway) {
            request.link().hangUp();
        } else if (id == 0) {
            meter.taken(request.link().lastHeardNanos());
            stage.openSession(request);
        } else if (SessionPassword.matches(id, request.connect().password())) {
            stage.resumeSession(request);
        } else {
            LOG.info("refusing session 0x{}: wrong password", Long.toHexString(id));
            request.refuse();
        }
    }

    /** The log of a server on its own has everything up to {@code zxid}: that decides it. */
    void onJournalSynced(long zxid) {
        decided(zxid);
        commits.settle();
    }

    void onWrite(WriteRequest request) {
        meter.taken(request.receivedNanos());
        stage.write(request);
    }

    void onDisconnected(ClientLink link) {
        stage.disconnected(link);
        links.ended(link);
    }

    // ---- Time -------------------------------------------------------------------------------------------------

    /** Applies what is decided, then looks for expired sessions and abandoned containers. */
    @Override
    public void endRound() {
        commits.settle();
        if (!standstill.isHearing(time.nanos())) {
            stage.onTime();
        }
        standstill.sleepUntil(stage.nextDeadlineNanos());
    }

    @Override
    public long nextDeadlineNanos() {
        return standstill.nextRound(stage.nextDeadlineNanos());
    }
}
