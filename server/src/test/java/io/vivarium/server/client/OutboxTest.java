/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.pipeline.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the core has for one connection: in order, each once, told once. */
class OutboxTest {
    private static final int ITEMS = 200_000;
    private static final int MOST_WAITING = 64;

    private final Outbox outbox = new Outbox();

    private static final class Numbered extends Outgoing {
        private final int number;

        Numbered(int number) {
            this.number = number;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeInt(number);
        }
    }

    private List<Integer> takeNumbers() {
        List<Integer> numbers = new ArrayList<>();
        for (Outgoing item = outbox.takeAll(); item != null; item = item.next) {
            numbers.add(((Numbered) item).number);
        }
        return numbers;
    }

    @Test
    void whatWasAddedFirstIsTakenFirst() {
        outbox.add(new Numbered(1));
        outbox.add(new Numbered(2));
        outbox.add(new Numbered(3));
        assertThat(outbox.isEmpty()).isFalse();
        assertThat(takeNumbers()).containsExactly(1, 2, 3);
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(outbox.takeAll()).isNull();
    }

    @Test
    void onlyTheFirstElementAsksForTheBoxToBeEmptied() {
        assertThat(outbox.add(new Numbered(1))).isTrue();
        assertThat(outbox.add(new Numbered(2))).isFalse();
        outbox.takeAll();
        assertThat(outbox.add(new Numbered(3))).isTrue();
    }

    /** Producer and consumer at full speed; a bounded number waits. The consumer acts on each request to empty the box. */
    @Test
    @Timeout(30)
    void twoThreadsLoseRepeatAndReorderNothing() throws InterruptedException {
        Semaphore room = new Semaphore(MOST_WAITING);
        Semaphore dirty = new Semaphore(0);
        Thread producer = new Thread(
                () -> {
                    for (int i = 0; i < ITEMS; i++) {
                        room.acquireUninterruptibly();
                        if (outbox.add(new Numbered(i))) {
                            dirty.release();
                        }
                    }
                },
                "producer");
        producer.start();
        int expected = 0;
        while (expected < ITEMS) {
            dirty.acquire();
            List<Integer> numbers = takeNumbers();
            for (int number : numbers) {
                assertThat(number).isEqualTo(expected);
                expected++;
            }
            room.release(numbers.size());
        }
        producer.join();
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(dirty.availablePermits()).isZero();
    }
}
