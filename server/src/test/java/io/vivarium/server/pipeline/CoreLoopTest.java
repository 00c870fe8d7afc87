/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vivarium.server.transport.ServerThreads;
import io.vivarium.server.transport.ServerThreads.Life;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose thread runs the rounds of the core; every order of events is {@link CoreLoopStress}. */
@Timeout(60)
class CoreLoopTest {
    private static final int CROWD = 1000;

    private final Deadline logic = new Deadline();
    private final AtomicReference<Throwable> fatal = new AtomicReference<>();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final CoreLoop loop =
            new CoreLoop(logic, () -> {}, System::nanoTime, InstantSource.system(), (where, cause) -> fatal.set(cause));

    /** Has nothing to do until a moment that a message may set. */
    private static final class Deadline implements CoreLogic {
        private final Replica replica = new ReplicaScript().replica();
        private volatile long dueNanos = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        private volatile boolean met;

        @Override
        public Replica replica() {
            return replica;
        }

        @Override
        public void at(long nowNanos, long wallMillis) {
            if (nowNanos - dueNanos >= 0) {
                met = true;
                dueNanos = nowNanos + TimeUnit.HOURS.toNanos(1);
            }
        }

        @Override
        public void endRound() {}

        @Override
        public long nextDeadlineNanos() {
            return dueNanos;
        }
    }

    @BeforeEach
    void start() {
        loop.start(ServerThreads.single("core", Life.DAEMON));
    }

    @AfterEach
    void stop() throws InterruptedException {
        loop.stop();
    }

    private void leave(Runnable task) {
        loop.leave(new CoreMessage.Inquiry(
                () -> {
                    told.add(Thread.currentThread().getName());
                    task.run();
                },
                () -> told.add("refused")));
    }

    /** Until the loop is asleep its thread may be the faster one. */
    private void standInAtLast(Runnable task) {
        String here = Thread.currentThread().getName();
        do {
            told.clear();
            leave(task);
            loop.standIn();
            await("an answer").until(() -> !told.isEmpty());
        } while (!told.contains(here));
    }

    @Test
    void a_sleeping_loop_is_stood_in_for() {
        standInAtLast(() -> {});

        assertThat(told).containsExactly(Thread.currentThread().getName());
    }

    @Test
    void what_is_posted_is_for_the_thread_itself() {
        standInAtLast(() -> {});
        told.clear();

        loop.post(new CoreMessage.Inquiry(() -> told.add(Thread.currentThread().getName()), () -> {}));

        await("an answer").until(() -> !told.isEmpty());
        assertThat(told).containsExactly("core");
    }

    @Test
    void much_work_is_for_the_thread_itself() {
        standInAtLast(() -> {});
        told.clear();
        for (int i = 0; i < CROWD; i++) {
            leave(() -> {});
        }

        loop.standIn();

        await("all answers").until(() -> told.size() == CROWD);
        assertThat(told).containsOnly("core");
    }

    @Test
    void a_deadline_set_by_one_who_stands_in_is_kept_by_the_thread() {
        standInAtLast(() -> logic.dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20));

        await("the round at the deadline").until(() -> logic.met);
    }

    @Test
    void the_loop_ends_behind_one_who_stands_in() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        standInAtLast(() -> {});
        told.clear();
        Thread other = new Thread(
                () -> {
                    leave(() -> {
                        inside.countDown();
                        awaitQuietly(goOn);
                    });
                    loop.standIn();
                },
                "other");
        other.start();
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        loop.askToStop();
        leave(() -> {});
        goOn.countDown();
        loop.stop();
        other.join();
        leave(() -> {});

        assertThat(told).hasSize(3).startsWith("other").endsWith("refused");
    }

    @Test
    void a_round_that_fails_ends_the_loop_whoever_runs_it() throws Exception {
        IllegalStateException fault = new IllegalStateException("planted");
        standInAtLast(() -> {});
        told.clear();
        leave(() -> {
            throw fault;
        });
        loop.standIn();
        leave(() -> {});

        assertThat(fatal).hasValue(fault);
        assertThat(told).containsExactly(Thread.currentThread().getName(), "refused");
    }

    @Test
    void what_was_taken_together_with_a_message_that_fails_is_refused() {
        IllegalStateException fault = new IllegalStateException("planted");
        Runnable threeMessages = () -> {
            leave(() -> {});
            leave(() -> {
                throw fault;
            });
            leave(() -> {});
        };
        // Left from within a round, so that the next one finds all of them.
        loop.post(new CoreMessage.Inquiry(threeMessages, () -> {}));

        await("the end").until(() -> told.contains("refused"));
        assertThat(fatal).hasValue(fault);
        assertThat(told).containsExactly("core", "core", "refused");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
