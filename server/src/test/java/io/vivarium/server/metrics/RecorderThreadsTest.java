/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A report made while the owner of a recorder writes into it. */
class RecorderThreadsTest {
    private static final int OBSERVATIONS = 200_000;

    @Test
    void aReaderSeesCountsThatOnlyGrowAndMissesNothingInTheEnd() throws Exception {
        Metrics metrics = new Metrics();
        Recorder recorder = metrics.newRecorder();
        AtomicBoolean done = new AtomicBoolean();
        Thread owner = new Thread(() -> {
            for (int i = 0; i < OBSERVATIONS; i++) {
                recorder.record(Summary.READLATENCY, i & 1023);
                recorder.read("/n" + (i & 63) + "/x", 1);
            }
            done.set(true);
        });
        owner.start();
        long last = 0;
        while (!done.get()) {
            SummaryTotal total = metrics.total(Summary.READLATENCY);
            assertThat(total.count()).isGreaterThanOrEqualTo(last);
            assertThat(total.quantile(0.99)).isBetween(0L, 1023L);
            last = total.count();
        }
        owner.join();
        SummaryTotal total = metrics.total(Summary.READLATENCY);
        assertThat(total.count()).isEqualTo(OBSERVATIONS);
        assertThat(total.max()).isEqualTo(1023);
    }
}
