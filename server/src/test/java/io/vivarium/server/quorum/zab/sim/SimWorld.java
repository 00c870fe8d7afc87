/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab.sim;

import io.vivarium.testkit.sim.EventScheduler;
import io.vivarium.testkit.sim.Seeds;
import io.vivarium.testkit.sim.VirtualTime;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;

/** Virtual time and the one source of chance: the same seed gives the same run. */
final class SimWorld {
    private static final int TRACE_LINES = 400;

    final RandomGenerator dice;
    private final EventScheduler scheduler = new EventScheduler(new VirtualTime(), () -> {});
    private final ArrayDeque<String> trace = new ArrayDeque<>();
    private final boolean tracing;

    private SimWorld(long seed, boolean tracing) {
        this.dice = Seeds.random(seed);
        this.tracing = tracing;
    }

    static SimWorld silent(long seed) {
        return new SimWorld(seed, false);
    }

    /** The same run, with its last steps written down. */
    static SimWorld traced(long seed) {
        return new SimWorld(seed, true);
    }

    boolean isTracing() {
        return tracing;
    }

    long nowNanos() {
        return scheduler.nowNanos();
    }

    void after(long micros, Runnable what) {
        scheduler.after(micros * 1_000, what);
    }

    /** Some time within the bounds, microseconds. */
    long between(long lowMicros, long highMicros) {
        return dice.nextLong(lowMicros, highMicros + 1);
    }

    boolean chance(double probability) {
        return dice.nextDouble() < probability;
    }

    /** Runs until so many virtual milliseconds have passed. */
    void run(int millis) {
        scheduler.runFor(millis * 1_000_000L);
    }

    void trace(String line) {
        if (!tracing) {
            return;
        }
        trace.addLast(nowNanos() / 1_000 + " " + line);
        if (trace.size() > TRACE_LINES) {
            trace.removeFirst();
        }
    }

    String recentTrace() {
        return String.join("\n", trace);
    }
}
