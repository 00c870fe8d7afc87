/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A comparison as a page: a bar for each ratio, on a scale of powers of two, green where the subject is better. Thread:
 * any; stateless.
 */
public final class ComparisonPage {
    private static final int ROW = 26;
    private static final int LABELS = 330;
    private static final int WIDTH = 960;
    private static final int SPAN = 500;

    private ComparisonPage() {}

    public static String html(Comparison comparison, Map<String, String> conditions) {
        StringBuilder body = new StringBuilder("<p>Ratio of ")
                .append(Html.escape(comparison.subject()))
                .append(" to ")
                .append(Html.escape(comparison.baseline()))
                .append(": bar to the median, whisker from least to most.</p>\n<ul>");
        conditions.forEach((name, value) ->
                body.append("<li>").append(Html.escape(name + ": " + value)).append("</li>"));
        body.append("</ul>\n").append(bars(comparison.rows()));
        return Html.page(comparison.subject() + " against " + comparison.baseline(), body.toString());
    }

    /** The bars alone, as a picture for a page of documentation. */
    public static String svg(Comparison comparison) {
        return bars(comparison.rows())
                .replaceFirst(
                        "<svg ",
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\" font-size=\"13\" ");
    }

    private static String bars(List<Comparison.Row> rows) {
        double reach = 1;
        List<Comparison.Row> drawn = new ArrayList<>();
        for (Comparison.Row row : rows) {
            Spread ratio = row.ratio();
            if (ratio != null && ratio.least() > 0) {
                drawn.add(row);
                reach = Math.max(reach, Math.max(Math.abs(log2(ratio.least())), Math.abs(log2(ratio.most()))));
            }
        }
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"ratios\">%n",
                WIDTH,
                ROW * (drawn.size() + 1)));
        int y = 4;
        for (Comparison.Row row : drawn) {
            Spread ratio = row.ratio();
            if (ratio != null) {
                bar(svg, row.metric(), ratio, reach, y);
                y += ROW;
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder svg, Metric metric, Spread ratio, double reach, int y) {
        boolean good = metric.better() == Metric.Better.HIGHER ? ratio.median() >= 1 : ratio.median() <= 1;
        double one = x(1, reach);
        double to = x(ratio.median(), reach);
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"16\" "
                        + "fill=\"%s\"/><line stroke=\"#1d2a35\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                        + "<text x=\"%d\" y=\"%d\">%.3f</text>%n",
                LABELS,
                y + 13,
                Html.escape(metric.workload() + " " + metric.name()),
                Math.min(one, to),
                y,
                Math.abs(to - one),
                good ? "#2a7f62" : "#c2512f",
                x(ratio.least(), reach),
                x(ratio.most(), reach),
                y + 8,
                y + 8,
                WIDTH - 90,
                y + 13,
                ratio.median()));
    }

    private static double x(double ratio, double reach) {
        return LABELS + 20 + SPAN / 2.0 + SPAN / 2.0 * log2(ratio) / reach;
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
