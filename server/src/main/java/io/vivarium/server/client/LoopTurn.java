/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.channel.EventLoop;
import io.vivarium.server.pipeline.RequestRoute;
import io.vivarium.server.transport.TurnEnd;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one event loop have done in its present turn.
 *
 * <p>Thread: {@code client-io}. Clients with one request in flight each bring a burst of one frame each, so what they
 * share is the turn. The core is told once of all writes of a turn, or of a good number of them where the turn is long.
 * After a turn that only read, the other threads of this processor go first: clients on the same machine, or the kernel's
 * work for those on others, fill the next turn, and fewer turns serve the same requests. Where the processor has nothing
 * else to do, that costs one system call.
 */
final class LoopTurn {
    /** So many writes are work enough for the core to begin with. */
    private static final int MOST_WRITES_LEFT = 32;

    private final TurnEnd end;
    private int writesLeft;
    private @Nullable RequestRoute leftTo;

    LoopTurn(EventLoop loop) {
        this.end = new TurnEnd(loop, this::end);
    }

    /** Something was answered on the spot. */
    void answered() {
        end.ask();
    }

    /** A write was left with the core, which may be asleep. */
    void left(RequestRoute route) {
        leftTo = route;
        writesLeft++;
        if (writesLeft % MOST_WRITES_LEFT == 0) {
            route.awaken();
        }
        end.ask();
    }

    @SuppressWarnings("ThreadPriorityCheck") // How much one turn serves, and nothing else, depends on it.
    private void end() {
        RequestRoute route = leftTo;
        if (route == null) {
            Thread.yield();
            return;
        }
        leftTo = null;
        writesLeft = 0;
        route.standIn();
    }
}
