/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

import io.vivarium.bench.driver.LoadDriver;
import io.vivarium.bench.load.IntervalSample;
import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.process.ServerGroup;
import io.vivarium.bench.report.LatencySummary;
import io.vivarium.bench.report.Metric;
import io.vivarium.bench.run.Hiccups;
import io.vivarium.bench.run.WorkloadRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * S2: writes go on until the server has taken a snapshot of its own accord; the time just before it and just behind it is what
 * it is compared with, for over longer times the machine itself gets faster and slower.
 *
 * <pre>
 * [a snapshot that was there already] quiet ... quiet | grows ... grows | quiet ... quiet
 *                                           <- as long as ->             <- as the snapshot, together ->
 * </pre>
 *
 * <p>An interval counts as busy if the snapshot files grew in it; that is visible from outside of any server that keeps
 * them under their usual names. Thread: the caller's; blocks.
 */
final class SnapshotUnderLoad {
    private static final long TICK_NANOS = 250_000_000;
    /** On either side; as much as half of the snapshot, where that is longer. */
    private static final long LEAST_QUIET_NANOS = 4_000_000_000L;

    private static final int MOST_TICKS_BEFORE = 80;
    private static final long GIVE_UP_NANOS = 240_000_000_000L;
    private static final long DRAIN_NANOS = 30_000_000_000L;
    /** A file that is finished is synced and renamed without growing. */
    private static final int TICKS_BEHIND_GROWTH = 4;

    private final Bench bench;
    private final ServerGroup servers;
    private final Sum quiet = new Sum();
    private final Sum busy = new Sum();
    /** Of all snapshot files at the last look. */
    private long bytes;
    /** Ticks that still belong to a snapshot if it does not grow again. */
    private int growing;

    SnapshotUnderLoad(Bench bench, ServerGroup servers) {
        this.bench = bench;
        this.servers = servers;
    }

    List<Metric.Value> run(LoadSpec shape) throws IOException, InterruptedException {
        try (LoadDriver driver = bench.runner(servers).open(shape.sessions(), shape.depth());
                Hiccups hiccups = Hiccups.start()) {
            driver.start(WorkloadRunner.mix(shape), shape.ratePerSecond());
            long start = System.nanoTime() + shape.warmupSeconds() * 1_000_000_000L;
            driver.awaitDone(start - System.nanoTime());
            driver.rotate();
            hiccups.takeLongest();
            observe(driver, hiccups, start);
            if (!driver.stop(DRAIN_NANOS)) {
                throw new IOException(
                        "S2: replies still missing " + DRAIN_NANOS / 1_000_000_000 + " s after the load ended");
            }
        }
        LatencySummary calm = LatencySummary.of(quiet.sample.writes());
        LatencySummary disturbed = LatencySummary.of(busy.sample.writes());
        return List.of(
                Metric.lower("S2", "longest pause in a snapshot", "ms", busy.sample.longestGapNanos() / 1e6),
                Metric.lower("S2", "longest pause when quiet", "ms", quiet.sample.longestGapNanos() / 1e6),
                // What the machine does of its own accord.
                Metric.lower("S2", "longest hiccup of the machine in a snapshot", "ms", busy.hiccupNanos / 1e6),
                Metric.lower("S2", "longest hiccup of the machine when quiet", "ms", quiet.hiccupNanos / 1e6),
                Metric.lower("S2", "p99.9 in a snapshot", "ms", disturbed.p999Micros() / 1e3),
                Metric.lower(
                        "S2",
                        "slowest write in a snapshot",
                        "ms",
                        busy.sample.writes().getMaxValue() / 1e6),
                Metric.lower("S2", "quiet p99.9", "ms", calm.p999Micros() / 1e3),
                Metric.lower("S2", "errors", "count", (double) (busy.sample.errorCount() + quiet.sample.errorCount())),
                Metric.higher("S2", "quiet throughput", "ops/s", quiet.perSecond()),
                Metric.higher("S2", "throughput kept in a snapshot", "of quiet", busy.perSecond() / quiet.perSecond()));
    }

    /** Ends behind a whole snapshot with quiet time on both sides; fails if none comes. */
    private void observe(LoadDriver driver, Hiccups hiccups, long start) throws IOException, InterruptedException {
        Deque<Tick> before = new ArrayDeque<>();
        Sum behind = new Sum();
        bytes = snapshotBytes();
        // A snapshot may be under way; without the quiet time before it, it does not count.
        growing = TICKS_BEHIND_GROWTH;
        long last = start;
        long wanted = LEAST_QUIET_NANOS;
        while (behind.nanos < wanted) {
            driver.awaitDone(TICK_NANOS);
            IntervalSample sample = driver.rotate();
            long now = System.nanoTime();
            if (now - start > GIVE_UP_NANOS) {
                throw new IOException("S2: no snapshot with quiet time on both sides within "
                        + GIVE_UP_NANOS / 1_000_000_000 + " s of writes; a greater snapCount makes room between them");
            }
            Tick tick = new Tick(sample, now - last, hiccups.takeLongest());
            last = now;
            if (!isGrowing()) {
                if (busy.nanos == 0) {
                    before.addLast(tick);
                    if (before.size() > MOST_TICKS_BEFORE) {
                        before.removeFirst();
                    }
                } else {
                    behind.add(tick);
                }
            } else if (behind.nanos > 0) {
                // The next one already.
                break;
            } else if (!before.isEmpty()) {
                busy.add(tick);
                wanted = Math.max(LEAST_QUIET_NANOS, busy.nanos / 2);
            }
        }
        while (quiet.nanos < behind.nanos && !before.isEmpty()) {
            quiet.add(before.removeLast());
        }
        quiet.add(behind);
        bench.progress()
                .accept(String.format(
                        "S2: a snapshot of %.1f s and %.1f s of quiet around it", busy.nanos / 1e9, quiet.nanos / 1e9));
    }

    /** Whether a snapshot is being written, by the size of the files. */
    private boolean isGrowing() throws IOException {
        long now = snapshotBytes();
        boolean grows = now > bytes;
        bytes = Math.max(bytes, now);
        boolean counts = grows || growing > 0;
        growing = grows ? TICKS_BEHIND_GROWTH : Math.max(0, growing - 1);
        return counts;
    }

    /** Bytes of all snapshot files; purging is off, so it only grows. */
    private long snapshotBytes() throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.list(servers.snapshots())) {
            for (Path file : files.toList()) {
                if (String.valueOf(file.getFileName()).contains("snapshot")) {
                    sum += size(file);
                }
            }
        }
        return sum;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            // A temporary name that was just replaced by the final one.
            return 0;
        }
    }

    private record Tick(IntervalSample sample, long nanos, long hiccupNanos) {}

    /** Intervals of one sort. */
    private static final class Sum {
        IntervalSample sample = IntervalSample.empty();
        long nanos;
        long hiccupNanos;

        void add(Tick tick) {
            sample = sample.plus(tick.sample);
            nanos += tick.nanos;
            hiccupNanos = Math.max(hiccupNanos, tick.hiccupNanos);
        }

        void add(Sum more) {
            add(new Tick(more.sample, more.nanos, more.hiccupNanos));
        }

        double perSecond() {
            return nanos == 0 ? 0 : sample.operations() * 1e9 / nanos;
        }
    }
}
