/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.vivarium.server.pipeline.RequestRoute;
import org.jspecify.annotations.Nullable;

/**
 * One turn of an event loop: all connections that had something, up to the moment it waits again.
 *
 * <pre>
 *   ready, ready, ready, tasks --> {@link #end} --> wait
 * </pre>
 *
 * <p>Thread: {@code client-io-N}. Clients with one request in flight each bring a burst of one frame each, so what they
 * share is the turn. The core is woken once for all writes of a turn, or for a good number of them where the turn is long.
 * After a turn that only read, the other threads of this processor go first: clients on the same machine, or the kernel's
 * work for those on others, fill the next turn, and fewer turns serve the same requests. Where the processor has nothing
 * else to do, that costs one system call.
 */
final class LoopTurn {
    /** So many writes are work enough for the core to begin with. */
    private static final int MOST_WRITES_LEFT = 32;

    private final @Nullable SingleThreadEventLoop loop;
    private final Runnable end = this::end;
    private boolean endIsAsked;
    private boolean wrote;
    private int writesLeft;
    private @Nullable RequestRoute leftTo;

    /** @param loop one without turns, as tests have, has a turn for each request */
    LoopTurn(EventLoop loop) {
        this.loop = loop instanceof SingleThreadEventLoop turning ? turning : null;
    }

    /** Reads were answered. */
    void read() {
        askForEnd();
    }

    /** A write was left with the core, which may be asleep. */
    void left(RequestRoute route) {
        wrote = true;
        leftTo = route;
        writesLeft++;
        if (writesLeft == MOST_WRITES_LEFT) {
            awaken();
        }
        askForEnd();
    }

    private void askForEnd() {
        if (loop == null) {
            end();
        } else if (!endIsAsked) {
            endIsAsked = true;
            loop.executeAfterEventLoopIteration(end);
        }
    }

    private void end() {
        endIsAsked = false;
        if (wrote) {
            wrote = false;
            awaken();
        } else if (loop != null) {
            Thread.yield();
        }
    }

    private void awaken() {
        if (leftTo != null && writesLeft > 0) {
            writesLeft = 0;
            leftTo.awaken();
        }
    }
}
