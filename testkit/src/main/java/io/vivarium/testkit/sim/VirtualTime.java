/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.sim;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that stands still until a simulation moves it: nanoseconds since the start, and a wall clock beside them.
 *
 * <p>Thread: the test's.
 */
public final class VirtualTime implements LongSupplier, InstantSource {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private long nanos;

    /** Nanoseconds since the simulation began. */
    public long nanos() {
        return nanos;
    }

    @Override
    public long getAsLong() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(nanos);
    }

    void advanceTo(long laterNanos) {
        if (laterNanos < nanos) {
            throw new IllegalArgumentException("time cannot go back from " + nanos + " to " + laterNanos + " ns");
        }
        nanos = laterNanos;
    }
}
