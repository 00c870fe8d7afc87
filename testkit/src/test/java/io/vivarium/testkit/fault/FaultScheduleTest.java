/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.sim.EventScheduler;
import io.vivarium.testkit.sim.Seeds;
import io.vivarium.testkit.sim.VirtualTime;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
    private static final long MINUTE = 60_000_000_000L;

    private final BreakableWorld world = new BreakableWorld();
    private final EventScheduler scheduler = new EventScheduler(new VirtualTime(), () -> {});

    private FaultSchedule schedule(long seed, FaultSchedule.Config config) {
        return new FaultSchedule(scheduler, Seeds.random(seed), world, config);
    }

    @Test
    void everyKindStrikesAndWhatStruckIsHealed() {
        FaultSchedule schedule = schedule(7, FaultSchedule.Config.ROUGH);
        schedule.start();
        scheduler.runFor(60 * MINUTE);
        assertThat(schedule.counts()).containsOnlyKeys(FaultKind.values());
        assertThat(schedule.inForce().size()).isLessThanOrEqualTo(4);
        schedule.stop();
        scheduler.runFor(10 * MINUTE);
        assertThat(schedule.inForce()).isEmpty();
        assertThat(world.ailments()).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameFaults() {
        FaultSchedule first = schedule(11, FaultSchedule.Config.ROUGH);
        first.start();
        scheduler.runFor(10 * MINUTE);
        EventScheduler other = new EventScheduler(new VirtualTime(), () -> {});
        FaultSchedule second =
                new FaultSchedule(other, Seeds.random(11), new BreakableWorld(), FaultSchedule.Config.ROUGH);
        second.start();
        other.runFor(10 * MINUTE);
        assertThat(second.story()).isNotEmpty().isEqualTo(first.story());
    }

    @Test
    void onlyTheKindsAskedForStrike() {
        FaultSchedule schedule =
                schedule(3, new FaultSchedule.Config(1_000_000_000L, 2, EnumSet.of(FaultKind.CRASH, FaultKind.PAUSE)));
        schedule.start();
        scheduler.runFor(20 * MINUTE);
        assertThat(schedule.counts()).containsOnlyKeys(FaultKind.CRASH, FaultKind.PAUSE);
    }

    @Test
    void aSwarmHasSomeKindsAtAPaceOfItsOwn() {
        Set<FaultSchedule.Config> configs = new HashSet<>();
        for (long seed = 1; seed <= 50; seed++) {
            FaultSchedule.Config config = FaultSchedule.Config.swarm(Seeds.random(seed));
            assertThat(config).as("seed %d", seed).isEqualTo(FaultSchedule.Config.swarm(Seeds.random(seed)));
            assertThat(config.kinds()).as("seed %d", seed).isNotEmpty();
            configs.add(config);
        }
        assertThat(configs).hasSizeGreaterThan(40);
    }

    @Test
    void noFaultLastsLongerThanTheLongest() {
        RandomGenerator dice = Seeds.random(5);
        for (int i = 0; i < 1_000; i++) {
            assertThat(FaultKind.PAUSE.durationNanos(dice, 60)).isBetween(50_000_000L, 60_000_000L);
            assertThat(FaultKind.PAUSE.durationNanos(dice, 1)).isEqualTo(50_000_000);
        }
    }

    @Test
    void theLeaderIsStruckMoreOftenThanOthers() {
        int[] struck = new int[2];
        RandomGenerator dice = Seeds.random(9);
        for (int i = 0; i < 1_000; i++) {
            struck[new Fault.Crash("s3").equals(FaultKind.CRASH.invent(world, dice)) ? 0 : 1]++;
        }
        assertThat(struck[0]).isBetween(400, 600);
    }

    @Test
    void aPartitionCutsAcrossGroupsAndNotWithin() {
        Fault fault = new Fault.Partition(List.of(List.of("s1", "s2"), List.of("s3")));
        fault.strike(world);
        assertThat(world.ailments()).containsExactlyInAnyOrder("cut s1>s3", "cut s3>s1", "cut s2>s3", "cut s3>s2");
        fault.heal(world);
        assertThat(world.ailments()).isEmpty();
    }

    @Test
    void aFaultThatIsStruckByHandEndsByItself() {
        FaultSchedule schedule = schedule(1, FaultSchedule.Config.ROUGH);
        schedule.strike(new Fault.Crash("s2"), 5_000);
        assertThat(world.isUp("s2")).isFalse();
        scheduler.runFor(5_000);
        assertThat(world.isUp("s2")).isTrue();
    }
}
