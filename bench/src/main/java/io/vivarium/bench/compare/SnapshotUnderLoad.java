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
import java.util.List;
import java.util.stream.Stream;

/**
 * S2: writes go on until the server has taken a snapshot of its own accord, and there was quiet time to compare with.
 *
 * <p>An interval counts as busy if the snapshot files grew in it; that is visible from outside of any server that keeps
 * them under their usual names. Thread: the caller's; blocks.
 */
final class SnapshotUnderLoad {
    private static final long TICK_NANOS = 250_000_000;
    private static final long QUIET_NANOS = 8_000_000_000L;
    private static final long GIVE_UP_NANOS = 240_000_000_000L;
    private static final long DRAIN_NANOS = 30_000_000_000L;
    /** A file that is finished is synced and renamed without growing. */
    private static final int TICKS_BEHIND_GROWTH = 4;

    private final Bench bench;
    private final ServerGroup servers;
    private final Sum quiet = new Sum();
    private final Sum busy = new Sum();
    private int snapshots;

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
        bench.progress().accept("S2: " + snapshots + " snapshots");
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

    /** Ends after a whole snapshot and enough quiet time; fails if none comes. */
    private void observe(LoadDriver driver, Hiccups hiccups, long start) throws IOException, InterruptedException {
        long last = start;
        long bytes = snapshotBytes();
        int growing = 0;
        while (snapshots == 0 || growing > 0 || quiet.nanos < QUIET_NANOS) {
            driver.awaitDone(TICK_NANOS);
            IntervalSample sample = driver.rotate();
            long now = System.nanoTime();
            long nowBytes = snapshotBytes();
            boolean grows = nowBytes > bytes;
            (grows || growing > 0 ? busy : quiet).add(sample, now - last, hiccups.takeLongest());
            if (growing == 1 && !grows) {
                snapshots++;
                bench.progress().accept("S2: a snapshot ended after " + (now - start) / 1_000_000_000 + " s of load");
            }
            growing = grows ? TICKS_BEHIND_GROWTH : Math.max(0, growing - 1);
            bytes = Math.max(bytes, nowBytes);
            last = now;
            if (now - start > GIVE_UP_NANOS) {
                if (snapshots > 0 && quiet.nanos > 0) {
                    return;
                }
                throw new IOException("S2: " + snapshots + " snapshots and " + quiet.nanos / 1_000_000
                        + " ms without one in " + GIVE_UP_NANOS / 1_000_000_000 + " s of writes");
            }
        }
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

    /** Intervals of one sort. */
    private static final class Sum {
        IntervalSample sample = IntervalSample.empty();
        long nanos;
        long hiccupNanos;

        void add(IntervalSample more, long time, long hiccup) {
            sample = sample.plus(more);
            nanos += time;
            hiccupNanos = Math.max(hiccupNanos, hiccup);
        }

        double perSecond() {
            return nanos == 0 ? 0 : sample.operations() * 1e9 / nanos;
        }
    }
}
