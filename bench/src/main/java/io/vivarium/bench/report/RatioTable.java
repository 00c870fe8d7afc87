/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A comparison as a Markdown table. Thread: any; stateless. */
public final class RatioTable {
    private RatioTable() {}

    public static String markdown(Comparison comparison) {
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "| workload | measure | better | %s | %s | ratio | least..most | pairs |%n",
                comparison.subject(),
                comparison.baseline()));
        out.append(String.format(Locale.ROOT, "|---|---|---|---:|---:|---:|---:|---:|%n"));
        for (Comparison.Row row : comparison.rows()) {
            if (row.isNothing()) {
                continue;
            }
            Metric metric = row.metric();
            Spread ratio = row.ratio();
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %s, %s | %s | %s | %s | %s | %s | %d |%n",
                    metric.workload(),
                    metric.name(),
                    metric.unit(),
                    metric.better().name().toLowerCase(Locale.ROOT),
                    median(row.subject()),
                    median(row.baseline()),
                    ratio == null ? "-" : ratioText(ratio.median()),
                    ratio == null ? "-" : ratioText(ratio.least()) + ".." + ratioText(ratio.most()),
                    row.pairs().size()));
        }
        return out.toString();
    }

    /** Three digits for numbers from one on, whole numbers with separators for large ones. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 1_000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    private static String ratioText(double ratio) {
        return String.format(Locale.ROOT, ratio >= 100 ? "%.0f" : ratio >= 10 ? "%.1f" : "%.3f", ratio);
    }

    private static String median(@Nullable Spread spread) {
        return spread == null ? "-" : number(spread.median());
    }
}
