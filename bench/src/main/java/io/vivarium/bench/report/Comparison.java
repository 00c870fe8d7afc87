/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values of two sides, pair by pair, and the ratios that follow.
 *
 * <p>A ratio is subject over baseline within one pair, so that what disturbs the machine for a while disturbs both. The
 * table shows the median of ratios, not the ratio of medians. Thread: one.
 */
public final class Comparison {
    private final String subject;
    private final String baseline;
    private final Map<Metric, List<Pair>> pairs = new LinkedHashMap<>();

    /** The two values of one pair; null where a side gave none. */
    public record Pair(@Nullable Double subject, @Nullable Double baseline) {
        /** Subject over baseline, or null if it has no meaning. */
        @Nullable
        Double ratio() {
            Double over = subject;
            Double under = baseline;
            return over == null || under == null || under == 0 ? null : over / under;
        }
    }

    /** One line of the table. Ratio and spreads are null where nothing was measured. */
    public record Row(
            Metric metric,
            @Nullable Spread subject,
            @Nullable Spread baseline,
            @Nullable Spread ratio,
            List<Pair> pairs) {
        /** Zero on both sides in each pair, as errors should be. */
        boolean isNothing() {
            return pairs.stream().allMatch(pair -> isZero(pair.subject()) && isZero(pair.baseline()));
        }

        private static boolean isZero(@Nullable Double value) {
            return value != null && value == 0;
        }
    }

    public Comparison(String subject, String baseline) {
        this.subject = subject;
        this.baseline = baseline;
    }

    public String subject() {
        return subject;
    }

    public String baseline() {
        return baseline;
    }

    /** Adds what both sides gave in one pair. */
    public void addPair(List<Metric.Value> ofSubject, List<Metric.Value> ofBaseline) {
        Map<Metric, Double> left = byMetric(ofSubject);
        Map<Metric, Double> right = byMetric(ofBaseline);
        Map<Metric, Double> both = new LinkedHashMap<>(left);
        right.forEach(both::putIfAbsent);
        for (Metric metric : both.keySet()) {
            pairs.computeIfAbsent(metric, any -> new ArrayList<>()).add(new Pair(left.get(metric), right.get(metric)));
        }
    }

    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        pairs.forEach((metric, all) -> rows.add(new Row(
                metric,
                spread(all.stream().map(Pair::subject).toList()),
                spread(all.stream().map(Pair::baseline).toList()),
                spread(all.stream().map(Pair::ratio).toList()),
                List.copyOf(all))));
        return rows;
    }

    private static @Nullable Spread spread(List<@Nullable Double> values) {
        List<Double> present = new ArrayList<>();
        for (Double value : values) {
            if (value != null) {
                present.add(Objects.requireNonNull(value));
            }
        }
        return present.isEmpty() ? null : Spread.of(present);
    }

    private static Map<Metric, Double> byMetric(List<Metric.Value> values) {
        Map<Metric, Double> map = new LinkedHashMap<>();
        values.forEach(value -> map.put(value.metric(), value.value()));
        return map;
    }
}
