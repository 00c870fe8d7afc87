/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

/** Tells how long a number has not changed. Pure. */
final class Stall {
    private long mark;
    private long sinceNanos;

    Stall(long nowNanos) {
        this.sinceNanos = nowNanos;
    }

    void restart(long nowNanos) {
        sinceNanos = nowNanos;
    }

    /** Nanoseconds for which {@code current} has been what it is. */
    long lastsNanos(long current, long nowNanos) {
        if (current != mark) {
            mark = current;
            sinceNanos = nowNanos;
        }
        return nowNanos - sinceNanos;
    }
}
