/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

import java.util.List;
import java.util.Locale;

/**
 * A small line chart as SVG: time to the right, values up, linear or by powers of ten. Thread: any; stateless.
 */
final class SvgPlot {
    private static final int WIDTH = 920;
    private static final int HEIGHT = 300;
    private static final int LEFT = 80;
    private static final int TOP = 16;
    private static final int BOTTOM = 36;
    private static final int RIGHT = 120;

    /** A named line; values belong to the times of the plot. */
    record Line(String name, String colour, List<Double> values) {}

    /** How values map to height. */
    enum Scale {
        LINEAR,
        POWERS_OF_TEN
    }

    private SvgPlot() {}

    static String draw(String title, String unit, List<Double> times, List<Line> lines, Scale scale) {
        double most = 1;
        double least = Double.MAX_VALUE;
        for (Line line : lines) {
            for (double value : line.values()) {
                most = Math.max(most, value);
                least = value > 0 ? Math.min(least, value) : least;
            }
        }
        double low = scale == Scale.LINEAR ? 0 : Math.floor(Math.log10(Math.min(least, most)));
        double high = scale == Scale.LINEAR ? most * 1.1 : Math.max(low + 1, Math.ceil(Math.log10(most)));
        double end = times.isEmpty() ? 1 : Math.max(1e-9, times.get(times.size() - 1));
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<h2>%s</h2>%n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                Html.escape(title),
                WIDTH,
                HEIGHT,
                Html.escape(title)));
        grid(svg, unit, low, high, end, scale);
        int label = 0;
        for (Line line : lines) {
            StringBuilder points = new StringBuilder();
            for (int i = 0; i < times.size(); i++) {
                double value = line.values().get(i);
                double place = scale == Scale.LINEAR ? value : Math.log10(Math.max(value, Math.pow(10, low)));
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(times.get(i), end), y(place, low, high)));
            }
            svg.append(String.format(
                    Locale.ROOT,
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" points=\"%s\"/>%n",
                    line.colour(),
                    points.toString().trim()));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
                    WIDTH - RIGHT + 12,
                    TOP + 14 + 18 * label++,
                    line.colour(),
                    Html.escape(line.name())));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void grid(StringBuilder svg, String unit, double low, double high, double end, Scale scale) {
        double step = scale == Scale.LINEAR ? (high - low) / 4 : 1;
        for (double level = low; level <= high + step / 100; level += step) {
            double y = y(level, low, high);
            double value = scale == Scale.LINEAR ? level : Math.pow(10, level);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    LEFT,
                    WIDTH - RIGHT,
                    y,
                    y,
                    LEFT - 8,
                    y + 4,
                    RatioTable.number(value)));
        }
        for (int i = 0; i <= 4; i++) {
            double time = end * i / 4;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.1f s</text>%n",
                    x(time, end),
                    HEIGHT - 12,
                    time));
        }
        svg.append(String.format(Locale.ROOT, "<text x=\"4\" y=\"12\">%s</text>%n", Html.escape(unit)));
    }

    private static double x(double time, double end) {
        return LEFT + (WIDTH - LEFT - RIGHT) * time / end;
    }

    private static double y(double value, double low, double high) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - low) / (high - low));
    }
}
