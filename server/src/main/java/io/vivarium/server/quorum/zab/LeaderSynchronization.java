/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The leader's second phase: each learner gets the leader's history, and when a quorum has it, the epoch is active (spec
 * quorum 3.4, 3.5). Learners that come later pass through the same steps and wait for nobody.
 *
 * <pre>
 * learner: ACKEPOCH            leader: history (DIFF | TRUNC | SNAP ...), outstanding proposals, live traffic
 *                              when the history is sent: NEWLEADER
 *          ACK of NEWLEADER    when a quorum has acknowledged: UPTODATE
 * </pre>
 *
 * Thread: core.
 */
final class LeaderSynchronization {
    private final LeaderContext context;
    private final LeaderBroadcast broadcast;
    private final SyncPlanner planner;
    private final NavigableSet<Long> acknowledged = new TreeSet<>();
    private boolean quorumFormed;

    LeaderSynchronization(LeaderContext context, LeaderBroadcast broadcast) {
        this.context = context;
        this.broadcast = broadcast;
        this.planner = new SyncPlanner(context.config.syncConfig());
    }

    /** The current epoch is durable: the leader itself has its own history and acknowledges it. */
    void begin() {
        context.enter(LeaderContext.Phase.SYNCHRONIZATION);
        context.phaseDeadlineTurn = context.turnAfter(context.config.initLimitTicks());
        broadcast.beginEpoch(newLeaderZxid());
        acknowledge(context.start.myId());
    }

    /** A learner has promised the epoch: plan its history and let live traffic follow it. */
    void join(LearnerPeer peer) {
        // What it acknowledged on a former link was above the history it is told to keep now (AckTracker.withdraw).
        broadcast.withdraw(peer.sid());
        SyncPlan plan =
                planner.plan(peer.lastZxid, broadcast.lastCommitted(), broadcast.committedHistory(), peer.features());
        if (!context.slots.take(peer, plan)) {
            context.close(peer, "too many learners are being brought up to date at once, and this one is an observer");
            return;
        }
        context.enter(peer, LearnerPeer.State.HISTORY);
        // The writer of the history watches that it makes progress; the learner owes us nothing yet.
        peer.deadlineTurn = LearnerPeer.NO_DEADLINE;
        context.emit(new ZabAction.SendHistory(peer.link, plan));
        broadcast.beginForwarding(peer);
    }

    void onHistorySent(LearnerPeer peer) {
        if (peer.state != LearnerPeer.State.HISTORY) {
            throw Invariant.broken("5.8", "the history was sent twice to " + peer);
        }
        context.enter(peer, LearnerPeer.State.NEW_LEADER_ACK);
        peer.deadlineTurn = context.turnAfter(context.config.initLimitTicks());
        // Behind the image or the last catch-up transaction, never before (ZOOKEEPER-1324, 3104).
        context.send(peer, QuorumPacket.of(PacketType.NEW_LEADER, newLeaderZxid(), configuration()));
    }

    /** A packet of a learner that was told NEWLEADER, or soon will be. */
    void onPacket(LearnerPeer peer, QuorumPacket packet) {
        if (packet.type() != PacketType.ACK) {
            context.close(peer, "sent " + packet + " where only an acknowledgement of NEWLEADER may come");
            return;
        }
        if (packet.zxid() == newLeaderZxid() && peer.state == LearnerPeer.State.NEW_LEADER_ACK) {
            context.enter(peer, LearnerPeer.State.NEW_LEADER_QUORUM);
            peer.deadlineTurn = context.turnAfter(context.config.initLimitTicks());
            if (quorumFormed) {
                goLive(peer);
            } else {
                acknowledge(peer.sid());
            }
            return;
        }
        // Learners of 3.5.10 to 3.9.1 acknowledge proposals before NEWLEADER (ZOOKEEPER-4685): take it and go on
        // waiting.
        if (peer.state == LearnerPeer.State.NEW_LEADER_ACK) {
            peer.deadlineTurn = context.turnAfter(context.config.initLimitTicks());
        }
        broadcast.onAck(peer, packet.zxid());
    }

    SortedSet<Long> supporters() {
        return Collections.unmodifiableNavigableSet(acknowledged);
    }

    private void acknowledge(long sid) {
        acknowledged.add(sid);
        if (quorumFormed || !context.ensembles.isQuorum(acknowledged::contains)) {
            return;
        }
        quorumFormed = true;
        activate();
    }

    /** Spec quorum 3.5. */
    private void activate() {
        if (!acknowledged.contains(context.start.myId())) {
            throw Invariant.broken("I2", "the leader's own history is not durable under its epoch");
        }
        context.enter(LeaderContext.Phase.BROADCAST);
        context.phaseDeadlineTurn = LearnerPeer.NO_DEADLINE;
        broadcast.activate();
        context.emit(new ZabAction.ActivateLastSeen());
        context.emit(new ZabAction.StartServing(context.epoch, context.features()));
        for (LearnerPeer peer : context.peers.values()) {
            if (peer.state == LearnerPeer.State.NEW_LEADER_QUORUM) {
                goLive(peer);
            }
        }
    }

    private void goLive(LearnerPeer peer) {
        context.slots.free(peer);
        context.enter(peer, LearnerPeer.State.LIVE);
        peer.deadlineTurn = context.turnAfter(context.config.syncLimitTicks());
        peer.syncedUntilTurn = peer.deadlineTurn;
        context.send(peer, QuorumPacket.of(PacketType.UP_TO_DATE, QuorumPacket.NO_ZXID));
    }

    private byte[] configuration() {
        return context.ensembles.newest().toText().getBytes(StandardCharsets.UTF_8);
    }

    private long newLeaderZxid() {
        return Zxid.of(context.epoch, 0);
    }
}
