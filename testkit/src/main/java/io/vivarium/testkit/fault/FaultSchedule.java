/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.fault;

import io.vivarium.testkit.sim.EventScheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Faults that strike a cluster at moments nobody chose, each healed after a while of its own.
 *
 * <p>Everything follows from the dice. Faults overlap up to a limit; {@link #stop} heals all that are left, so a run can
 * end with the question whether everybody converges. Thread: the test's.
 */
public final class FaultSchedule {
    private static final int REMEMBERED = 64;

    /**
     * How wild it gets.
     *
     * @param meanPauseNanos mean time from one strike to the next
     * @param maxAtOnce faults that may be in force together
     * @param kinds what may strike
     * @param longestMillis none lasts longer
     */
    public record Config(long meanPauseNanos, int maxAtOnce, Set<FaultKind> kinds, long longestMillis) {
        /** Every kind, one every five seconds, four at once. */
        public static final Config ROUGH = new Config(5_000_000_000L, 4, EnumSet.allOf(FaultKind.class));

        private static final long SHORTEST_MEAN_PAUSE_MILLIS = 300;

        /** No limit but that of the kind. */
        public Config(long meanPauseNanos, int maxAtOnce, Set<FaultKind> kinds) {
            this(meanPauseNanos, maxAtOnce, kinds, Long.MAX_VALUE);
        }

        public Config {
            if (meanPauseNanos <= 0 || maxAtOnce <= 0 || kinds.isEmpty() || longestMillis <= 0) {
                throw new IllegalArgumentException("mean pause " + meanPauseNanos + " ns, at once " + maxAtOnce
                        + ", kinds " + kinds + ", longest " + longestMillis + " ms");
            }
            kinds = Set.copyOf(kinds);
        }

        /**
         * About half of the kinds, at a pace and for as long as the dice say: where every kind strikes, they keep each other
         * from getting far, and a state that needs three faults of one kind in a row is never seen.
         */
        public static Config swarm(RandomGenerator dice) {
            EnumSet<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
            while (kinds.isEmpty()) {
                for (FaultKind kind : FaultKind.values()) {
                    if (dice.nextBoolean()) {
                        kinds.add(kind);
                    }
                }
            }
            return new Config(
                    (SHORTEST_MEAN_PAUSE_MILLIS << dice.nextInt(5)) * 1_000_000,
                    2 + dice.nextInt(7),
                    kinds,
                    500L << dice.nextInt(7));
        }
    }

    private final EventScheduler scheduler;
    private final RandomGenerator dice;
    private final SimFaults world;
    private final Config config;
    private final List<FaultKind> choices = new ArrayList<>();
    private final List<Fault> inForce = new ArrayList<>();
    private final Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
    private final ArrayDeque<String> story = new ArrayDeque<>();
    private EventScheduler.@Nullable Planned next;

    public FaultSchedule(EventScheduler scheduler, RandomGenerator dice, SimFaults world, Config config) {
        this.scheduler = scheduler;
        this.dice = dice;
        this.world = world;
        this.config = config;
        // In the order of the enum: that of a set would not repeat.
        for (FaultKind kind : FaultKind.values()) {
            for (int i = 0; config.kinds().contains(kind) && i < kind.weight(); i++) {
                choices.add(kind);
            }
        }
    }

    /** Lets faults strike from now on. */
    public void start() {
        next = scheduler.after(dice.nextLong(2 * config.meanPauseNanos()), this::strikeOne);
    }

    /** No more faults, and those in force are healed, oldest first. */
    public void stop() {
        if (next != null) {
            next.cancel();
            next = null;
        }
        List.copyOf(inForce).forEach(this::heal);
    }

    /** Strikes with a fault of somebody's choice, healed like the others. */
    public void strike(Fault fault, long forNanos) {
        tell("strikes", fault);
        counts.merge(fault.kind(), 1, Integer::sum);
        inForce.add(fault);
        fault.strike(world);
        scheduler.after(forNanos, () -> heal(fault));
    }

    /** How many of each kind have struck. */
    public Map<FaultKind, Integer> counts() {
        return counts;
    }

    public List<Fault> inForce() {
        return List.copyOf(inForce);
    }

    /** The last strikes and healings, a line each. */
    public List<String> story() {
        return List.copyOf(story);
    }

    private void strikeOne() {
        if (inForce.size() < config.maxAtOnce()) {
            FaultKind kind = choices.get(dice.nextInt(choices.size()));
            Fault fault = kind.invent(world, dice);
            long forNanos = kind.durationNanos(dice, config.longestMillis());
            // The same fault twice would be healed by the first of the two.
            if (fault != null && !inForce.contains(fault)) {
                strike(fault, forNanos);
            }
        }
        start();
    }

    private void heal(Fault fault) {
        if (!inForce.remove(fault)) {
            return;
        }
        tell("is over:", fault);
        fault.heal(world);
        // A link or a server may be part of several faults; what the healing of one undid for the others stays undone.
    }

    private void tell(String what, Fault fault) {
        story.addLast(scheduler.nowNanos() / 1_000 + " us " + what + " " + fault);
        if (story.size() > REMEMBERED) {
            story.removeFirst();
        }
    }
}
