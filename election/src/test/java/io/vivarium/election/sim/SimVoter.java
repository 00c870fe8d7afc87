/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.sim;

import io.vivarium.election.core.ElectionAction;
import io.vivarium.election.core.ElectionConfig;
import io.vivarium.election.core.ElectionCore;
import io.vivarium.election.core.ElectionEffects;
import io.vivarium.election.core.ElectionEvent;
import io.vivarium.election.core.Vote;
import io.vivarium.election.core.VotingView;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import io.vivarium.testkit.sim.EventScheduler;
import io.vivarium.testkit.sim.SimNetwork;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * One running server: core, mesh, and a sketch of the quorum layer, just true enough to elect for.
 *
 * <p>The sketch: a follower tries for a second to reach a leader that leads; a leader needs a quorum within two seconds,
 * refuses followers with a longer history until then, and then founds an epoch; both go back to LOOKING when that fails
 * or breaks. With a quorum the history grows.
 */
final class SimVoter implements ElectionEffects, SimMesh.Listener {
    /** What survives a restart. */
    static final class Disk {
        long zxid;
        long epoch;

        Disk(long zxid, long epoch) {
            this.zxid = zxid;
            this.epoch = epoch;
        }
    }

    private static final long TICK_NANOS = 100_000_000;
    private static final int FOLLOW_TICKS = 10;
    private static final int LEAD_TICKS = 20;
    private static final long NONE = -1;

    private final long self;
    private final SimEnsemble ensemble;
    private final EventScheduler scheduler;
    private final VotingView view;
    private final Disk disk;
    private final ElectionCore core;
    private final SimMesh mesh;
    private final Set<Long> followers = new HashSet<>();
    private ElectionInvariants invariants;
    private EventScheduler.@Nullable Planned wakeUp;
    private boolean dead;
    private boolean stable;
    private int badTicks;
    /** Names this stay in a state, in all the run, so that nothing of another one is taken for it. */
    private long term;

    /** The term of the leader we reached. */
    private long leaderTerm = NONE;

    SimVoter(
            long self,
            SimEnsemble ensemble,
            EventScheduler scheduler,
            SimNetwork<Frame> network,
            VotingView view,
            Disk disk,
            SimMesh.Manners manners) {
        this.self = self;
        this.ensemble = ensemble;
        this.scheduler = scheduler;
        this.view = view;
        this.disk = disk;
        this.core = new ElectionCore(ElectionConfig.DEFAULT, self, view, disk.zxid, disk.epoch);
        this.invariants = new ElectionInvariants(self, view, 1);
        this.mesh = new SimMesh(self, scheduler, network, manners, this);
        look();
    }

    long self() {
        return self;
    }

    PeerState state() {
        return core.state();
    }

    /** The leader this server is in working order with, itself included; null while there is none. */
    @Nullable
    Long stableLeader() {
        return stable ? Long.valueOf(core.finalVote().leader()) : null;
    }

    /** Whom it follows or leads, in working order or not. */
    long followedLeader() {
        return core.finalVote().leader();
    }

    void die() {
        dead = true;
        mesh.die();
    }

    @Override
    public String toString() {
        return self + ":" + core.state() + core.finalVote() + "@" + core.round() + (stable ? "" : "?");
    }

    // ---- the mesh tells

    @Override
    public void connected(long sid) {
        step(new ElectionEvent.PeerConnected(sid));
    }

    @Override
    public void disconnected(long sid) {
        step(new ElectionEvent.PeerDisconnected(sid));
    }

    @Override
    public void received(long sid, Notification message) {
        PeerState before = core.state();
        invariants.onHeard(sid, message);
        step(new ElectionEvent.Notified(sid, message));
        if (before != PeerState.LOOKING && core.state() != before) {
            throw new AssertionError("S5 server " + self + " left " + before + " because of " + message);
        }
    }

    // ---- the core acts

    @Override
    public void send(long sid, Notification message) {
        if (message.state() == PeerState.LOOKING && view.isVoter(sid)) {
            invariants.onProposed(message);
        }
        mesh.send(sid, message);
    }

    @Override
    public void seek(SortedSet<Long> sids) {
        mesh.seek(sids);
    }

