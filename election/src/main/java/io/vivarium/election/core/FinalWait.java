/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

/**
 * The pause between a quorum of equal votes and the result, in which a better vote may still arrive (spec election 3.8).
 *
 * <pre>
 * idle --quorum--> waiting --deadline, quorum still there--> (result)
 *  ^                  |
 *  +--- better vote, quorum lost
 * </pre>
 *
 * <p>A better vote starts another wait when it has its quorum; all waits of one round together end at the maximum.
 * Thread: core.
 */
final class FinalWait {
    private final long waitNanos;
    private final long maxNanos;
    private long deadlineNanos = ElectionCore.NEVER;
    private long lastDeadlineNanos = ElectionCore.NEVER;

    FinalWait(long waitNanos, long maxNanos) {
        this.waitNanos = waitNanos;
        this.maxNanos = maxNanos;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** There is a quorum; true when nothing more is to be waited for. */
    boolean isOver(long nowNanos) {
        if (lastDeadlineNanos == ElectionCore.NEVER) {
            lastDeadlineNanos = nowNanos + maxNanos;
        }
        if (deadlineNanos == ElectionCore.NEVER) {
            deadlineNanos = Math.min(nowNanos + waitNanos, lastDeadlineNanos);
        }
        return nowNanos >= deadlineNanos;
    }

    /** The proposal changed or lost its quorum. */
    void interrupt() {
        deadlineNanos = ElectionCore.NEVER;
    }

    /** A new round: the maximum counts from its first quorum. */
    void restart() {
        deadlineNanos = ElectionCore.NEVER;
        lastDeadlineNanos = ElectionCore.NEVER;
    }
}
