/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.pipeline.Outgoing;
import io.vivarium.server.pipeline.TreeGate;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** The box between the core and a connection, on real threads in every order that the machine can make (ADR 0004). */
public final class OutboxStress {
    private OutboxStress() {}

    /** An element that is known by its letter, which is written like all else that an element holds: without a barrier. */
    private static final class Lettered extends Outgoing {
        private char letter;

        private static Lettered of(char letter) {
            Lettered item = new Lettered();
            item.letter = letter;
            return item;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeByte((byte) letter);
        }
    }

    private static String take(Outbox outbox) {
        StringBuilder letters = new StringBuilder();
        for (Outgoing item = outbox.takeAll(); item != null; item = item.next) {
            letters.append(((Lettered) item).letter);
        }
        return letters.toString();
    }

    /** Whoever empties the box while it is being filled gets a beginning, and the rest stays for the next time. */
    @JCStressTest
    @Outcome(
            id = {", abc", "a, bc", "ab, c", "abc, "},
            expect = ACCEPTABLE,
            desc = "Each once, in order.")
    @Outcome(expect = FORBIDDEN, desc = "Lost, repeated, out of order or half made.")
    @State
    public static class OrderIsKeptAndNothingLost {
        private final Outbox outbox = new Outbox();

        @Actor
        public void core() {
            outbox.add(Lettered.of('a'));
            outbox.add(Lettered.of('b'));
            outbox.add(Lettered.of('c'));
        }

        @Actor
        public void connection(LL_Result taken) {
            taken.r1 = take(outbox);
        }

        @Arbiter
        public void later(LL_Result taken) {
            taken.r2 = take(outbox);
        }
    }

    /** The core is told to wake the connection once for every time that there is something to take. */
    @JCStressTest
    @Outcome(
            id = {"1, 1", "2, 2", "3, 3"},
            expect = ACCEPTABLE,
            desc = "A wake-up for each harvest.")
    @Outcome(expect = FORBIDDEN, desc = "Something waits and nobody is told, or somebody is told for nothing.")
    @State
    public static class WakeUpExactlyWhenNeeded {
        private final Outbox outbox = new Outbox();

        @Actor
        public void core(II_Result counts) {
            for (char letter = 'a'; letter <= 'c'; letter++) {
                if (outbox.add(Lettered.of(letter))) {
                    counts.r1++;
                }
            }
        }

        @Actor
        public void connection(II_Result counts) {
            harvest(counts);
            harvest(counts);
        }

        @Arbiter
        public void later(II_Result counts) {
            harvest(counts);
        }

        private void harvest(II_Result counts) {
            if (outbox.takeAll() != null) {
                counts.r2++;
            }
        }
    }

    /** A connection that empties its box inside a hold has the event if and only if it reads what the event announces. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "Neither, or both.")
    @Outcome(expect = FORBIDDEN, desc = "New data ahead of its event, or the event ahead of the data.")
    @State
    public static class EventBeforeData {
        private final TreeGate gate = new TreeGate();
        private final Outbox outbox = new Outbox();
        private int value;

        @Actor
        public void core() {
            long stamp = gate.enterExclusive();
            value = 1;
            outbox.add(Lettered.of('e'));
            gate.leaveExclusive(stamp);
        }

        @Actor
        public void connection(II_Result seen) {
            long stamp = gate.enterShared();
            seen.r1 = outbox.takeAll() == null ? 0 : 1;
            seen.r2 = value;
            gate.leaveShared(stamp);
        }
    }
}
