/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.fault;

import io.vivarium.testkit.fault.SimFaults.Loss;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The kinds of faults: how often each is chosen, how long it usually lasts, and how one is made up. */
public enum FaultKind {
    CUT_LINK(Fault.CutLink.class, 10, 200, 20_000),
    CUT_ONE_WAY(Fault.CutOneWay.class, 8, 200, 20_000),
    PARTITION(Fault.Partition.class, 8, 500, 30_000),
    RESET_LINK(Fault.ResetLink.class, 12, 0, 0),
    SLOW_LINK(Fault.SlowLink.class, 8, 200, 20_000),
    CRASH(Fault.Crash.class, 14, 10, 30_000),
    CRASH_TOGETHER(Fault.CrashTogether.class, 3, 10, 10_000),
    POWER_LOSS(Fault.PowerLoss.class, 8, 100, 30_000),
    PAUSE(Fault.Pause.class, 6, 50, 40_000),
    CLOCK_JUMP(Fault.ClockJump.class, 3, 100, 60_000),
    SLOW_DISK(Fault.SlowDisk.class, 5, 500, 20_000),
    FAILING_DISK(Fault.FailingDisk.class, 4, 100, 20_000),
    CORRUPT_SECTOR(Fault.CorruptSector.class, 2, 100, 20_000),
    LOSE_HISTORY(Fault.LoseHistory.class, 1, 100, 20_000);

    private static final long MILLI = 1_000_000;
    /** More than what one record, one snapshot or one epoch takes of a disk. */
    private static final int MAX_OPERATIONS = 16;

    private final Class<? extends Fault> type;
    private final int weight;
    private final long minMillis;
    private final long maxMillis;

    FaultKind(Class<? extends Fault> type, int weight, long minMillis, long maxMillis) {
        this.type = type;
        this.weight = weight;
        this.minMillis = minMillis;
        this.maxMillis = maxMillis;
    }

    /** How often it is chosen, beside the weights of the others. */
    public int weight() {
        return weight;
    }

    static FaultKind of(Fault fault) {
        for (FaultKind kind : values()) {
            if (kind.type.isInstance(fault)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(fault + " is of no kind");
    }

    /**
     * Short ones are as likely as long ones on a logarithmic scale: both find bugs, and different ones.
     *
     * @param longestMillis none is longer, unless its kind is never as short
     */
    long durationNanos(RandomGenerator dice, long longestMillis) {
        if (maxMillis == 0) {
            return 0;
        }
        double span = Math.log((double) Math.max(minMillis, Math.min(maxMillis, longestMillis)) / minMillis);
        return ((long) (minMillis * Math.exp(dice.nextDouble() * span))) * MILLI;
    }

    /** One of this kind; null if this cluster is too small for it. */
    @Nullable
    Fault invent(SimFaults world, RandomGenerator dice) {
        List<String> servers = world.servers();
        String server = pickServer(world, dice);
        String peer = pickOther(world, server, dice);
        if (peer == null && (this == CUT_LINK || this == CUT_ONE_WAY || this == RESET_LINK || this == SLOW_LINK)) {
            return null;
        }
        switch (this) {
            case CUT_LINK:
                return new Fault.CutLink(server, required(peer));
            case CUT_ONE_WAY:
                return dice.nextBoolean()
                        ? new Fault.CutOneWay(server, required(peer))
                        : new Fault.CutOneWay(required(peer), server);
            case PARTITION:
                return servers.size() < 2 ? null : partition(world, dice);
            case RESET_LINK:
                return new Fault.ResetLink(server, required(peer));
            case SLOW_LINK:
                return new Fault.SlowLink(server, required(peer), dice.nextLong(MILLI, 2_000 * MILLI));
            case CRASH:
                return new Fault.Crash(server);
            case CRASH_TOGETHER:
                return servers.size() < 2 ? null : new Fault.CrashTogether(several(servers, dice));
            case POWER_LOSS:
                return new Fault.PowerLoss(
                        struck(server, servers, dice), dice.nextBoolean() ? Loss.TAIL : Loss.SECTORS);
            case PAUSE:
                return new Fault.Pause(server);
            case CLOCK_JUMP:
                return new Fault.ClockJump(server, dice.nextLong(-3_600_000, 3_600_000) * MILLI);
            case SLOW_DISK:
                return new Fault.SlowDisk(server, dice.nextLong(5, 3_000) * MILLI);
            case FAILING_DISK:
                return new Fault.FailingDisk(server, dice.nextInt(MAX_OPERATIONS));
            case CORRUPT_SECTOR:
                return new Fault.CorruptSector(server);
            case LOSE_HISTORY:
                return new Fault.LoseHistory(server);
        }
        throw new IllegalStateException("no fault of kind " + this);
    }

    /** Mostly one machine; often the whole rack or a part of it, which is when only the disks can save what was promised. */
    private static List<String> struck(String server, List<String> servers, RandomGenerator dice) {
        switch (dice.nextInt(4)) {
            case 0:
                return List.copyOf(servers);
            case 1:
                return several(servers, dice);
            default:
                return List.of(server);
        }
    }

    /** At least half of them, the whole lot now and then. */
    private static List<String> several(List<String> servers, RandomGenerator dice) {
        List<String> some = new ArrayList<>(servers);
        Collections.shuffle(some, new Random(dice.nextLong()));
        return List.copyOf(some.subList(0, dice.nextInt(servers.size() / 2, servers.size()) + 1));
    }

    /** Servers into two groups, neither of them empty; each client goes with one. */
    private static Fault partition(SimFaults world, RandomGenerator dice) {
        List<String> servers = new ArrayList<>(world.servers());
        Collections.shuffle(servers, new Random(dice.nextLong()));
        int first = dice.nextInt(1, servers.size());
        List<String> one = new ArrayList<>(servers.subList(0, first));
        List<String> other = new ArrayList<>(servers.subList(first, servers.size()));
        for (String client : world.clients()) {
            (dice.nextBoolean() ? one : other).add(client);
        }
        return new Fault.Partition(List.of(List.copyOf(one), List.copyOf(other)));
    }

    /** Any of them, and the leader more often than the others. */
    private static String pickServer(SimFaults world, RandomGenerator dice) {
        String any = pick(world.servers(), dice);
        return dice.nextInt(4) == 0 ? world.leader().orElse(any) : any;
    }

    private static String pick(List<String> names, RandomGenerator dice) {
        return names.get(dice.nextInt(names.size()));
    }

    /** Another server mostly, a client now and then. */
    private static @Nullable String pickOther(SimFaults world, String server, RandomGenerator dice) {
        List<String> candidates = new ArrayList<>(world.servers());
        candidates.remove(server);
        if (candidates.isEmpty() || dice.nextInt(4) == 0) {
            candidates = world.clients();
        }
        return candidates.isEmpty() ? null : pick(candidates, dice);
    }

    private static String required(@Nullable String name) {
        if (name == null) {
            throw new IllegalStateException("a link needs two ends");
        }
        return name;
    }
}
