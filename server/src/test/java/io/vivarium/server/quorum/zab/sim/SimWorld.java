/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab.sim;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time and the one source of chance: the same seed gives the same run. */
final class SimWorld {
    private static final int TRACE_LINES = 400;

    final Random dice;
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final ArrayDeque<String> trace = new ArrayDeque<>();
    private long nowNanos = 1_000_000_000L;
    private final boolean tracing;
    private long order;

    private record Due(long atNanos, long order, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return atNanos != other.atNanos ? Long.compare(atNanos, other.atNanos) : Long.compare(order, other.order);
        }
    }

    private SimWorld(long seed, boolean tracing) {
        this.dice = new Random(seed);
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
        return nowNanos;
    }

    void after(long micros, Runnable what) {
        queue.add(new Due(nowNanos + micros * 1_000, order++, what));
    }

    /** Some time within the bounds, microseconds. */
    long between(long lowMicros, long highMicros) {
        return lowMicros + dice.nextInt((int) (highMicros - lowMicros) + 1);
    }

    boolean chance(double probability) {
        return dice.nextDouble() < probability;
    }

    /** Runs until so many virtual milliseconds have passed. */
    void run(int millis) {
        long end = nowNanos + millis * 1_000_000L;
        while (!queue.isEmpty() && queue.peek().atNanos <= end) {
            Due due = queue.poll();
            nowNanos = due.atNanos;
            due.what.run();
        }
        nowNanos = end;
    }

    void trace(String line) {
        if (!tracing) {
            return;
        }
        trace.addLast(nowNanos / 1_000 + " " + line);
        if (trace.size() > TRACE_LINES) {
            trace.removeFirst();
        }
    }

    String recentTrace() {
        return String.join("\n", trace);
    }
}
