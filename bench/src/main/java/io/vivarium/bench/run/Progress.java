/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

import io.vivarium.bench.load.IntervalSample;
import io.vivarium.bench.report.LatencySummary;
import io.vivarium.bench.report.TimePoint;
import java.util.Locale;

/** The line that is shown each second. Thread: any; stateless. */
final class Progress {
    private Progress() {}

    static String line(String label, TimePoint point, IntervalSample sample) {
        LatencySummary latency = point.latency();
        String text = String.format(
                Locale.ROOT,
                "%-12s %7.1f s %,12.0f ops/s   p50 %s  p99 %s  p99.9 %s  max %s",
                label,
                point.seconds(),
                point.opsPerSecond(),
                duration(latency.p50Micros()),
                duration(latency.p99Micros()),
                duration(latency.p999Micros()),
                duration(latency.maxMicros()));
        return sample.errors().isEmpty() ? text : text + "   errors " + sample.errors();
    }

    static String duration(double micros) {
        if (micros >= 1e6) {
            return String.format(Locale.ROOT, "%.2f s", micros / 1e6);
        }
        return micros >= 1e3
                ? String.format(Locale.ROOT, "%.2f ms", micros / 1e3)
                : String.format(Locale.ROOT, "%.0f us", micros);
    }
}
