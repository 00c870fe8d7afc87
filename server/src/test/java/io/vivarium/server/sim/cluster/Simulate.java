/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vivarium.testkit.fault.FaultKind;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.LoggerFactory;

/**
 * Runs clusters, seed after seed, for so many simulated minutes; {@code bin/simulate} starts it.
 *
 * <p>Each seed is one cluster of ten minutes under faults, or of what is left. The first failure ends it.
 */
public final class Simulate {
    private static final long MINUTES_EACH = 10;
    private static final String HELP = String.join(
            System.lineSeparator(),
            "usage: simulate [--minutes N] [--seed S] [--servers N]",
            "",
            "Runs simulated ensembles under faults and checks everything clients see and servers have.",
            "",
            "  --minutes N  simulated minutes in all (default 100); a seed has up to 10 of them",
            "  --seed S     the first seed; the next ones are S+1, S+2, ... (default: by chance)",
            "  --servers N  voters, 1 to 7 (default: as each seed has it, with observers now and then)",
            "  --trace      what the servers log, at level info",
            "  --help       this",
            "",
            "Exit status: 0 all is well, 1 a check failed, 2 these arguments make no sense.",
            "docs/internals/simulation.md tells how to read a failure.");

    private final PrintStream out;
    private final Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);
    private long answered;
    private long committed;
    private long reigns;
    private long events;
    private long simulatedNanos;
    private long seeds;

    private Simulate(PrintStream out) {
        this.out = out;
    }

    /** What the command line asks for. */
    private record Order(long minutes, long seed, int servers, Level level) {
        static Order parse(List<String> args) {
            long minutes = 100;
            long seed = ThreadLocalRandom.current().nextLong(1, 1L << 40);
            int servers = 0;
            Level level = Level.OFF;
            for (int i = 0; i < args.size(); i++) {
                String key = args.get(i);
                if (key.equals("--trace")) {
                    level = Level.INFO;
                    continue;
                }
                if (i + 1 == args.size()) {
                    throw new IllegalArgumentException(key + " is unknown, or wants a number behind it");
                }
                long number = Long.parseLong(args.get(++i));
                switch (key) {
                    case "--minutes":
                        minutes = number;
                        break;
                    case "--seed":
                        seed = number;
                        break;
                    case "--servers":
                        servers = Math.toIntExact(number);
                        break;
                    default:
                        throw new IllegalArgumentException("unknown option " + key);
                }
            }
            if (minutes < 1 || servers < 0 || servers > 7) {
                throw new IllegalArgumentException(
                        "minutes " + minutes + " (at least 1), servers " + servers + " (1 to 7)");
            }
            return new Order(minutes, seed, servers, level);
        }
    }

    public static void main(String[] args) {
        if (List.of(args).contains("--help")) {
            System.out.println(HELP);
            return;
        }
        Order order;
        try {
            order = Order.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("simulate: " + e.getMessage());
            System.err.println(HELP);
            System.exit(2);
            return;
        }
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(order.level());
        System.exit(new Simulate(System.out).run(order) ? 0 : 1);
    }

    private boolean run(Order order) {
        long began = System.nanoTime();
        long left = order.minutes();
        for (long seed = order.seed(); left > 0; seed++) {
            long minutes = Math.min(MINUTES_EACH, left);
            ClusterRun run = new ClusterRun(seed, ClusterRun.shapeOf(seed, order.servers()));
            try {
                run.run(minutes * ClusterRun.MINUTE);
            } catch (AssertionError | RuntimeException e) {
                e.printStackTrace(out);
                run.faults().story().forEach(out::println);
                run.cluster().machines().forEach(machine -> out.println(machine.member));
                out.println(Failure.line(seed, minutes, order.servers()));
                return false;
            }
            left -= minutes;
            add(run);
            out.println(progress(order, left, began));
        }
        out.println(result(began));
        return true;
    }

    private void add(ClusterRun run) {
        SimCluster cluster = run.cluster();
        seeds++;
        simulatedNanos += cluster.scheduler.nowNanos();
        answered += cluster.checks.answered();
        committed += cluster.checks.history().size();
        reigns += cluster.reigns();
        events += cluster.scheduler.executed();
        run.faults().counts().forEach((kind, count) -> faults.merge(kind, count, Integer::sum));
    }

    private String progress(Order order, long left, long began) {
        return String.format(
                "%d of %d minutes, %d operations, %d faults, %d leaders, %.0f simulated minutes a minute",
                order.minutes() - left,
                order.minutes(),
                answered,
                faults.values().stream().mapToInt(Integer::intValue).sum(),
                reigns,
                speed(began));
    }

    private String result(long began) {
        return String.format(
                "seeds %d, simulated minutes %.0f, simulated minutes a minute %.0f (of this thread's time %.0f), operations %d, transactions %d,"
                        + " leaders %d, events %d, faults %s",
                seeds,
                simulatedNanos / (double) ClusterRun.MINUTE,
                speed(began),
                speedOfCore(),
                answered,
                committed,
                reigns,
                events,
                faults);
    }

    private double speed(long began) {
        return (double) simulatedNanos / (System.nanoTime() - began);
    }

    /** The same for a core that has nothing else to do. */
    private double speedOfCore() {
        return (double) simulatedNanos / ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
