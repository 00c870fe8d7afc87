/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

/**
 * How long to wait between two attempts to use a disk again, and when to say so. Pure; times are those of a monotonic clock.
 *
 * <pre>
 *   attempt   at once, then after 0.1, 0.2, 0.4 ... 5 s
 *   report    the first that fails, then one a minute
 * </pre>
 *
 * <p>A disk that fails again soon after it came back is waited for with the pauses going on where they were: a member that
 * comes and goes costs the ensemble more than one that stays away.
 */
public final class ReopenPace {
    private static final long FIRST_NANOS = 100_000_000L;
    private static final long LONGEST_NANOS = 5_000_000_000L;
    private static final long REPORT_NANOS = 60_000_000_000L;
    /** A disk that worked so long is a good one again. */
    private static final long PROVEN_NANOS = 60_000_000_000L;

    private long pauseNanos;
    private long workedSinceNanos;
    private boolean failedBefore;
    private long reportedNanos;
    private boolean reported;

    /** The disk failed. */
    public void begin(long nowNanos) {
        if (!failedBefore || nowNanos - workedSinceNanos >= PROVEN_NANOS) {
            pauseNanos = 0;
        }
        failedBefore = true;
        reported = false;
    }

    /** Before the next attempt. */
    public long pauseNanos() {
        return pauseNanos;
    }

    /** An attempt was in vain; true if that is to be said. */
    public boolean failed(long nowNanos) {
        pauseNanos = longer();
        if (reported && nowNanos - reportedNanos < REPORT_NANOS) {
            return false;
        }
        reported = true;
        reportedNanos = nowNanos;
        return true;
    }

    /** The disk works again. */
    public void succeeded(long nowNanos) {
        workedSinceNanos = nowNanos;
        pauseNanos = longer();
    }

    private long longer() {
        return Math.min(LONGEST_NANOS, Math.max(FIRST_NANOS, 2 * pauseNanos));
    }
}
