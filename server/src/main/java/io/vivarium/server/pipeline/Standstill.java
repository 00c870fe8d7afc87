/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/**
 * Notices that this process stood still (it was stopped, or its machine slept), and gives it a moment to hear what waits in its
 * sockets before it takes its own silence for that of others.
 *
 * <p>Pure. Thread: core.
 */
public final class Standstill {
    private static final long NEVER = Long.MAX_VALUE;
    /** Waking up this much later than was due is no ordinary delay. */
    private static final long LATE_NANOS = 500_000_000L;

    private static final long HEARING_NANOS = 100_000_000L;

    private long dueNanos = NEVER;
    private long hearingUntilNanos = NEVER;

    /** A round begins. */
    public void wokeAt(long nowNanos) {
        if (hearingUntilNanos == NEVER && dueNanos != NEVER && nowNanos - dueNanos > LATE_NANOS) {
            hearingUntilNanos = nowNanos + HEARING_NANOS;
        }
    }

    /** Whether nothing may be judged by the clock yet. */
    public boolean isHearing(long nowNanos) {
        if (hearingUntilNanos != NEVER && nowNanos - hearingUntilNanos >= 0) {
            hearingUntilNanos = NEVER;
        }
        return hearingUntilNanos != NEVER;
    }

    /** When the next round is due, at the latest, if something is due at {@code deadlineNanos}. */
    public long nextRound(long deadlineNanos) {
        return hearingUntilNanos == NEVER ? deadlineNanos : hearingUntilNanos;
    }

    /** A round ends, and something is due at this time; {@link Long#MAX_VALUE} for never. */
    public void sleepUntil(long deadlineNanos) {
        dueNanos = deadlineNanos;
    }
}