    @Override
    public void rest() {
        mesh.rest();
    }

    @Override
    public void dial(SortedSet<Long> sids) {
        mesh.seek(sids);
    }

    @Override
    public void elected(PeerState state, Vote vote, SortedSet<Long> supporters) {
        invariants.onElected(state, vote, supporters);
        term = ensemble.nextTerm();
        badTicks = 0;
        leaderTerm = NONE;
        followers.clear();
        tickLater();
    }

    @Override
    public void lookingVoter(long sid, long round) {
        if (!stable && badTicks > FOLLOW_TICKS) {
            // Not from inside the step that reports it.
            long reported = term;
            scheduler.after(0, () -> {
                if (!dead && reported == term) {
                    look();
                }
            });
        }
    }

    @Override
    public void adoptConfig(Ensemble config) {
        throw new AssertionError("reconfiguration is off");
    }

    @Override
    public void badConfig(long sid, String reason) {
        throw new AssertionError(sid + " sent a bad configuration: " + reason);
    }

    // ---- the sketch of the quorum layer

    private void look() {
        term = ensemble.nextTerm();
        stable = false;
        invariants = new ElectionInvariants(self, view, core.round() + 1);
        step(new ElectionEvent.Looking(disk.zxid, disk.epoch));
    }

    private void tickLater() {
        long planned = term;
        scheduler.after(TICK_NANOS, () -> {
            if (!dead && planned == term) {
                tick();
                if (planned == term) {
                    tickLater();
                }
            }
        });
    }

    private void tick() {
        boolean good = core.state() == PeerState.LEADING ? leadTick() : followTick();
        badTicks = good ? 0 : badTicks + 1;
        int limit = core.state() == PeerState.LEADING ? LEAD_TICKS : FOLLOW_TICKS;
        if (badTicks > (stable ? 1 : limit)) {
            look();
        }
    }

    private boolean leadTick() {
        followers.removeIf(sid -> !ensemble.follows(sid, self));
        Set<Long> acks = new HashSet<>(followers);
        acks.add(self);
        Ensemble proposed = view.proposed();
        if (!view.committed().isQuorum(acks) || (proposed != null && !proposed.isQuorum(acks))) {
            return false;
        }
        if (!stable) {
            stable = true;
            disk.epoch = ensemble.nextEpoch();
            disk.zxid = Zxid.of(disk.epoch, 0);
            step(new ElectionEvent.EpochEstablished(disk.epoch));
        }
        disk.zxid++;
        return true;
    }

    private boolean followTick() {
        SimVoter leader = ensemble.reachableLeader(self, core.finalVote().leader());
        if (leader == null || !leader.admits(this)) {
            return false;
        }
        if (leader.term != leaderTerm) {
            // Its links ended with its term, however soon it leads again.
            if (leaderTerm != NONE) {
                badTicks = FOLLOW_TICKS;
                return false;
            }
            leaderTerm = leader.term;
        }
        if (leader.stable) {
            if (!stable) {
                stable = true;
                step(new ElectionEvent.EpochEstablished(leader.disk.epoch));
            }
            disk.epoch = leader.disk.epoch;
            disk.zxid = leader.disk.zxid;
            return true;
        }
        // A leader that collects its quorum keeps its followers waiting.
        return true;
    }

    /** Whether this leader takes the follower, which then counts; a longer history than ours is refused at first. */
    private boolean admits(SimVoter follower) {
        boolean longer = follower.disk.epoch > disk.epoch
                || (follower.disk.epoch == disk.epoch && follower.disk.zxid > disk.zxid);
        if (!stable && longer && follower.state() == PeerState.FOLLOWING) {
            return false;
        }
        followers.add(follower.self);
        return true;
    }

    private void step(ElectionEvent event) {
        if (dead) {
            return;
        }
        List<ElectionAction> actions = core.step(event, scheduler.nowNanos());
        actions.forEach(action -> action.perform(this));
        if (wakeUp != null) {
            wakeUp.cancel();
            wakeUp = null;
        }
        if (core.deadlineNanos() != ElectionCore.NEVER) {
            wakeUp = scheduler.at(core.deadlineNanos(), () -> step(new ElectionEvent.DeadlineReached()));
        }
    }
}
