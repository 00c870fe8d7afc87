/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

import org.HdrHistogram.Histogram;

/** A histogram in a few numbers; microseconds, 0 throughout if nothing was measured. */
public record LatencySummary(
        long count,
        double meanMicros,
        double p50Micros,
        double p90Micros,
        double p99Micros,
        double p999Micros,
        double p9999Micros,
        double maxMicros) {

    /** Summarises nanoseconds. */
    public static LatencySummary of(Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return new LatencySummary(0, 0, 0, 0, 0, 0, 0, 0);
        }
        return new LatencySummary(
                nanos.getTotalCount(),
                micros(nanos.getMean()),
                micros((double) nanos.getValueAtPercentile(50)),
                micros((double) nanos.getValueAtPercentile(90)),
                micros((double) nanos.getValueAtPercentile(99)),
                micros((double) nanos.getValueAtPercentile(99.9)),
                micros((double) nanos.getValueAtPercentile(99.99)),
                micros((double) nanos.getMaxValue()));
    }

    private static double micros(double nanos) {
        return Math.round(nanos / 100.0) / 10.0;
    }
}
