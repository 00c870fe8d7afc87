/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.vivarium.server.watch.WatchTable;
import io.vivarium.server.watch.Watcher;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Readers and the one writer at the gate, on real threads in every order that the machine can make (ADR 0004). */
public final class TreeGateStress {
    private TreeGateStress() {}

    /** Two fields that are changed together are seen together. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "7, 7"},
            expect = ACCEPTABLE,
            desc = "Whole views.")
    @Outcome(expect = FORBIDDEN, desc = "A torn view.")
    @State
    public static class ViewsAreWhole {
        private final TreeGate gate = new TreeGate();
        private int left;
        private int right;

        @Actor
        public void writer() {
            long stamp = gate.enterExclusive();
            left = 7;
            right = 7;
            gate.leaveExclusive(stamp);
        }

        @Actor
        public void reader(II_Result seen) {
            long stamp = gate.enterShared();
            seen.r1 = left;
            seen.r2 = right;
            gate.leaveShared(stamp);
        }
    }

    /** A watch is told exactly of the changes that the value it was set with does not show. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The value before the change, and the event.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The value after the change, and no event.")
    @Outcome(expect = FORBIDDEN, desc = "A change missed, or told of though it was seen.")
    @State
    public static class WatchAndValueAreOfOneMoment {
        private static final String PATH = "/watched";
        private static final Watcher WATCHER = new Watcher() {};

        private final TreeGate gate = new TreeGate();
        private final WatchTable watches = new WatchTable();
        private int value;

        @Actor
        public void writer(II_Result seen) {
            long stamp = gate.enterExclusive();
            value = 1;
            watches.nodeDataChanged(PATH, (watcher, type, path) -> seen.r2++);
            gate.leaveExclusive(stamp);
        }

        @Actor
        public void reader(II_Result seen) {
            long stamp = gate.enterShared();
            seen.r1 = value;
            watches.watchData(PATH, WATCHER);
            gate.leaveShared(stamp);
        }
    }

    /** A reader who leaves only to come again lets the writer in; with more readers: TreeGateTest. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The writer got in.")
    @Outcome(expect = FORBIDDEN, desc = "The reader saw no end of it.")
    @State
    public static class TheWriterGetsIn {
        private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

        private final TreeGate gate = new TreeGate();
        private boolean written;

        @Actor
        public void writer() {
            long stamp = gate.enterExclusive();
            written = true;
            gate.leaveExclusive(stamp);
        }

        @Actor
        public void reader(I_Result result) {
            long start = System.nanoTime();
            while (result.r1 == 0 && System.nanoTime() - start < PATIENCE_NANOS) {
                long stamp = gate.enterShared();
                result.r1 = written ? 1 : 0;
                gate.leaveShared(stamp);
            }
        }
    }
}
