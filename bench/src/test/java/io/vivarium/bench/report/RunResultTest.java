/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vivarium.bench.load.IntervalSample;
import io.vivarium.bench.load.Workload;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RunResultTest {
    @Test
    void a_summary_is_in_microseconds() {
        Histogram nanos = IntervalSample.newHistogram();
        for (int i = 1; i <= 1_000; i++) {
            nanos.recordValue(i * 1_000L);
        }

        LatencySummary summary = LatencySummary.of(nanos);
        assertThat(summary.count()).isEqualTo(1_000);
        assertThat(summary.p50Micros()).isBetween(499.0, 501.0);
        assertThat(summary.p999Micros()).isBetween(998.0, 1_000.0);
        assertThat(summary.maxMicros()).isBetween(999.9, 1_000.9);
        assertThat(LatencySummary.of(IntervalSample.newHistogram()).maxMicros()).isZero();
    }

    @Test
    void a_point_scales_to_one_second_whatever_its_interval() {
        Histogram reads = IntervalSample.newHistogram();
        reads.recordValueWithCount(2_000, 500);
        IntervalSample sample =
                new IntervalSample(reads, IntervalSample.newHistogram(), new TreeMap<>(), 0, 12_340_000);

        TimePoint point = TimePoint.of(sample, 1_500_000_000, 250_000_000);
        assertThat(point.opsPerSecond()).isEqualTo(2_000);
        assertThat(point.seconds()).isEqualTo(1.5);
        assertThat(point.longestGapMillis()).isEqualTo(12.34);
    }

    @Test
    void json_has_shape_latency_and_time_line() throws IOException {
        JsonNode root = new ObjectMapper().readTree(ResultFiles.json(result()));

        assertThat(root.at("/workload").asText()).isEqualTo("R1");
        assertThat(root.at("/spec/depth").asInt()).isEqualTo(32);
        assertThat(root.at("/latency/p99Micros").asDouble()).isEqualTo(4);
        assertThat(root.at("/timeLine/1/opsPerSecond").asDouble()).isEqualTo(200);
        assertThat(root.at("/serverCpuMicrosPerOp").isNull()).isTrue();
        assertThat(root.at("/errors/NO_NODE").asLong()).isEqualTo(1);
    }

    @Test
    void the_page_stands_alone() {
        assertThat(RunPage.html(result()))
                .startsWith("<!DOCTYPE html>")
                .contains("<svg", "polyline", "p99.9", "R1: ")
                .doesNotContain("<script", "http:", "https:", "NaN", "Infinity");
    }

    private static RunResult result() {
        LatencySummary latency = new LatencySummary(300, 2, 2, 3, 4, 5, 6, 7);
        return new RunResult(
                "R1",
                Workload.R1.title(),
                List.of("localhost:2181"),
                Workload.R1.defaults(),
                2,
                300,
                0,
                150,
                latency,
                latency,
                LatencySummary.of(IntervalSample.newHistogram()),
                1,
                Map.of("NO_NODE", 1L),
                0,
                null,
                0.5,
                List.of(new TimePoint(1, 100, 0, latency, 1), new TimePoint(2, 200, 1, latency, 1)));
    }
}
