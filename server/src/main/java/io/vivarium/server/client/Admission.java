/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many writes all clients together may have in flight (spec client-protocol 9.6, {@code globalOutstandingLimit}),
 * and how many bytes of answers the core may have made for them that are not sent yet.
 *
 * <p>Thread: any. Nothing is refused: a connection that has something outstanding while the server is over its limit
 * is not read from until that has changed. The answers concerned are those of reads that stand between two writes of one
 * session; over that limit the connection they are for is closed, because the core can neither wait nor fail.
 */
public final class Admission {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong kept = new AtomicLong();
    private final int limit;
    private final long maxKeptBytes;

    /**
     * @param limit writes in flight
     * @param maxKeptBytes answers of the core that wait to be sent
     */
    public Admission(int limit, long maxKeptBytes) {
        this.limit = limit;
        this.maxKeptBytes = maxKeptBytes;
    }

    /** Takes an answer into account; false, and nothing is taken, if there is no room for it. */
    boolean keep(int bytes) {
        if (kept.addAndGet(bytes) <= maxKeptBytes) {
            return true;
        }
        kept.addAndGet(-bytes);
        return false;
    }

    void release(int bytes) {
        if (bytes > 0) {
            kept.addAndGet(-bytes);
        }
    }

    long keptBytes() {
        return kept.get();
    }

    long maxKeptBytes() {
        return maxKeptBytes;
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
