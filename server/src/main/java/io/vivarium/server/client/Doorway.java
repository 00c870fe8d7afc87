/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Clients of one event loop that came while the server was finding a leader. Each asks again every few milliseconds, until it
 * is let in or sent away ({@link io.vivarium.server.pipeline.ServiceMode#NOBODY_YET}); nothing runs while nobody waits.
 *
 * <p>Bounded by the connections there may be; each keeps its connect request. Thread: the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // If the loop ends, so do its connections.
final class Doorway {
    private static final int KNOCK_MILLIS = 5;

    private final EventLoop eventLoop;
    private List<BooleanSupplier> waiting = new ArrayList<>();

    Doorway(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /** @param knock asks again; true when there was an answer */
    void await(BooleanSupplier knock) {
        if (waiting.isEmpty()) {
            knockSoon();
        }
        waiting.add(knock);
    }

    private void knockSoon() {
        eventLoop.schedule(this::knock, KNOCK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void knock() {
        List<BooleanSupplier> knocking = waiting;
        waiting = new ArrayList<>();
        for (BooleanSupplier each : knocking) {
            if (!each.getAsBoolean()) {
                waiting.add(each);
            }
        }
        if (!waiting.isEmpty()) {
            knockSoon();
        }
    }
}
