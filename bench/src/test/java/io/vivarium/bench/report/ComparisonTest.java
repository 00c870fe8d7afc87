/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private final Comparison comparison = new Comparison("ours", "theirs");

    @Test
    void the_median_of_ratios_is_not_the_ratio_of_medians() {
        pair(10, 10);
        pair(30, 10);
        pair(40, 20);

        Comparison.Row row = comparison.rows().get(0);
        assertThat(row.ratio()).isEqualTo(new Spread(2, 1, 3));
        assertThat(row.subject()).isEqualTo(new Spread(30, 10, 40));
        assertThat(row.baseline()).isEqualTo(new Spread(10, 10, 20));
    }

    @Test
    void a_value_that_one_side_lacks_gives_no_ratio_but_is_shown() {
        comparison.addPair(List.of(Metric.lower("W1", "errors", "count", 3)), List.of());

        assertThat(comparison.rows().get(0).ratio()).isNull();
        assertThat(RatioTable.markdown(comparison)).contains("| W1 | errors, count | lower | 3.00 | - | - | - | 1 |");
    }

    @Test
    void the_table_is_markdown_with_a_line_for_each_measure() {
        pair(150_000, 40_000);
        pair(160_000, 50_000);

        assertThat(RatioTable.markdown(comparison).lines())
                .containsExactly(
                        "| workload | measure | better | ours | theirs | ratio | least..most | pairs |",
                        "|---|---|---|---:|---:|---:|---:|---:|",
                        "| R1 | throughput, ops/s | higher | 155,000 | 45,000 | 3.475 | 3.200..3.750 | 2 |");
    }

    @Test
    void errors_that_nobody_had_are_kept_but_not_shown() throws IOException {
        Metric.Value none = Metric.lower("W1", "errors", "count", 0);
        comparison.addPair(List.of(none), List.of(none));
        assertThat(RatioTable.markdown(comparison)).doesNotContain("errors");
        assertThat(new ObjectMapper()
                        .readTree(ResultFiles.json(comparison, Map.of()))
                        .at("/rows/0/metric/name")
                        .asText())
                .isEqualTo("errors");

        comparison.addPair(List.of(none), List.of(Metric.lower("W1", "errors", "count", 4)));
        assertThat(RatioTable.markdown(comparison)).contains("| W1 | errors, count | lower | 0.00 | 2.00 | 0.000 |");
    }

    @Test
    void json_holds_every_pair_and_the_conditions() throws IOException {
        pair(6, 3);

        JsonNode root = new ObjectMapper().readTree(ResultFiles.json(comparison, Map.of("java", "17")));
        assertThat(root.at("/subject").asText()).isEqualTo("ours");
        assertThat(root.at("/conditions/java").asText()).isEqualTo("17");
        assertThat(root.at("/rows/0/ratio/median").asDouble()).isEqualTo(2);
        assertThat(root.at("/rows/0/pairs/0/baseline").asDouble()).isEqualTo(3);
    }

    @Test
    void the_page_stands_alone_and_colours_what_is_better() {
        pair(6, 3);
        comparison.addPair(
                List.of(Metric.lower("R1", "p<50>", "us", 9)), List.of(Metric.lower("R1", "p<50>", "us", 3)));

        assertThat(ComparisonPage.html(comparison, Map.of("java", "17")))
                .contains("#2a7f62", "#c2512f", "R1 p&lt;50&gt;")
                .doesNotContain("<script", "http:", "https:", "NaN");
    }

    @Test
    void a_median_lies_between_the_two_in_the_middle() {
        assertThat(Spread.of(List.of(4.0, 1.0))).isEqualTo(new Spread(2.5, 1, 4));
        assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7));
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private void pair(double ours, double theirs) {
        comparison.addPair(
                List.of(Metric.higher("R1", "throughput", "ops/s", ours)),
                List.of(Metric.higher("R1", "throughput", "ops/s", theirs)));
    }
}
