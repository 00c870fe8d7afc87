/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.election.core.VotingView;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.vote.PeerState;
import io.vivarium.testkit.sim.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Elections under faults, from a seed: crashes, silent deaths, restarts with a new clock, lost links and last messages,
 * partitions, stale greetings. S2 to S7 are checked at every event, L1 and L2 after the faults (spec election 7.1).
 * Repeat one run with {@code -Dseed=N}.
 */
class ElectionSimulationTest {
    private static final long SECOND = 1_000_000_000L;

    static LongStream seeds() {
        return Seeds.of(250, 25);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void faultsBreakNoRuleAndWhenTheyEndEverybodyAgrees(long seed) {
        RandomGenerator random = Seeds.random(seed ^ 0x5eed);
        SimEnsemble ensemble = new SimEnsemble(view(random), seed);
        try {
            ensemble.startAll();
            suffer(ensemble, random);
            ensemble.heal();
            requireConvergence("L1", ensemble, 30 * SECOND);
            ensemble.scheduler().runFor(SECOND);
            requireConvergence("L1, lasting", ensemble, 0);
            restartOne(ensemble);
        } catch (AssertionError failed) {
            throw new AssertionError(
                    failed.getMessage() + "\n" + ensemble + "\nrepeat: mvn -pl election -am test"
                            + " -Dtest=ElectionSimulationTest -Dsurefire.failIfNoSpecifiedTests=false -Dseed=" + seed,
                    failed);
        }
    }

    private static void suffer(SimEnsemble ensemble, RandomGenerator random) {
        int faults = random.nextInt(40);
        for (int i = 0; i < faults; i++) {
            ensemble.scheduler().runFor(random.nextLong(random.nextBoolean() ? SECOND / 20 : 2 * SECOND));
            ensemble.disturb();
        }
    }

    /** L2: whoever comes back joins, and the others do not notice. */
    private static void restartOne(SimEnsemble ensemble) {
        long leader = ensemble.voters().get(0).followedLeader();
        Optional<Long> spare = ensemble.voters().stream()
                .map(SimVoter::self)
                .filter(sid -> sid != leader && ensemble.canSpare(sid))
                .findFirst();
        if (spare.isPresent()) {
            ensemble.crash(spare.get());
            ensemble.scheduler().runFor(SECOND);
            ensemble.start(spare.get());
            requireConvergence("L2", ensemble, 5 * SECOND);
            assertThat(ensemble.voters().get(0).followedLeader())
                    .as("L2, the leader all the time")
                    .isEqualTo(leader);
        }
    }

    private static void requireConvergence(String rule, SimEnsemble ensemble, long withinNanos) {
        assertThat(ensemble.scheduler().runUntil(ensemble::isConverged, withinNanos))
                .as(rule)
                .isTrue();
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertThat(story(7)).isEqualTo(story(7));
    }

    @Test
    void withoutFaultsThreeServersHaveALeaderInAFewRoundTrips() {
        SimEnsemble ensemble = new SimEnsemble(VotingView.of(majority(3, 0, 0)), 1);
        ensemble.startAll();
        assertThat(ensemble.scheduler()
                        .runUntil(
                                () -> ensemble.voters().stream().allMatch(voter -> voter.state() != PeerState.LOOKING),
                                SECOND))
                .isTrue();
        assertThat(ensemble.scheduler().nowNanos()).isLessThan(SECOND / 10);
    }

    private static List<String> story(long seed) {
        SimEnsemble ensemble = new SimEnsemble(VotingView.of(majority(5, 1, 0)), seed);
        List<String> story = new ArrayList<>();
        ensemble.startAll();
        for (int i = 0; i < 30; i++) {
            ensemble.scheduler().runFor(SECOND / 4);
            ensemble.disturb();
            story.add(ensemble + " after " + ensemble.scheduler().executed());
        }
        return story;
    }

    private static VotingView view(RandomGenerator random) {
        int observers = random.nextInt(3);
        return switch (random.nextInt(6)) {
            case 0 -> VotingView.of(hierarchy());
            case 1 -> new VotingView(majority(3, observers, 0), majority(5, 0, 9));
            default -> VotingView.of(majority(1 + random.nextInt(7), observers, 0));
        };
    }

    /** Voters from 2 on; observers have ids below and above them. */
    private static Ensemble majority(int voters, int observers, long version) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < voters; i++) {
            text.append(server(2 + i, "participant"));
        }
        for (int i = 0; i < observers; i++) {
            text.append(server(i == 0 ? 1 : 20, "observer"));
        }
        return Ensemble.parse(text + "version=" + Long.toHexString(version));
    }

    private static Ensemble hierarchy() {
        StringBuilder text = new StringBuilder();
        for (long sid = 1; sid <= 9; sid++) {
            text.append(server(sid, "participant"));
        }
        return Ensemble.parse(text + "group.1=1:2:3\ngroup.2=4:5:6\ngroup.3=7:8:9\nweight.7=0\nweight.8=0\nweight.9=0\n"
                + "weight.3=0\nversion=0");
    }

    private static String server(long sid, String role) {
        return "server." + sid + "=zoo" + sid + ":2888:3888:" + role + "\n";
    }
}
