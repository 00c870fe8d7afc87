/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IntervalRecorderTest {
    private static final long MILLI = 1_000_000;

    private final IntervalRecorder recorder = new IntervalRecorder(0);

    @Test
    void reads_and_writes_are_kept_apart_and_an_interval_starts_empty() {
        recorder.reply(RequestSource.READ, 0, 2 * MILLI);
        recorder.reply(RequestSource.WRITE, 0, 5 * MILLI);
        recorder.error("NO_NODE", 2);
        recorder.error("NO_NODE", 1);
        recorder.notification();

        IntervalSample sample = recorder.rotate(5 * MILLI);

        assertThat(sample.operations()).isEqualTo(2);
        assertThat(sample.reads().getTotalCount()).isEqualTo(1);
        assertThat(sample.writes().valuesAreEquivalent(sample.writes().getMaxValue(), 5 * MILLI))
                .isTrue();
        assertThat(sample.errors()).containsOnlyKeys("NO_NODE").containsEntry("NO_NODE", 3L);
        assertThat(sample.notifications()).isEqualTo(1);
        assertThat(recorder.rotate(6 * MILLI).operations()).isZero();
    }

    @Test
    void a_pause_that_spans_intervals_shows_at_its_whole_length_where_it_ends() {
        recorder.reply(RequestSource.WRITE, 0, 10 * MILLI);

        assertThat(recorder.rotate(100 * MILLI).longestGapNanos()).isEqualTo(90 * MILLI);
        recorder.reply(RequestSource.WRITE, 0, 250 * MILLI);
        assertThat(recorder.rotate(260 * MILLI).longestGapNanos()).isEqualTo(240 * MILLI);
    }

    @Test
    void a_latency_beyond_the_histogram_counts_as_the_most_it_can_hold() {
        recorder.reply(RequestSource.READ, 0, 10 * IntervalSample.MAX_LATENCY_NANOS);

        assertThat(recorder.rotate(1).operations()).isEqualTo(1);
    }

    @Test
    void samples_add_up_and_keep_the_longer_pause() {
        recorder.reply(RequestSource.READ, 0, MILLI);
        recorder.error("A", 1);
        IntervalSample one = recorder.rotate(2 * MILLI);
        recorder.reply(RequestSource.WRITE, 0, 9 * MILLI);
        recorder.error("A", 2);
        recorder.error("B", 4);
        IntervalSample sum = one.plus(recorder.rotate(9 * MILLI));

        assertThat(sum.operations()).isEqualTo(2);
        assertThat(sum.errors()).containsEntry("A", 3L).containsEntry("B", 4L);
        assertThat(sum.errorCount()).isEqualTo(7);
        assertThat(sum.longestGapNanos()).isEqualTo(8 * MILLI);
        assertThat(one.operations()).as("the parts stay as they were").isEqualTo(1);
    }
}
