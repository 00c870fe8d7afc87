/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vivarium.server.transport.ServerThreads.Life;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnEndTest {
    private final AtomicInteger ends = new AtomicInteger();

    @Test
    void a_turn_that_asks_twice_ends_once_and_the_next_one_again() throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, ServerThreads.numbered("turn", Life.DAEMON), Transport.best().ioHandlers());
        try {
            EventLoop loop = group.next();
            TurnEnd turn = new TurnEnd(loop, ends::incrementAndGet);
            for (int turns = 1; turns <= 3; turns++) {
                int before = loop.submit(() -> {
                            turn.ask();
                            turn.ask();
                            return ends.get();
                        })
                        .get(10, TimeUnit.SECONDS);
                int expected = turns;
                assertThat(before).as("not before the turn is over").isEqualTo(expected - 1);
                await("the end of the turn").until(() -> ends.get() == expected);
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void a_loop_without_turns_is_not_waited_for() {
        EmbeddedChannel channel = new EmbeddedChannel();
        new TurnEnd(channel.eventLoop(), ends::incrementAndGet).ask();

        assertThat(ends).hasValue(1);
        channel.finishAndReleaseAll();
    }
}
