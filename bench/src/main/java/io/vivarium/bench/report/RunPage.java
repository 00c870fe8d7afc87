/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** One run as a page: its numbers, latency and throughput over time. Thread: any; stateless. */
public final class RunPage {
    private RunPage() {}

    public static String html(RunResult result) {
        List<TimePoint> line = result.timeLine();
        List<Double> times = values(line, TimePoint::seconds);
        String body = "<p>" + Html.escape(result.spec() + " on " + String.join(", ", result.servers())) + "</p>\n"
                + table(result)
                + SvgPlot.draw(
                        "Latency over time",
                        "microseconds",
                        times,
                        List.of(
                                new SvgPlot.Line("p50", "#2a7f62", values(line, p -> p.latency()
                                        .p50Micros())),
                                new SvgPlot.Line("p99", "#c98a1b", values(line, p -> p.latency()
                                        .p99Micros())),
                                new SvgPlot.Line("p99.9", "#c2512f", values(line, p -> p.latency()
                                        .p999Micros())),
                                new SvgPlot.Line("max", "#7a2f6f", values(line, p -> p.latency()
                                        .maxMicros()))),
                        SvgPlot.Scale.POWERS_OF_TEN)
                + SvgPlot.draw(
                        "Throughput over time",
                        "operations per second",
                        times,
                        List.of(new SvgPlot.Line("ops/s", "#24618f", values(line, TimePoint::opsPerSecond))),
                        SvgPlot.Scale.LINEAR);
        return Html.page(result.workload() + ": " + result.title(), body);
    }

    private static String table(RunResult result) {
        StringBuilder out = new StringBuilder("<table><tr><th></th><th>count</th><th>p50</th><th>p90</th><th>p99</th>"
                + "<th>p99.9</th><th>p99.99</th><th>max</th></tr>\n");
        row(out, "all", result.latency());
        row(out, "reads", result.reads());
        row(out, "writes", result.writes());
        out.append("</table>\n<p>")
                .append(RatioTable.number(result.opsPerSecond()))
                .append(" operations per second over ")
                .append(RatioTable.number(result.seconds()))
                .append(" s; latencies in microseconds; errors: ")
                .append(Html.escape(result.errors().toString()))
                .append("; longest time without a reply ")
                .append(RatioTable.number(result.longestGapMillis()))
                .append(" ms.</p>\n");
        return out.toString();
    }

    private static void row(StringBuilder out, String name, LatencySummary of) {
        if (of.count() > 0) {
            out.append(String.format(
                    Locale.ROOT,
                    "<tr><td>%s</td><td>%,d</td><td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%.1f</td><td>%.1f</td>"
                            + "<td>%.1f</td></tr>%n",
                    name,
                    of.count(),
                    of.p50Micros(),
                    of.p90Micros(),
                    of.p99Micros(),
                    of.p999Micros(),
                    of.p9999Micros(),
                    of.maxMicros()));
        }
    }

    private static List<Double> values(List<TimePoint> line, ToDoubleFunction<TimePoint> of) {
        return line.stream().map(point -> of.applyAsDouble(point)).toList();
    }
}
