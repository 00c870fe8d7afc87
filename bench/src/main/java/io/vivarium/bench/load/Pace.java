/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

/** Decides when a session's next request starts. Thread: the session's event loop. */
public interface Pace {
    /** No request may start yet. */
    long NOT_DUE = Long.MIN_VALUE;

    /** Closed loop: the next request starts as soon as there is room for it. */
    Pace CLOSED_LOOP = nowNanos -> nowNanos;

    /**
     * Takes the next start that is due.
     *
     * @return the instant from which latency counts, nanoseconds; or {@link #NOT_DUE}
     */
    long next(long nowNanos);
}
