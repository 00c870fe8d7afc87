/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import java.util.concurrent.TimeUnit;

/**
 * When one peer is dialled again while we look for a leader (spec election 7.4), and when a connection that says nothing
 * counts as dead (7.3, "half-open connections"). Pure; one for each peer. Thread: peer-io.
 */
final class RedialPolicy {
    static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Time for the peer with the larger sid to call back before it is asked again. */
    static final long CALL_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    static final long MIN_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long MAX_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private long pauseNanos = MIN_PAUSE_NANOS;
    private long silenceNanos = MIN_SILENCE_NANOS;
    private boolean waiting;
    private long waitingSinceNanos;

    /** Another search begins: everything as short as it can be. */
    void restart() {
        pauseNanos = MIN_PAUSE_NANOS;
        silenceNanos = MIN_SILENCE_NANOS;
        waiting = false;
    }

    /** The pause before the next dial; the one after will be twice as long. */
    long nextPauseNanos() {
        long pause = pauseNanos;
        pauseNanos = Math.min(2 * pause, MAX_PAUSE_NANOS);
        return pause;
    }

    void onConnected() {
        pauseNanos = MIN_PAUSE_NANOS;
        waiting = false;
    }

    void onSent(long nowNanos) {
        if (!waiting) {
            waiting = true;
            waitingSinceNanos = nowNanos;
        }
    }

    void onReceived() {
        waiting = false;
    }

    /**
     * Whether the connection should be replaced. A peer may have nothing to say for a long time and be well, so the
     * patience doubles each time; the greeting of the new connection is no proof that the old one was dead.
     */
    boolean isSilent(long nowNanos) {
        if (!waiting || nowNanos - waitingSinceNanos < silenceNanos) {
            return false;
        }
        waiting = false;
        silenceNanos = Math.min(2 * silenceNanos, MAX_SILENCE_NANOS);
        return true;
    }
}
