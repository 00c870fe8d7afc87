/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many writes all clients together may have in flight (spec client-protocol 9.6, {@code globalOutstandingLimit}).
 *
 * <p>Thread: any. Nothing is refused: a connection that has something outstanding while the server is over its limit
 * is not read from until that has changed.
 */
public final class Admission {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final int limit;

    public Admission(int limit) {
        this.limit = limit;
    }

    void add(int requests) {
        inFlight.addAndGet(requests);
    }

    boolean isOver() {
        return inFlight.get() > limit;
    }

    /** Writes in flight; the {@code Outstanding} of reports. */
    public int inFlight() {
        return inFlight.get();
    }
}
