/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.EpochPayload;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.quorum.SessionVerdict;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A learner's third phase: log and acknowledge, apply in order, speak for its clients (spec quorum 7.2, 7.3, 8.1).
 *
 * <p>Logging and applying do not wait for each other: a commit may come before this server's own disk has the
 * transaction (trap 5). Thread: core.
 */
final class LearnerBroadcast {
    private final LearnerContext context;
    private @Nullable Contiguity contiguity;
    /** Proposed and not committed, oldest first. */
    private final ArrayDeque<Proposal> pending = new ArrayDeque<>();
    /** Zxids under way to the disk, to be acknowledged in order. */
    private final ArrayDeque<Long> unsynced = new ArrayDeque<>();
    /** Syncs of own clients, in the order they were sent; SYNC carries no id (spec quorum 5.5). */
    private final ArrayDeque<PendingSync> pendingSyncs = new ArrayDeque<>();
    /** Sessions whose verdict has not come. */
    private final Set<Long> pendingSessions = new HashSet<>();

    private record PendingSync(long sessionId, int cxid) {}

    LearnerBroadcast(LearnerContext context) {
        this.context = context;
    }

    /** Takes over what was collected between NEWLEADER and UPTODATE: first what is committed, then what is not. */
    void begin(Collection<Proposal> committed, Collection<Proposal> uncommitted, Contiguity history) {
        contiguity = history;
        if (context.isObserver()) {
            committed.forEach(this::inform);
            if (!uncommitted.isEmpty()) {
                // An observer is informed of these when they are decided; until then it has no use for them.
                contiguity = Contiguity.after(uncommitted.iterator().next().zxid() - 1);
            }
            return;
        }
        committed.forEach(this::log);
        uncommitted.forEach(this::log);
        for (Proposal proposal : committed) {
            pending.removeFirst();
            context.emit(new ZabAction.Commit(proposal));
        }
    }

    void onPacket(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PING:
                context.emit(new ZabAction.AnswerPing(context.link, packet.zxid()));
                break;
            case PacketType.REVALIDATE:
                onVerdict(SessionVerdict.read(packet.dataOrEmpty()));
                break;
            case PacketType.SYNC:
                onSync();
                break;
            default:
                if (context.isObserver()) {
                    onObserverPacket(packet);
                } else {
                    onFollowerPacket(packet);
                }
                break;
        }
    }

    private void onFollowerPacket(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PROPOSAL:
                Proposal proposal = new Proposal(packet.zxid(), packet.dataOrEmpty());
                if (follows(proposal)) {
                    log(proposal);
                }
                break;
            case PacketType.COMMIT:
                commit(packet.zxid(), null);
                break;
            case PacketType.COMMIT_AND_ACTIVATE:
                commit(packet.zxid(), EpochPayload.readDesignatedLeader(packet));
                break;
            default:
                // UPTODATE again, INFORM, unknown types: stock warns and goes on.
                break;
        }
    }

    private void onObserverPacket(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.INFORM:
                Proposal informed = new Proposal(packet.zxid(), packet.dataOrEmpty());
                if (follows(informed)) {
                    inform(informed);
                }
                break;
            case PacketType.INFORM_AND_ACTIVATE:
                Proposal proposal = new Proposal(packet.zxid(), EpochPayload.readInformedTxn(packet));
                if (follows(proposal)) {
                    long designatedLeader = EpochPayload.readDesignatedLeader(packet);
                    context.emit(new ZabAction.ActivateReconfiguration(proposal, designatedLeader));
                    inform(proposal);
                }
                break;
            default:
                // PROPOSAL and COMMIT are for followers.
                break;
        }
    }

    private boolean follows(Proposal proposal) {
        if (contiguity != null && contiguity.accept(proposal.zxid())) {
            return true;
        }
        context.exit("proposal " + Zxid.toString(proposal.zxid()) + " does not follow " + contiguity);
        return false;
    }

    private void log(Proposal proposal) {
        pending.addLast(proposal);
        unsynced.addLast(proposal.zxid());
        context.emit(new ZabAction.AppendToJournal(proposal));
    }

    private void inform(Proposal proposal) {
        if (context.config.observerLog() == ZabConfig.ObserverLog.KEPT) {
            context.emit(new ZabAction.AppendToJournal(proposal));
        }
        context.emit(new ZabAction.Commit(proposal));
    }

    private void commit(long zxid, @Nullable Long designatedLeader) {
        Proposal head = pending.peekFirst();
        if (head == null && contiguity != null && contiguity.covers(zxid)) {
            // Committed before, in the catch-up; stock ignores it, too.
            return;
        }
        if (head == null || head.zxid() != zxid) {
            // Stock ends the process with code 12. Leaving the role is enough: the log is still a correct prefix.
            context.exit("commit of " + Zxid.toString(zxid) + " came where "
                    + (head == null ? "nothing" : Zxid.toString(head.zxid())) + " is proposed");
            return;
        }
        pending.removeFirst();
        if (designatedLeader != null) {
            context.emit(new ZabAction.ActivateReconfiguration(head, designatedLeader));
        }
        context.emit(new ZabAction.Commit(head));
    }

    /** Everything up to {@code zxid} is durable: acknowledge each transaction of it (I5). */
    void onJournalSynced(long zxid) {
        while (!unsynced.isEmpty() && unsynced.getFirst() <= zxid) {
            context.send(QuorumPacket.of(PacketType.ACK, unsynced.removeFirst()));
        }
    }

    void onClientRequest(ForwardedRequest request) {
        if (request.opCode() == OpCode.SYNC) {
            pendingSyncs.addLast(new PendingSync(request.sessionId(), request.cxid()));
        }
        context.send(request.toPacket());
    }

    private void onSync() {
        PendingSync oldest = pendingSyncs.pollFirst();
        if (oldest != null) {
            context.emit(new ZabAction.CompleteSync(oldest.sessionId, oldest.cxid));
        }
    }

    void onSessionBrought(SessionTimeout session) {
        pendingSessions.add(session.sessionId());
        context.send(session.toRevalidate());
    }

    private void onVerdict(SessionVerdict verdict) {
        if (pendingSessions.remove(verdict.sessionId())) {
            context.emit(new ZabAction.SessionJudged(verdict));
        }
    }
}
