/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

/**
 * Open loop: arrivals at a fixed rate, dealt to the sessions in turn, whatever the server does.
 *
 * <p>Arrival {@code k} of session {@code s} of {@code n} is due at {@code start + (k * n + s) / rate}. A request that
 * cannot be sent in time, because its session waits for a stalled server, is sent late but counted from when it was due:
 * latency holds the wait of every client that would have come meanwhile, so coordinated omission cannot hide a pause. One that
 * is not answered when measuring ends counts with the time it has waited until then. The backlog needs no memory, since due
 * times are computed. Thread: one.
 */
public final class ArrivalSchedule implements Pace {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long startNanos;
    private final int ratePerSecond;
    private final int session;
    private final int sessions;
    private long taken;

    public ArrivalSchedule(long startNanos, int ratePerSecond, int session, int sessions) {
        if (ratePerSecond < 1) {
            throw new IllegalArgumentException("rate " + ratePerSecond + " per second is below 1");
        }
        if (session < 0 || session >= sessions) {
            throw new IllegalArgumentException("session " + session + " is not within 0.." + (sessions - 1));
        }
        this.startNanos = startNanos;
        this.ratePerSecond = ratePerSecond;
        this.session = session;
        this.sessions = sessions;
    }

    /** When the {@code arrival}-th arrival of all sessions is due. */
    public static long dueNanos(long startNanos, int ratePerSecond, long arrival) {
        long seconds = arrival / ratePerSecond;
        long rest = arrival % ratePerSecond;
        return startNanos + seconds * NANOS_PER_SECOND + rest * NANOS_PER_SECOND / ratePerSecond;
    }

    @Override
    public long next(long nowNanos) {
        long due = dueNanos(startNanos, ratePerSecond, taken * sessions + session);
        if (due - nowNanos > 0) {
            return NOT_DUE;
        }
        taken++;
        return due;
    }
}
