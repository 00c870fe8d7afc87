/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;

/**
 * A server that leads, from the moment election says so until it leaves the role (spec quorum 3, 5).
 *
 * <p>Pure: {@link #begin}, then {@link #step} with each event; the answer is what to do, in order. The same events give
 * the same actions. The phases are {@link LeaderDiscovery}, {@link LeaderSynchronization} and {@link LeaderBroadcast};
 * {@link LeaderLiveness} counts time. Each learner is a {@link LearnerPeer} with its own small machine, so late learners
 * pass the early phases while the leader already serves.
 *
 * <p>After {@link ZabAction.ExitRole} the core is spent: it answers every event with nothing. What a peer does wrong
 * closes its link; an {@link IllegalStateException} is an error of this server. Thread: core.
 */
public final class LeaderCore implements ZabCore<LeaderEvent> {
    private final LeaderContext context;
    private final LeaderBroadcast broadcast;
    private final LeaderSynchronization synchronization;
    private final LeaderDiscovery discovery;
    private final LeaderLiveness liveness;
    private long nowNanos;
    private long startNanos;
    private long nextTurnNanos;

    /**
     * @param committedLog the committed log of this server's tree, kept up to date by whoever applies transactions; at
     *     the start it ends with {@link LeaderStart#lastZxid} or is empty
     */
    public LeaderCore(LeaderStart start, ZabConfig config, CommittedLog committedLog) {
        this.context = new LeaderContext(start, config);
        this.broadcast = new LeaderBroadcast(context, committedLog);
        this.synchronization = new LeaderSynchronization(context, broadcast);
        this.discovery = new LeaderDiscovery(context, synchronization);
        this.liveness = new LeaderLiveness(context, broadcast);
    }

    /** Enters the role. The listener for learners should be open before (spec quorum 18, trap 24). */
    public List<ZabAction> begin(long nowNanos) {
        this.nowNanos = nowNanos;
        startNanos = nowNanos;
        nextTurnNanos = nowNanos + context.config.tickNanos() / 2;
        discovery.begin();
        return context.takeActions();
    }

    @Override
    public List<ZabAction> step(LeaderEvent event, long nowNanos) {
        if (isOver()) {
            return List.of();
        }
        this.nowNanos = nowNanos;
        event.deliver(this);
        return context.takeActions();
    }

    @Override
    public long deadlineNanos() {
        return nextTurnNanos;
    }

    @Override
    public boolean isOver() {
        return context.phase == LeaderContext.Phase.OVER;
    }

    /** True once a quorum has this server's history; only then may be proposed. */
    public boolean isServing() {
        return context.phase == LeaderContext.Phase.BROADCAST;
    }

    /** The epoch, -1 while it is not decided. */
    public long epoch() {
        return context.epoch;
    }

    /** The zxid the next proposal must follow. */
    public long lastProposed() {
        return broadcast.lastProposed();
    }

    public long lastCommitted() {
        return broadcast.lastCommitted();
    }

    /** The learners that have said who they are, in order of arrival. */
    public List<LearnerReport> learners() {
        List<LearnerReport> reports = new ArrayList<>();
        for (LearnerPeer peer : context.peers.values()) {
            if (peer.info != null) {
                LearnerRole role = peer.observer ? LearnerRole.OBSERVER : LearnerRole.FOLLOWER;
                reports.add(new LearnerReport(peer.link, peer.sid(), role, peer.stage()));
            }
        }
        return reports;
    }

    /** Grows when {@link #learners} or {@link #phase} change. */
    public int changes() {
        return context.changes();
    }

    /** Who has this leader's history, itself included; a quorum from the third phase on. */
    public SortedSet<Long> supporters() {
        return synchronization.supporters();
    }

    /** Syncs of learners that wait for a commit. */
    public int pendingSyncs() {
        return broadcast.pendingSyncs();
    }

    /** Learners that are being sent an image now. */
    public int inflightSnapshots() {
        return context.slots.snapshots();
    }

    /** Learners that are being sent transactions now. */
    public int inflightDiffs() {
        return context.slots.diffs();
    }

    @Override
    public String phase() {
        return context.phase.name().toLowerCase(Locale.ROOT);
    }

    void onLearnerConnected(long link) {
        LearnerPeer peer = new LearnerPeer(link);
        peer.deadlineTurn = context.turnAfter(context.config.initLimitTicks());
        peer.syncedUntilTurn = context.turnAfter(context.config.initLimitTicks() + context.config.syncLimitTicks());
        if (context.peers.putIfAbsent(link, peer) != null) {
            throw Invariant.broken("5.8", "link " + link + " connected twice");
        }
    }

    void onLearnerClosed(long link) {
        LearnerPeer peer = context.peers.get(link);
        if (peer != null) {
            context.forget(peer);
        }
    }

    void onLearnerPacket(long link, QuorumPacket packet) {
        LearnerPeer peer = context.peers.get(link);
        if (peer == null) {
            return;
        }
        try {
            dispatch(peer, packet);
        } catch (MalformedDataException e) {
            context.close(peer, "data of " + packet + " is malformed: " + e.getMessage());
        }
    }

    private void dispatch(LearnerPeer peer, QuorumPacket packet) {
        switch (peer.state) {
            case INFO:
                discovery.onInfo(peer, packet);
                break;
            case ACK_EPOCH:
                discovery.onAckEpoch(peer, packet);
                break;
            case HISTORY, NEW_LEADER_ACK, NEW_LEADER_QUORUM:
                synchronization.onPacket(peer, packet);
                break;
            case LIVE:
                broadcast.onPacket(peer, packet);
                break;
            case EPOCH, ELECT:
                context.close(peer, "sent " + packet + " while it had to wait");
                break;
        }
    }

    void onHistorySent(long link) {
        LearnerPeer peer = context.peers.get(link);
        if (peer != null) {
            synchronization.onHistorySent(peer);
        }
    }

    void onJournalSynced(long zxid) {
        broadcast.onJournalSynced(zxid);
    }

    void onEpochStored(EpochKind kind, long epoch) {
        discovery.onEpochStored(kind, epoch);
    }

    void onPropose(Proposal proposal) {
        if (!isServing()) {
            throw Invariant.broken("I10", "proposal " + proposal + " in phase " + context.phase);
        }
        broadcast.propose(proposal);
    }

    void onApplied(long zxid) {
        broadcast.onApplied(zxid);
    }

    void onSyncPassed(long link) {
        broadcast.onSyncPassed(link);
    }

    void onSessionChecked(long link, SessionVerdict verdict) {
        LearnerPeer peer = context.peers.get(link);
        if (peer != null) {
            broadcast.onSessionChecked(peer, verdict);
        }
    }

    void onVoterLooking(long sid) {
        long patience = context.config.epochPatienceMillis() * 1_000_000L;
        if (patience >= 0 && discovery.awaitsEpoch() && nowNanos - startNanos > patience) {
            context.exit("server " + sid + " is looking again after "
                    + (nowNanos - startNanos) / 1_000_000
                    + " ms without an epoch");
        }
    }

    void onTimePassed() {
        if (nowNanos - nextTurnNanos < 0) {
            return;
        }
        nextTurnNanos += context.config.tickNanos() / 2;
        if (nextTurnNanos - nowNanos <= 0) {
            nextTurnNanos = nowNanos + context.config.tickNanos() / 2;
        }
        liveness.onTurn();
    }
}
