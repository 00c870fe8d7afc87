/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What needs more threads at the gate than {@link TreeGateStress} has. */
class TreeGateTest {
    private static final int READERS = 4;
    private static final int WRITES = 2_000;

    private final TreeGate gate = new TreeGate();
    private volatile boolean finished;
    private long left;
    private long right;

    /** The readers never pause, so most of the time some of them are inside; without a turn of its own it would never end. */
    @Test
    @Timeout(30)
    void theWriterGetsInAgainAndAgainThoughReadersNeverPause() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<Long>> reading = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                reading.add(threads.submit(this::readUntilFinished));
            }
            for (int i = 0; i < WRITES; i++) {
                long stamp = gate.enterExclusive();
                left++;
                right++;
                gate.leaveExclusive(stamp);
            }
            finished = true;
            for (Future<Long> each : reading) {
                assertThat(each.get(10, TimeUnit.SECONDS)).isEqualTo(WRITES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Reads until the last write is seen, and sees no torn and no older view on the way. */
    private long readUntilFinished() {
        long last = 0;
        boolean end;
        do {
            end = finished;
            long stamp = gate.enterShared();
            long seenLeft = left;
            long seenRight = right;
            gate.leaveShared(stamp);
            assertThat(seenRight).isEqualTo(seenLeft).isGreaterThanOrEqualTo(last);
            last = seenLeft;
        } while (!end);
        return last;
    }
}
