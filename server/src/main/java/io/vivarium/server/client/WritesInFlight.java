/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.vivarium.server.pipeline.ReadRequest;
import io.vivarium.server.pipeline.SessionOrder;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * The writes of one connection that are not answered, what they count for on the whole server, and the reads they hold
 * back.
 *
 * <p>Thread: the connection's event loop. What is taken from {@link Admission} and {@link LargeRequests} is given back
 * with the answer or, all at once, with the end of the connection. Spec: client-protocol 9.5, 9.6.
 */
final class WritesInFlight {
    private static final Queue<Integer> NONE = new ArrayDeque<>(0);

    private final Admission admission;
    private final LargeRequests largeRequests;
    private final SessionOrder order = new SessionOrder();
    /** What each write counts for, oldest first; there is none while large requests are not limited. */
    private final Queue<Integer> weights;

    WritesInFlight(Admission admission, LargeRequests largeRequests) {
        this.admission = admission;
        this.largeRequests = largeRequests;
        this.weights = largeRequests.isOn() ? new ArrayDeque<>(1) : NONE;
    }

    SessionOrder order() {
        return order;
    }

    /** Whether there is room for a frame of this length; if so it is taken, and {@link #begin} has to follow. */
    boolean admit(int frameBytes) {
        int weight = largeRequests.weigh(frameBytes);
        if (!largeRequests.take(weight)) {
            return false;
        }
        if (largeRequests.isOn()) {
            weights.add(weight);
        }
        return true;
    }

    /** A write that was admitted is sent off; returns the reads it takes along. */
    List<ReadRequest> begin() {
        admission.add(1);
        return order.beginWrite();
    }

    /** The oldest write is answered; {@link #settle} tells the server of it. */
    void end() {
        order.endWrite();
        if (largeRequests.isOn()) {
            largeRequests.give(weights.remove());
        }
    }

    /** So many writes have been answered since this was last called. */
    void settle(int answered) {
        if (answered > 0) {
            admission.add(-answered);
        }
    }

    /** The connection is gone: nobody waits for what is still in flight. */
    void abandon() {
        admission.add(-order.outstandingWrites());
        weights.forEach(largeRequests::give);
        weights.clear();
    }
}
