/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that large writes may hold together until they are answered (spec client-protocol 9.6, {@code largeRequest*}).
 *
 * <p>Thread: any. A request that would go beyond is not served, and its connection is closed.
 */
public final class LargeRequests {
    private final int thresholdBytes;
    private final long maxBytes;
    private final AtomicLong inFlight = new AtomicLong();

    /** @param thresholdBytes a frame longer than this is large; 0 or less switches the limit off */
    public LargeRequests(int thresholdBytes, long maxBytes) {
        this.thresholdBytes = thresholdBytes;
        this.maxBytes = maxBytes;
    }

    boolean isOn() {
        return thresholdBytes > 0;
    }

    /** What a frame counts for. */
    int weigh(int frameBytes) {
        return thresholdBytes > 0 && frameBytes > thresholdBytes ? frameBytes : 0;
    }

    /** Takes room for a large request; false if there is none, and then nothing was taken. */
    boolean take(int bytes) {
        if (bytes == 0 || inFlight.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        inFlight.addAndGet(-bytes);
        return false;
    }

    void give(int bytes) {
        if (bytes != 0) {
            inFlight.addAndGet(-bytes);
        }
    }
}
