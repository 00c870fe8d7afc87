/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.sim;

import io.vivarium.election.core.Vote;
import io.vivarium.election.core.VotingView;
import io.vivarium.protocol.ensemble.MajorityRule;
import io.vivarium.protocol.vote.PeerState;
import io.vivarium.testkit.sim.EventScheduler;
import io.vivarium.testkit.sim.LinkProfile;
import io.vivarium.testkit.sim.Seeds;
import io.vivarium.testkit.sim.SimNetwork;
import io.vivarium.testkit.sim.VirtualTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** All servers of a run, the network between them, and the faults that befall them. */
final class SimEnsemble {
    private final VotingView view;
    private final RandomGenerator random;
    private final EventScheduler scheduler = new EventScheduler(new VirtualTime(), () -> {});
    private final SimNetwork<Frame> network;
    private final SortedMap<Long, SimVoter.Disk> disks = new TreeMap<>();
    private final SortedMap<Long, SimVoter> up = new TreeMap<>();
    private final SortedSet<Long> all = new TreeSet<>();
    private long lastEpoch;
    private long lastTerm;

    SimEnsemble(VotingView view, long seed) {
        this.view = view;
        this.random = Seeds.random(seed);
        this.network = new SimNetwork<>(scheduler, Seeds.fork(random), LinkProfile.LAN);
        all.addAll(view.voters());
        all.addAll(view.committed().observers());
        for (long sid : all) {
            disks.put(sid, new SimVoter.Disk(random.nextInt(3), 0));
        }
        // Not while a configuration is proposed: its quorum could need newcomers, who are no candidates and may know
        // more.
        if (view.proposed() == null
                && view.voters().size() > 3
                && view.committed().rule() instanceof MajorityRule
                && random.nextInt(4) == 0) {
            disk(view.voters().first()).zxid = Vote.DATA_LOST;
        }
    }

    EventScheduler scheduler() {
        return scheduler;
    }

    void start(long sid) {
        if (!up.containsKey(sid)) {
            SimMesh.Manners manners = random.nextInt(3) == 0 ? SimMesh.Manners.STALE_GREETING : SimMesh.Manners.OURS;
            up.put(sid, new SimVoter(sid, this, scheduler, network, view, disk(sid), manners));
        }
    }

    void startAll() {
        all.forEach(this::start);
    }

    void crash(long sid) {
        SimVoter victim = up.remove(sid);
        if (victim != null) {
            victim.die();
            network.crash(SimMesh.host(sid));
        }
    }

    void vanish(long sid) {
        SimVoter victim = up.remove(sid);
        if (victim != null) {
            victim.die();
            network.vanish(SimMesh.host(sid));
        }
    }

    /** One more thing goes wrong, or right again. */
    void disturb() {
        long one = any();
        switch (random.nextInt(9)) {
            case 0 -> crash(one);
            case 1 -> vanish(one);
            case 2, 3 -> start(one);
            case 4, 5 -> network.reset(SimMesh.host(one), SimMesh.host(any()));
            case 6 -> partition();
            case 7 -> network.cut(SimMesh.host(one), SimMesh.host(any()));
            default -> network.heal();
        }
    }

    /** Everything works from now on, and everybody is there. */
    void heal() {
        network.heal();
        // Ends whose machine vanished in silence are found out sooner or later.
        for (long one : all) {
            for (long other : all) {
                if (one < other && random.nextInt(3) == 0) {
                    network.reset(SimMesh.host(one), SimMesh.host(other));
                }
            }
        }
        startAll();
    }

    /** Exactly one leads, and all others are in working order with it. */
    boolean isConverged() {
        Set<Long> leaders = new HashSet<>();
        int leading = 0;
        for (SimVoter voter : up.values()) {
            Long leader = voter.stableLeader();
            if (leader == null) {
                return false;
            }
            leaders.add(leader);
            leading += voter.state() == PeerState.LEADING ? 1 : 0;
        }
        return leaders.size() == 1 && leading == 1;
    }

    List<SimVoter> voters() {
        return List.copyOf(up.values());
    }

    /** Whether the others are a quorum without it. */
    boolean canSpare(long sid) {
        Set<Long> rest = new HashSet<>(up.keySet());
        rest.remove(sid);
        return view.committed().isQuorum(rest)
                && (view.proposed() == null || view.proposed().isQuorum(rest));
    }

    long nextEpoch() {
        return ++lastEpoch;
    }

    long nextTerm() {
        return ++lastTerm;
    }

    /** The server {@code leader} if {@code from} can reach it and it leads. */
    @Nullable
    SimVoter reachableLeader(long from, long leader) {
        SimVoter found = up.get(leader);
        boolean leads = found != null && found.state() == PeerState.LEADING;
        return leads && !network.isCut(SimMesh.host(from), SimMesh.host(leader)) ? found : null;
    }

    boolean follows(long sid, long leader) {
        SimVoter follower = up.get(sid);
        return follower != null
                && follower.state() == PeerState.FOLLOWING
                && follower.followedLeader() == leader
                && !network.isCut(SimMesh.host(sid), SimMesh.host(leader));
    }

    @Override
    public String toString() {
        return "at " + scheduler.nowNanos() / 1_000_000 + " ms: " + up.values();
    }

    private void partition() {
        List<Long> one = new ArrayList<>(all);
        List<Long> other = new ArrayList<>();
        one.removeIf(sid -> random.nextBoolean() && other.add(sid));
        for (long here : one) {
            for (long there : other) {
                network.cut(SimMesh.host(here), SimMesh.host(there));
            }
        }
    }

    private long any() {
        return List.copyOf(all).get(random.nextInt(all.size()));
    }

    private SimVoter.Disk disk(long sid) {
        return Objects.requireNonNull(disks.get(sid));
    }
}
