/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** The mailbox of the core, on real threads in every order that the machine can make (ADR 0003). */
public final class CoreLoopStress {
    /** Longer than any wake-up takes, shorter than the loop would sleep. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private CoreLoopStress() {}

    /** Nothing is ever due, so only a message or the end can wake the loop. */
    private static final class Idle implements CoreLogic {
        /** No message here asks it for anything. */
        private static final Replica REPLICA = new ReplicaScript().replica();

        @Override
        public Replica replica() {
            return REPLICA;
        }

        @Override
        public void at(long nowNanos, long wallMillis) {
            // Time changes nothing.
        }

        @Override
        public void endRound() {
            // Nothing was decided.
        }

        @Override
        public long nextDeadlineNanos() {
            return System.nanoTime() + 10 * PATIENCE_NANOS;
        }
    }

    private static CoreLoop loop() {
        return new CoreLoop(new Idle(), () -> {}, System::nanoTime, InstantSource.system(), (where, cause) -> {
            throw new AssertionError(where, cause);
        });
    }

    /** A message that counts what becomes of it. */
    private static final class Letter {
        private static final int DELIVERED = 1;
        private static final int REFUSED = 100;

        private final AtomicInteger fate = new AtomicInteger();

        private void postTo(CoreLoop loop) {
            loop.post(new CoreMessage.Inquiry(() -> fate.addAndGet(DELIVERED), () -> fate.addAndGet(REFUSED)));
        }

        private boolean isPending() {
            return fate.get() == 0;
        }

        private String fate() {
            int sum = fate.get();
            return sum == DELIVERED ? "delivered" : sum == REFUSED ? "refused" : sum == 0 ? "lost" : "both or twice";
        }
    }

    /** However the post meets the loop on its way to sleep, the message is delivered while the loop still runs. */
    @JCStressTest
    @Outcome(id = "delivered", expect = ACCEPTABLE, desc = "The loop woke up.")
    @Outcome(expect = FORBIDDEN, desc = "The loop sleeps on a message.")
    @State
    public static class NoWakeUpIsLost {
        private final CoreLoop loop = loop();
        private final Letter letter = new Letter();

        @Actor
        public void core() {
            loop.run();
        }

        @Actor
        public void client(L_Result result) {
            letter.postTo(loop);
            long start = System.nanoTime();
            while (letter.isPending() && System.nanoTime() - start < PATIENCE_NANOS) {
                Thread.onSpinWait();
            }
            result.r1 = letter.fate();
            loop.askToStop();
        }
    }

    /** Counts what is delivered, in a way that shows it if two have the rounds at once. */
    private static final class Tally {
        private final AtomicInteger done = new AtomicInteger();
        /** Neither atomic nor volatile: whoever has the rounds must see what the one before did. */
        private int count;

        private void leaveAt(CoreLoop loop) {
            loop.leave(new CoreMessage.Inquiry(
                    () -> {
                        count++;
                        done.incrementAndGet();
                    },
                    () -> {}));
        }
    }

    /** One stands in for the loop while it falls asleep or wakes: rounds come one after the other, no message is forgotten. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Each was counted.")
    @Outcome(expect = FORBIDDEN, desc = "Two rounds at once, or a message that nobody looks at.")
    @State
    public static class OneStandsIn {
        private final CoreLoop loop = loop();
        private final Tally tally = new Tally();

        @Actor
        public void core() {
            loop.run();
        }

        @Actor
        public void journal(L_Result result) {
            tally.leaveAt(loop);
            loop.standIn();
            tally.leaveAt(loop);
            loop.standIn();
            long start = System.nanoTime();
            while (tally.done.get() < 2 && System.nanoTime() - start < PATIENCE_NANOS) {
                Thread.onSpinWait();
            }
            result.r1 = tally.count;
            loop.askToStop();
        }
    }

    /** Two stand in for a loop that sleeps: what one finds taken the other looks at. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Each was counted.")
    @Outcome(expect = FORBIDDEN, desc = "Two rounds at once, or a message that nobody looks at.")
    @State
    public static class TwoStandIn {
        private final CoreLoop loop = loop();
        private final Tally tally = new Tally();

        public TwoStandIn() {
            loop.giveUpRounds();
        }

        private void bring() {
            tally.leaveAt(loop);
            loop.standIn();
        }

        @Actor
        public void eventLoop() {
            bring();
        }

        @Actor
        public void journal() {
            bring();
        }

        @Arbiter
        public void core(L_Result result) {
            // The thread itself, which one of the two has woken if something was left.
            loop.standIn();
            result.r1 = tally.count;
        }
    }

    /** Before the loop is asked to stop a message is delivered; while it stops, one or the other; afterwards it is refused. */
    @JCStressTest
    @Outcome(
            id = {"delivered, delivered, refused", "delivered, refused, refused"},
            expect = ACCEPTABLE,
            desc = "Each has one fate.")
    @Outcome(expect = FORBIDDEN, desc = "Lost, told twice, or taken in the wrong state.")
    @State
    public static class EachMessageHasOneFate {
        private final CoreLoop loop = loop();
        private final Letter before = new Letter();
        private final Letter during = new Letter();
        private final Letter after = new Letter();

        @Actor
        public void core() {
            loop.run();
        }

        @Actor
        public void client() {
            before.postTo(loop);
            loop.askToStop();
            during.postTo(loop);
        }

        @Arbiter
        public void later(LLL_Result fates) {
            after.postTo(loop);
            fates.r1 = before.fate();
            fates.r2 = during.fate();
            fates.r3 = after.fate();
        }
    }

    /** The loop ends while one posts and another comes after the end: either may find both messages, one refuses them. */
    @JCStressTest
    @Outcome(
            id = {"delivered, refused, refused", "refused, refused, refused"},
            expect = ACCEPTABLE,
            desc = "Each has one fate.")
    @Outcome(expect = FORBIDDEN, desc = "Lost, told twice, or taken after the end.")
    @State
    public static class TwoPostersMeetTheEnd {
        private final CoreLoop loop = loop();
        private final Letter racing = new Letter();
        private final Letter late = new Letter();
        private final Letter after = new Letter();

        @Actor
        public void coreAndWhoComesAfterIt() {
            loop.askToStop();
            loop.run();
            late.postTo(loop);
        }

        @Actor
        public void client() {
            racing.postTo(loop);
        }

        @Arbiter
        public void later(LLL_Result fates) {
            after.postTo(loop);
            fates.r1 = racing.fate();
            fates.r2 = late.fate();
            fates.r3 = after.fate();
        }
    }
}
