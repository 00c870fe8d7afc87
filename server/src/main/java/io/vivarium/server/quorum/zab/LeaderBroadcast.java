/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.quorum.SessionVerdict;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The leader's third phase: propose, collect acknowledgements, commit in order (spec quorum 5.1 to 5.5).
 *
 * <p>A proposal goes to the followers first and then to the leader's own log, whose sync is one acknowledgement among
 * the others: a transaction may be committed while this server's own disk still writes it. Thread: core.
 */
final class LeaderBroadcast {
    private static final QuorumPacket SYNC = QuorumPacket.of(PacketType.SYNC, 0);

    private final LeaderContext context;
    private final CommittedLog committedLog;
    private final AckTracker acks = new AckTracker();
    /** Committed and not yet in the tree, so not yet in the committed log; oldest first. */
    private final ArrayDeque<Proposal> toBeApplied = new ArrayDeque<>();
    /** Syncs that wait for a commit, in order; at most one for each request under way. */
    private final ArrayDeque<WaitingAnswer> waitingSyncs = new ArrayDeque<>();
    /** Verdicts about sessions that wait for a commit, in order; at most one for each client that is coming. */
    private final ArrayDeque<WaitingAnswer> waitingVerdicts = new ArrayDeque<>();

    private long lastProposed;
    private long lastCommitted;

    /** What a learner is told behind the commit of {@code zxid}. */
    private record WaitingAnswer(long link, QuorumPacket packet, long zxid) {}

    LeaderBroadcast(LeaderContext context, CommittedLog committedLog) {
        this.context = context;
        this.committedLog = committedLog;
        this.lastCommitted = context.start.lastZxid();
        this.lastProposed = lastCommitted;
    }

    void beginEpoch(long newLeaderZxid) {
        if (newLeaderZxid <= lastProposed) {
            throw Invariant.broken(
                    "I1",
                    "the epoch start " + Zxid.toString(newLeaderZxid) + " is not above the last zxid "
                            + Zxid.toString(lastProposed));
        }
        lastProposed = newLeaderZxid;
    }

    /** The quorum has this server's history: all of it is committed now (spec quorum 15, end). */
    void activate() {
        lastCommitted = lastProposed;
    }

    long lastProposed() {
        return lastProposed;
    }

    long lastCommitted() {
        return lastCommitted;
    }

    /** What is committed and still in memory, oldest first. */
    List<Proposal> committedHistory() {
        List<Proposal> history = committedLog.copy();
        long last = history.isEmpty()
                ? Long.MIN_VALUE
                : history.get(history.size() - 1).zxid();
        for (Proposal proposal : toBeApplied) {
            if (proposal.zxid() > last) {
                history.add(proposal);
            }
        }
        return history;
    }

    void withdraw(long sid) {
        acks.withdraw(sid);
    }

    /**
     * From here on a learner gets live traffic, behind the history that ends with the last committed transaction.
     * Followers get what is outstanding, too; observers will be informed when it is decided (spec quorum 4).
     */
    void beginForwarding(LearnerPeer peer) {
        if (!peer.observer) {
            for (Proposal proposal : acks.proposals()) {
                context.send(peer, proposal.toProposal());
            }
        }
        context.forwarding.add(peer);
    }

    void propose(Proposal proposal) {
        long zxid = proposal.zxid();
        if (Zxid.counter(zxid) >= context.config.lastCounter()) {
            // The next epoch starts to count anew (ZOOKEEPER-1277).
            context.exit("the counter of epoch " + context.epoch + " is used up");
            return;
        }
        if (zxid != lastProposed + 1) {
            throw Invariant.broken(
                    "I7", "proposal " + Zxid.toString(zxid) + " does not follow " + Zxid.toString(lastProposed));
        }
        lastProposed = zxid;
        acks.propose(proposal, context.ensembles);
        context.sendToAll(context.forwarding.followers(), proposal.toProposal());
        for (LearnerPeer peer : context.peers.values()) {
            if (peer.state == LearnerPeer.State.LIVE && !peer.observer) {
                peer.proposed(zxid, context.turn);
            }
        }
        context.emit(new ZabAction.AppendToJournal(proposal));
    }

