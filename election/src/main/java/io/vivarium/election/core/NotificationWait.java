/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

/**
 * When the proposal is sent again (spec election 3.9): after a pause that doubles from a minimum to a maximum.
 *
 * <p>Unlike stock, news (a clock jump, another proposal, a new link) brings the pause back to the minimum, and mere
 * traffic does not put the next sending off: what was lost is repaired sooner, and peers notice nothing but that (spec
 * election 7.4). Thread: core.
 */
final class NotificationWait {
    private final long minNanos;
    private final long maxNanos;
    private long waitNanos;
    private long deadlineNanos;

    NotificationWait(long minNanos, long maxNanos, long nowNanos) {
        this.minNanos = minNanos;
        this.maxNanos = maxNanos;
        restart(nowNanos);
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    boolean isOver(long nowNanos) {
        return nowNanos >= deadlineNanos;
    }

    /** Everything was just sent, for a reason; the next pause is the shortest. */
    void restart(long nowNanos) {
        waitNanos = minNanos;
        deadlineNanos = nowNanos + waitNanos;
    }

    /** Something may have changed for one peer: do not sleep longer than the shortest pause from now. */
    void shorten(long nowNanos) {
        waitNanos = minNanos;
        deadlineNanos = Math.min(deadlineNanos, nowNanos + waitNanos);
    }

    /** Everything was sent because the pause was over. */
    void backOff(long nowNanos) {
        waitNanos = Math.min(2 * waitNanos, maxNanos);
        deadlineNanos = nowNanos + waitNanos;
    }
}
