/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * What is going to happen, in order of time; what falls on the same nanosecond happens in the order it was planned.
 *
 * <p>After every event the check that was given to the constructor runs: that is where a simulation puts its
 * invariants. An exception of an event or a check ends the run. Thread: the test's.
 */
public final class EventScheduler {
    /** Something planned, which can be taken back. */
    public static final class Planned {
        private final long atNanos;
        private final long sequence;
        private final Runnable action;
        private boolean cancelled;

        private Planned(long atNanos, long sequence, Runnable action) {
            this.atNanos = atNanos;
            this.sequence = sequence;
            this.action = action;
        }

        public void cancel() {
            cancelled = true;
        }
    }

    private final PriorityQueue<Planned> queue =
            new PriorityQueue<>(Comparator.comparingLong((Planned planned) -> planned.atNanos)
                    .thenComparingLong(planned -> planned.sequence));
    private final VirtualTime time;
    private final Runnable afterEach;
    private long sequence;
    private long executed;

    public EventScheduler(VirtualTime time, Runnable afterEach) {
        this.time = time;
        this.afterEach = afterEach;
    }

    public VirtualTime time() {
        return time;
    }

    public long nowNanos() {
        return time.nanos();
    }

    /** Number of events that have happened. */
    public long executed() {
        return executed;
    }

    public Planned after(long delayNanos, Runnable action) {
        return at(time.nanos() + Math.max(0, delayNanos), action);
    }

    /** Plans for a moment; a past one means now, after what is planned for now already. */
    public Planned at(long atNanos, Runnable action) {
        Planned planned = new Planned(Math.max(atNanos, time.nanos()), sequence++, action);
        queue.add(planned);
        return planned;
    }

    /** Lets everything happen that is due within the given time, and moves the clock to its end. */
    public void runFor(long nanos) {
        long end = time.nanos() + nanos;
        while (step(end)) {
            // Each step is one event.
        }
        time.advanceTo(end);
    }

    /**
     * Runs until the condition holds; it is asked after each event.
     *
     * @return whether it came to hold within the given time
     */
    public boolean runUntil(BooleanSupplier condition, long withinNanos) {
        long end = time.nanos() + withinNanos;
        while (!condition.getAsBoolean()) {
            if (!step(end)) {
                time.advanceTo(end);
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    private boolean step(long endNanos) {
        Planned next = queue.peek();
        while (next != null && next.cancelled) {
            queue.remove();
            next = queue.peek();
        }
        if (next == null || next.atNanos > endNanos) {
            return false;
        }
        queue.remove();
        time.advanceTo(next.atNanos);
        executed++;
        next.action.run();
        afterEach.run();
        return true;
    }
}
