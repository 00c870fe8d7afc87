/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/**
 * What time it is in the present round of the core: the same for everything that happens in it. Thread: core.
 */
final class ServerTime {
    private long nowNanos;
    private long wallMillis;

    void set(long nowNanos, long wallMillis) {
        this.nowNanos = nowNanos;
        this.wallMillis = wallMillis;
    }

    /** Monotonic, nanoseconds. */
    long nanos() {
        return nowNanos;
    }

    /** Monotonic, milliseconds; the scale of session expiry. */
    long millis() {
        return nowNanos / 1_000_000;
    }

    /** Wall clock, milliseconds since 1970; what transactions carry. */
    long wallMillis() {
        return wallMillis;
    }
}
