/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

import io.vivarium.bench.load.IntervalSample;

/**
 * One interval on the time line.
 *
 * @param seconds end of the interval, from the start of measuring
 * @param opsPerSecond operations answered without error
 * @param errors errors of all kinds
 * @param latency of reads and writes
 * @param longestGapMillis the longest time without any reply
 */
public record TimePoint(
        double seconds, double opsPerSecond, long errors, LatencySummary latency, double longestGapMillis) {

    public static TimePoint of(IntervalSample sample, long elapsedNanos, long intervalNanos) {
        return new TimePoint(
                Math.round(elapsedNanos / 1e6) / 1e3,
                Math.round(sample.operations() * 1e10 / Math.max(1, intervalNanos)) / 10.0,
                sample.errorCount(),
                LatencySummary.of(sample.all()),
                Math.round(sample.longestGapNanos() / 1e4) / 1e2);
    }
}