    void onJournalSynced(long zxid) {
        acknowledge(context.start.myId(), zxid);
    }

    void onAck(LearnerPeer peer, long zxid) {
        peer.acknowledged(zxid);
        // An observer's link never had these proposals, whatever it claims (spec quorum 8.1).
        if (!peer.observer) {
            acknowledge(peer.sid(), zxid);
        }
    }

    private void acknowledge(long sid, long zxid) {
        if (!acks.ack(sid, zxid)) {
            return;
        }
        Proposal decided = acks.pollDecided();
        while (decided != null) {
            commit(decided);
            decided = acks.pollDecided();
        }
    }

    /** Spec quorum 5.3. */
    private void commit(Proposal proposal) {
        long zxid = proposal.zxid();
        if (zxid != lastCommitted + 1) {
            throw Invariant.broken(
                    "I6", "commit " + Zxid.toString(zxid) + " does not follow " + Zxid.toString(lastCommitted));
        }
        lastCommitted = zxid;
        toBeApplied.addLast(proposal);
        context.sendToAll(context.forwarding.followers(), proposal.toCommit());
        context.sendToAll(context.forwarding.observers(), proposal.toInform());
        context.emit(new ZabAction.Commit(proposal));
        answerWaiting(waitingSyncs, zxid);
        answerWaiting(waitingVerdicts, zxid);
    }

    private void answerWaiting(ArrayDeque<WaitingAnswer> waiting, long committed) {
        while (!waiting.isEmpty() && waiting.getFirst().zxid <= committed) {
            send(waiting.removeFirst());
        }
    }

    void onApplied(long zxid) {
        while (!toBeApplied.isEmpty() && toBeApplied.getFirst().zxid() <= zxid) {
            toBeApplied.removeFirst();
        }
    }

    /** A sync stands right behind the commit of everything proposed before it (spec quorum 5.5). */
    void onSyncPassed(long link) {
        sendBehindCommits(waitingSyncs, new WaitingAnswer(link, SYNC, lastProposed));
    }

    private void sendBehindCommits(ArrayDeque<WaitingAnswer> waiting, WaitingAnswer answer) {
        if (acks.isEmpty()) {
            send(answer);
        } else {
            waiting.addLast(answer);
        }
    }

    int pendingSyncs() {
        return waitingSyncs.size();
    }

    private void send(WaitingAnswer answer) {
        LearnerPeer peer = context.peers.get(answer.link);
        if (peer != null) {
            context.send(peer, answer.packet);
        }
    }

    /** A packet of a learner that serves (spec quorum 5.4). */
    void onPacket(LearnerPeer peer, QuorumPacket packet) {
        peer.deadlineTurn = context.turnAfter(context.config.syncLimitTicks());
        peer.syncedUntilTurn = peer.deadlineTurn;
        switch (packet.type()) {
            case PacketType.ACK:
                onAck(peer, packet.zxid());
                break;
            case PacketType.PING:
                onPing(peer, SessionTimeout.readAll(packet.dataOrEmpty()));
                break;
            case PacketType.REVALIDATE:
                SessionTimeout session = SessionTimeout.read(JuteReader.of(packet.dataOrEmpty()));
                context.emit(new ZabAction.CheckSession(peer.link, peer.sid(), session));
                break;
            case PacketType.REQUEST:
                context.emit(new ZabAction.Prepare(peer.link, peer.sid(), ForwardedRequest.read(packet)));
                break;
            default:
                // Stock leaders ignore what they do not know, and so may newer learners expect.
                break;
        }
    }

    private void onPing(LearnerPeer peer, List<SessionTimeout> touches) {
        if (!touches.isEmpty()) {
            context.emit(new ZabAction.TouchSessions(peer.sid(), touches));
        }
    }

    /**
     * A client gets to a learner behind the commit of all that it did elsewhere. It may count its requests anew there, so a
     * later commit of an earlier request would be taken for the answer to one of the new connection (spec quorum 7.4).
     */
    void onSessionChecked(LearnerPeer peer, SessionVerdict verdict) {
        sendBehindCommits(waitingVerdicts, new WaitingAnswer(peer.link, verdict.toPacket(), lastProposed));
    }
}
