/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Recorders of several threads and their sums (spec operations 5.2). */
class MetricsTest {
    private final Metrics metrics = new Metrics();
    private final Recorder one = metrics.newRecorder();
    private final Recorder two = metrics.newRecorder();

    @Test
    void countsOfAllThreadsAreAddedUp() {
        one.add(Counter.RESPONSE_BYTES, 7);
        two.add(Counter.RESPONSE_BYTES, 5);
        assertThat(metrics.count(Counter.RESPONSE_BYTES)).isEqualTo(12);
        assertThat(metrics.count(Counter.WATCH_BYTES)).isZero();
    }

    @Test
    void whatWasNeverObservedIsZeroEverywhere() {
        SummaryTotal total = metrics.total(Summary.FSYNCTIME);
        assertThat(LongStream.of(
                        total.count(), total.sum(), total.min(), total.max(), total.quantile(0.5), (long) total.mean()))
                .containsOnly(0L);
    }

    @Test
    void observationsOfAllThreadsAreOneDistribution() {
        for (int i = 1; i <= 20; i++) {
            (i % 2 == 0 ? one : two).record(Summary.READLATENCY, i);
        }
        SummaryTotal total = metrics.total(Summary.READLATENCY);
        assertThat(total.count()).isEqualTo(20);
        assertThat(total.sum()).isEqualTo(210);
        assertThat(total.mean()).isEqualTo(10.5);
        assertThat(total.min()).isEqualTo(1);
        assertThat(total.max()).isEqualTo(20);
        assertThat(total.quantile(0.5)).isEqualTo(10);
        assertThat(total.quantile(0.95)).isEqualTo(19);
        assertThat(total.quantile(0.999)).isEqualTo(20);
    }

    @Test
    void aQuantileIsNeverOutsideWhatWasObserved() {
        one.record(Summary.READLATENCY, 1_000_003);
        assertThat(metrics.total(Summary.READLATENCY).quantile(0.5)).isEqualTo(1_000_003);
    }

    @Test
    void quantilesSinceAnEarlierTotalKnowOnlyWhatCameLater() {
        one.record(Summary.READLATENCY, 30);
        SummaryTotal earlier = metrics.total(Summary.READLATENCY);
        assertThat(metrics.total(Summary.READLATENCY).quantileSince(earlier, 0.5))
                .isEqualTo(-1);
        two.record(Summary.READLATENCY, 3);
        assertThat(metrics.total(Summary.READLATENCY).quantileSince(earlier, 0.5))
                .isEqualTo(3);
    }

    @Test
    void nanosecondsAreRecordedInWholeMilliseconds() {
        one.recordNanos(Summary.FSYNCTIME, 2_999_999);
        assertThat(metrics.total(Summary.FSYNCTIME).sum()).isEqualTo(2);
    }

    @Test
    void aResetIsSeenAtOnceAndTakenByTheOwnerLater() {
        one.add(Counter.RESPONSE_BYTES, 7);
        one.record(Summary.READLATENCY, 7);
        one.read("/a/b", 7);
        metrics.reset();
        assertThat(metrics.count(Counter.RESPONSE_BYTES)).isZero();
        assertThat(metrics.total(Summary.READLATENCY).count()).isZero();
        one.add(Counter.RESPONSE_BYTES, 1);
        assertThat(metrics.count(Counter.RESPONSE_BYTES)).isEqualTo(1);
        assertThat(metrics.total(Summary.READLATENCY).max()).isZero();
        one.record(Summary.READLATENCY, 9);
        assertThat(metrics.total(Summary.READLATENCY).min()).isEqualTo(9);
        assertThat(reads()).isEqualTo("a=0/0 ");
    }

    @Test
    void trafficIsCountedByTheFirstElementOfThePath() {
        one.read("/a", 10);
        one.read("/a/b/c", 20);
        one.read("/ab/c", 1);
        two.read("/a/x", 30);
        one.read("/", 99);
        assertThat(reads()).isEqualTo("a=3/60 ab=1/1 ");
    }

    @Test
    void aPathInBytesCountsLikeTheSameInCharacters() {
        for (String path : List.of("/a/b", "/a", "/ab", "/ab/c", "/a/x", "/", "/é/b", "/a/b")) {
            one.read(path, 1);
            if (path.chars().allMatch(c -> c < 128)) {
                byte[] ascii = ("before" + path + "behind").getBytes(StandardCharsets.US_ASCII);
                one.read(ascii, "before".length(), path.length(), 1);
            }
        }
        assertThat(reads()).isEqualTo("a=8/8 ab=4/4 é=1/1 ");
    }

    @Test
    void moreNamespacesThanTheLimitAreNotCounted() {
        for (int i = 0; i < NamespaceTraffic.MAX_NAMESPACES + 10; i++) {
            one.read("/n" + i + "/x", 1);
        }
        Map<String, SummaryTotal> totals = new TreeMap<>();
        one.addReadsTo(totals);
        assertThat(totals).hasSize(NamespaceTraffic.MAX_NAMESPACES).containsKey("n0");
        assertThat(totals.values()).allMatch(total -> total.count() == 1);
    }

    @Test
    void eachNameIsReportedOnceAndInTheFormOfStock() {
        Names names = new Names();
        metrics.report(names);
        assertThat(names.seen).hasSize(Counter.values().length + Summary.values().length);
        assertThat(names.seen.keySet()).allMatch(name -> name.matches("[a-z0-9_]+"));
    }

    private String reads() {
        Map<String, SummaryTotal> totals = new TreeMap<>();
        one.addReadsTo(totals);
        two.addReadsTo(totals);
        StringBuilder text = new StringBuilder();
        totals.forEach((name, bytes) ->
                text.append(name + "=" + bytes.count() + "/" + bytes.sum()).append(' '));
        return text.toString();
    }

    /** Keeps the names. */
    private static final class Names implements MetricSink {
        private final Map<String, String> seen = new TreeMap<>();

        @Override
        public void gauge(String key, long value) {
            seen.put(key, "gauge");
        }

        @Override
        public void gauge(String key, double value) {
            seen.put(key, "gauge");
        }

        @Override
        public void gauge(String key, String label, long value) {
            seen.put(key, "gauge");
        }

        @Override
        public void counter(String key, long value) {
            seen.put(key, "counter");
        }

        @Override
        public void summary(String key, SummaryTotal total) {
            seen.put(key, "summary");
        }

        @Override
        public void summary(String key, String label, SummaryTotal total) {
            seen.put(key, "summary");
        }
    }
}
