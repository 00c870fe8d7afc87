/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.Session;
import io.vivarium.server.session.SessionIds;
import io.vivarium.server.session.SessionPassword;
import io.vivarium.server.session.SessionTable;
import io.vivarium.server.session.SessionVerdict;
import io.vivarium.server.tree.ApplyResult;
import io.vivarium.server.tree.TxnApplier;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One copy of the service: the tree and the sessions, and what turns requests into changes of them.
 *
 * <p>Thread: {@code core} (or a test); no thread, clock, file or socket of its own. Messages come in one at a time after
 * {@link #at} has told the time; what must happen outside goes through {@link ReplicaEffects} and {@link ClientLink}.
 *
 * <pre>
 *   onWrite --prepare--> proposed --journal synced--> committed --apply, under the exclusive hold--> answer
 * </pre>
 *
 * Transactions are applied in zxid order, each before the answer to it is queued and after the events it causes. Spec:
 * quorum 9, client-protocol 9.
 */
public final class Replica {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    /** Transactions applied in one hold of the gate; keeps readers waiting for microseconds, not for a batch. */
    private static final int APPLIES_PER_HOLD = 64;
    /** Answers to reads between two writes go to their connection in pieces of about this size. */
    private static final int AHEAD_PIECE_BYTES = 256 * 1024;

    private final long serverId;
    private final int maxTxnBytes;
    private final TreeGate gate;
    private final TxnApplier applier;
    private final TxnPreparer preparer;
    private final SessionTable sessions;
    private final ExpiryBuckets expiry;
    private final SessionIds sessionIds;
    private final WatchService watches;
    private final ReadService reads;
    private final ContainerReaper reaper;
    private final ReplicaEffects effects;

    private final LocalLinks links = new LocalLinks();
    private final ArrayDeque<Proposal> proposed = new ArrayDeque<>();
    private final JuteWriter scratch = new JuteWriter(4096);
    private long nowNanos;
    private long wallMillis;
    private volatile long lastApplied;

    public Replica(ReplicaParts parts, ReplicaEffects effects) {
        this.serverId = parts.serverId();
        this.maxTxnBytes = parts.maxTxnBytes();
        this.gate = parts.gate();
        this.applier = parts.applier();
        this.preparer = parts.preparer();
        this.sessions = parts.sessions();
        this.expiry = parts.expiry();
        this.sessionIds = parts.sessionIds();
        this.watches = parts.watches();
        this.reads = parts.reads();
        this.reaper = parts.reaper();
        this.effects = effects;
        this.lastApplied = preparer.lastZxid();
    }

    /** Tells the time for the messages that follow: monotonic nanoseconds, wall clock milliseconds. */
    public void at(long nowNanos, long wallMillis) {
        this.nowNanos = nowNanos;
        this.wallMillis = wallMillis;
    }

    /** Every session known from disk gets its full timeout from now on (spec client-protocol 9.2). */
    public void startServing() {
        for (Session session : sessions.all()) {
            expiry.touch(session, nowMillis());
        }
        reaper.start(nowNanos);
    }

    /** The zxid of the last transaction applied. Thread: any. */
    public long lastApplied() {
        return lastApplied;
    }

    // ---- Sessions ---------------------------------------------------------------------------------------------

    void onOpenSession(SessionRequest request) {
        long id = sessionIds.next(sessions::isKnown);
        Session session = sessions.open(id, request.timeoutMillis());
        sessions.check(id, serverId);
        expiry.touch(session, nowMillis());
        links.attach(id, request.link());
        propose(WriteRequest.openSession(
                id, request.timeoutMillis(), () -> request.link().established(id, acceptance(request, id))));
    }

    /** A client returns. Nobody is thrown out before the password has been seen (docs/compatibility.md). */
    void onResumeSession(SessionRequest request) {
        long id = request.connect().sessionId();
        boolean known = SessionPassword.matches(id, request.connect().password())
                && sessions.reattach(id, request.timeoutMillis(), serverId);
        if (!known) {
            LOG.info("refusing session 0x{}: unknown, closed or wrong password", Long.toHexString(id));
            request.link()
                    .refused(
                            ConnectReply.invalidSession(false, request.connect().hasReadOnlyByte()));
            return;
        }
        ClientLink former = links.find(id);
        if (former != null && former != request.link()) {
            former.hangUp();
        }
        links.attach(id, request.link());
        expiry.touch(sessions.find(id), nowMillis());
        request.link().established(id, acceptance(request, id));
    }

    private static ConnectReply acceptance(SessionRequest request, long id) {
        return ConnectReply.accepted(
                request.timeoutMillis(),
                id,
                SessionPassword.of(id),
                false,
                request.connect().hasReadOnlyByte());
    }

    void onDisconnected(ClientLink link) {
        Session session = sessions.find(link.sessionId());
        if (session != null && links.find(session.id()) == link) {
            // From here on nobody is asked when the client was last heard, so that is settled now.
            expiry.touch(session, link.lastHeardNanos() / 1_000_000);
        }
        links.ended(link);
    }

    // ---- Writes -----------------------------------------------------------------------------------------------

    void onWrite(WriteRequest request) {
        SessionVerdict verdict = sessions.check(request.sessionId(), serverId);
        ClientLink link = request.link();
        if (verdict == SessionVerdict.UNKNOWN || verdict == SessionVerdict.EXPIRED) {
            // Dropped without an answer; the connection ends when the close of the session takes effect (spec 5.2).
            if (verdict == SessionVerdict.UNKNOWN && link != null) {
                link.hangUp();
            }
            return;
        }
        if (link != null && links.find(request.sessionId()) != link) {
            // The session has moved to another connection; -118 is never sent (trap 11).
            link.hangUp();
            return;
        }
        if (request.op() == OpCode.CLOSE_SESSION) {
            sessions.markClosing(request.sessionId());
        }
        propose(request);
    }

    private void propose(WriteRequest request) {
        LoggedTxn txn = preparer.prepare(request, null, wallMillis);
        scratch.clear();
        txn.write(scratch);
        if (scratch.size() > maxTxnBytes) {
            txn = preparer.refuseLast(request, wallMillis);
            scratch.clear();
            txn.write(scratch);
        }
        Proposal proposal = new Proposal(txn, scratch.toByteArray(), request);
        scratch.shrink(64 * 1024);
        proposed.addLast(proposal);
        effects.append(proposal.zxid(), proposal.payload());
    }

    void onJournalSynced(long zxid) {
        commitUpTo(zxid);
    }

    /** Applies everything up to {@code zxid} that is proposed and not yet applied. */
    private void commitUpTo(long zxid) {
        while (isCommitted(zxid)) {
            long stamp = gate.enterExclusive();
            try {
                for (int i = 0; i < APPLIES_PER_HOLD && isCommitted(zxid); i++) {
                    apply(proposed.removeFirst());
                }
            } finally {
                gate.leaveExclusive(stamp);
            }
        }
    }

    private boolean isCommitted(long zxid) {
        Proposal first = proposed.peekFirst();
        return first != null && first.zxid() <= zxid;
    }

    private void apply(Proposal proposal) {
        WriteRequest origin = proposal.origin();
        ClientLink link = origin == null ? null : origin.link();
        if (link != null && !origin.readsAhead().isEmpty()) {
            answerReadsAhead(origin, link);
        }
        LoggedTxn txn = proposal.txn();
        watches.begin(txn.zxid());
        ApplyResult result = applier.apply(txn.header(), txn.body(), watches);
        lastApplied = txn.zxid();
        preparer.applied(txn.zxid());
        if (origin != null) {
            origin.applied(txn.zxid(), result);
        }
        if (txn.body() instanceof Txn.CloseSession) {
            sessionClosed(txn.header().clientId(), link);
        }
    }

    /** The reads that arrived before this write see the tree as it is just before it. */
    private void answerReadsAhead(WriteRequest origin, ClientLink link) {
        if (!link.isOpen()) {
            return;
        }
        scratch.clear();
        boolean goesOn = true;
        for (ReadRequest read : origin.readsAhead()) {
            goesOn &= reads.serve(read, link, scratch);
            if (scratch.size() >= AHEAD_PIECE_BYTES) {
                // In pieces, so that a link that cannot keep them says so before all of them are made.
                link.queue(new Outgoing.Encoded(scratch.toByteArray()));
                scratch.clear();
                if (!link.isOpen()) {
                    scratch.shrink(64 * 1024);
                    return;
                }
            }
        }
        link.queue(new Outgoing.Encoded(scratch.toByteArray()));
        scratch.shrink(64 * 1024);
        if (!goesOn) {
            link.hangUp();
        }
    }

    private void sessionClosed(long id, @Nullable ClientLink asker) {
        ClientLink link = links.detach(id);
        if (link != null && link != asker) {
            link.hangUp();
        }
    }

    // ---- Time -------------------------------------------------------------------------------------------------

    /** Does what is due by now: expired sessions, abandoned containers. */
    void onTime() {
        if (expiry.nextDeadlineMillis() <= nowMillis()) {
            for (Session session : expiry.due(nowMillis(), links)) {
                expire(session);
            }
        }
        if (reaper.nextDeadlineNanos() <= nowNanos) {
            for (String path : reaper.due(nowNanos, wallMillis)) {
                propose(WriteRequest.internal(0, OpCode.DELETE_CONTAINER, new ClientRequest.PathOnly(path)));
            }
        }
    }

    /** When {@link #onTime} has something to do next; nanoseconds of the monotonic clock. */
    long nextDeadlineNanos() {
        long millis = expiry.nextDeadlineMillis();
        long nanos = millis == ExpiryBuckets.NO_DEADLINE ? Long.MAX_VALUE : millis * 1_000_000;
        return Math.min(nanos, reaper.nextDeadlineNanos());
    }

    private void expire(Session session) {
        LOG.info(
                "Expiring session 0x{}, timeout of {}ms exceeded",
                Long.toHexString(session.id()),
                session.timeoutMillis());
        if (sessions.markClosing(session.id())) {
            propose(WriteRequest.internal(session.id(), OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE));
        }
    }

    void onSnapshotDue() {
        effects.takeSnapshot();
    }

    private long nowMillis() {
        return nowNanos / 1_000_000;
    }
}
