/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Something to be done when an event loop has dealt with all that was ready, before it waits again; once for each turn that
 * asks for it.
 *
 * <pre>
 *   ready, ready, ready, tasks --> end of turn --> wait
 * </pre>
 *
 * <p>Thread: the event loop.
 */
public final class TurnEnd {
    private final @Nullable SingleThreadEventLoop loop;
    private final Runnable action;
    private final Runnable end = this::end;
    private boolean asked;

    /** @param loop one that has no turns, as tests have, has the action run at once */
    public TurnEnd(EventLoop loop, Runnable action) {
        this.loop = loop instanceof SingleThreadEventLoop turning ? turning : null;
        this.action = action;
    }

    public void ask() {
        if (loop == null) {
            action.run();
        } else if (!asked) {
            try {
                loop.executeAfterEventLoopIteration(end);
                asked = true;
            } catch (RejectedExecutionException e) {
                // The loop has no turns any more.
                action.run();
            }
        }
    }

    private void end() {
        asked = false;
        action.run();
    }
}
