/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.server.metrics.Metrics;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.metrics.Summary;
import io.vivarium.server.metrics.SummaryTotal;
import org.junit.jupiter.api.Test;

class QuantileWindowTest {
    private static final long MINUTE = 60_000_000_000L;

    private final Metrics metrics = new Metrics();
    private final Recorder recorder = metrics.newRecorder();
    private final QuantileWindow window = new QuantileWindow();

    private long medianAt(long minute) {
        SummaryTotal now = metrics.total(Summary.READLATENCY);
        return now.quantileSince(window.begin("readlatency", now, minute * MINUTE), 0.5);
    }

    @Test
    void theFirstScrapeSeesEverything() {
        recorder.record(Summary.READLATENCY, 7);
        assertThat(medianAt(0)).isEqualTo(7);
    }

    @Test
    void whatIsOlderThanTheWindowIsForgotten() {
        recorder.record(Summary.READLATENCY, 7);
        for (int minute = 0; minute <= 10; minute++) {
            assertThat(medianAt(minute)).isEqualTo(7);
        }
        recorder.record(Summary.READLATENCY, 9);
        recorder.record(Summary.READLATENCY, 9);
        for (int minute = 11; minute <= 14; minute++) {
            medianAt(minute);
        }
        assertThat(medianAt(15)).isEqualTo(9);
        for (int minute = 16; minute <= 30; minute++) {
            medianAt(minute);
        }
        assertThat(medianAt(31)).isEqualTo(-1);
    }

    @Test
    void countingThatBeginsAnewBeginsAWindow() {
        for (int i = 0; i < 5; i++) {
            recorder.record(Summary.READLATENCY, 7);
        }
        medianAt(0);
        medianAt(3);
        metrics.reset();
        recorder.record(Summary.READLATENCY, 2);
        assertThat(medianAt(4)).isEqualTo(2);
    }
}
