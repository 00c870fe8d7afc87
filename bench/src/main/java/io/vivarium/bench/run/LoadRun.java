/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

import io.vivarium.bench.driver.LoadDriver;
import io.vivarium.bench.load.IntervalSample;
import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.RequestSource;
import io.vivarium.bench.report.LatencySummary;
import io.vivarium.bench.report.RunResult;
import io.vivarium.bench.report.TimePoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one job on a driver and measures it second by second.
 *
 * <p>Processor time is read right beside the exchange of histograms, so operations and cost belong to the same stretch of
 * time. Thread: the caller's; blocks for as long as the run takes.
 */
public final class LoadRun {
    private static final long TICK_NANOS = 1_000_000_000L;
    private static final long DRAIN_NANOS = 30_000_000_000L;

    private final LoadDriver driver;
    private final List<String> servers;
    private final CpuMeter serverCpu;
    private final CpuMeter clientCpu;
    private final Consumer<String> progress;

    public LoadRun(
            LoadDriver driver,
            List<String> servers,
            CpuMeter serverCpu,
            CpuMeter clientCpu,
            Consumer<String> progress) {
        this.driver = driver;
        this.servers = List.copyOf(servers);
        this.serverCpu = serverCpu;
        this.clientCpu = clientCpu;
        this.progress = progress;
    }

    /** Warms up, measures for as long as the spec says, and stops. */
    public RunResult steady(String name, String title, RequestSource.Factory factory, LoadSpec spec)
            throws InterruptedException {
        driver.start(factory, spec.ratePerSecond());
        runFor(spec.warmupSeconds(), "warm-up " + name, new Timeline());
        Timeline line = new Timeline();
        runFor(spec.seconds(), name, line);
        IntervalSample waiting = spec.ratePerSecond() == 0 ? IntervalSample.empty() : driver.waiting();
        RunResult result = line.result(name, title, spec, waiting);
        drain(name);
        return result;
    }

    /** Runs a job that ends by itself, and measures all of it. */
    public RunResult toEnd(String name, String title, RequestSource.Factory factory, LoadSpec spec)
            throws IOException, InterruptedException {
        Timeline line = new Timeline();
        driver.start(factory, 0);
        long next = line.startNanos + TICK_NANOS;
        Patience patience = new Patience(name);
        while (!driver.awaitDone(next - System.nanoTime())) {
            long before = line.answers();
            progress.accept(line.tick(name));
            patience.tick(line.answers() - before);
            next += TICK_NANOS;
        }
        progress.accept(line.tick(name));
        return line.result(name, title, spec, IntervalSample.empty());
    }

    /**
     * Waits without a job of its own until the sessions have heard enough.
     *
     * @param trigger lets the notifications come; it runs once measuring has begun, so that none is missed
     * @param enough notifications of all sessions together
     * @param timeoutSeconds after which it gives up and returns what it has
     */
    public RunResult listen(String name, String title, LoadSpec spec, Runnable trigger, long enough, int timeoutSeconds)
            throws InterruptedException {
        Timeline line = new Timeline();
        trigger.run();
        long deadline = line.startNanos + timeoutSeconds * TICK_NANOS;
        long next = line.startNanos;
        while (System.nanoTime() - deadline < 0) {
            next += TICK_NANOS / 50;
            LockSupport.parkNanos(next - System.nanoTime());
            if (Thread.interrupted()) {
                throw new InterruptedException("while waiting for notifications");
            }
            line.tick(name);
            if (line.total.notifications() >= enough) {
                break;
            }
        }
        progress.accept(name + ": " + line.total.notifications() + " notifications");
        return line.result(name, title, spec, IntervalSample.empty());
    }

    private void runFor(int seconds, String label, Timeline line) throws InterruptedException {
        for (int i = 1; i <= seconds; i++) {
            driver.awaitDone(line.startNanos + i * TICK_NANOS - System.nanoTime());
            progress.accept(line.tick(label));
        }
    }

    private void drain(String name) throws InterruptedException {
        if (!driver.stop(DRAIN_NANOS)) {
            throw new IllegalStateException(
                    name + ": replies still missing " + DRAIN_NANOS / TICK_NANOS + " s after the load ended");
        }
    }

    /** Collects intervals from its making on. */
    private final class Timeline {
        final long startNanos;
        private final long startServerCpu;
        private final long startClientCpu;
        private final List<TimePoint> points = new ArrayList<>();
        IntervalSample total = IntervalSample.empty();
        private long lastNanos;
        private long lastServerCpu;
        private long lastClientCpu;

        Timeline() {
            driver.rotate();
            startServerCpu = serverCpu.cpuNanos();
            startClientCpu = clientCpu.cpuNanos();
            startNanos = System.nanoTime();
            lastNanos = startNanos;
        }

        String tick(String label) {
            IntervalSample sample = driver.rotate();
            lastServerCpu = serverCpu.cpuNanos();
            lastClientCpu = clientCpu.cpuNanos();
            long now = System.nanoTime();
            TimePoint point = TimePoint.of(sample, now - startNanos, now - lastNanos);
            lastNanos = now;
            points.add(point);
            total = total.plus(sample);
            return Progress.line(label, point, sample);
        }

        /** A refusal is an answer, too. */
        long answers() {
            return total.operations() + total.errorCount();
        }

        RunResult result(String name, String title, LoadSpec spec, IntervalSample waiting) {
            IntervalSample latencies = total.plus(waiting);
            double seconds = (lastNanos - startNanos) / 1e9;
            return new RunResult(
                    name,
                    title,
                    servers,
                    spec,
                    seconds,
                    total.operations(),
                    waiting.operations(),
                    total.operations() / Math.max(1e-9, seconds),
                    LatencySummary.of(latencies.all()),
                    LatencySummary.of(latencies.reads()),
                    LatencySummary.of(latencies.writes()),
                    total.longestGapNanos() / 1e6,
                    total.errors(),
                    total.notifications(),
                    perOperation(startServerCpu, lastServerCpu),
                    perOperation(startClientCpu, lastClientCpu),
                    points);
        }

        private @Nullable Double perOperation(long from, long to) {
            return from < 0 || to < 0 || total.operations() == 0 ? null : (to - from) / 1e3 / total.operations();
        }
    }
}
