/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What was measured in one interval: latencies of reads and writes in nanoseconds, errors by name, notifications, and
 * the longest time in which no reply came. Histograms are handed over, not copied: the holder owns them.
 */
public record IntervalSample(
        Histogram reads, Histogram writes, Map<String, Long> errors, long notifications, long longestGapNanos) {
    /** Latencies above this count as this: two minutes. */
    public static final long MAX_LATENCY_NANOS = 120_000_000_000L;

    /** Microsecond resolution, three digits. */
    public static Histogram newHistogram() {
        return new Histogram(1_000, MAX_LATENCY_NANOS, 3);
    }

    public static IntervalSample empty() {
        return new IntervalSample(newHistogram(), newHistogram(), new TreeMap<>(), 0, 0);
    }

    public long operations() {
        return reads.getTotalCount() + writes.getTotalCount();
    }

    public long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Reads and writes in one histogram. */
    public Histogram all() {
        Histogram all = reads.copy();
        all.add(writes);
        return all;
    }

    /** Both together; the longest gap is the longer of the two. */
    public IntervalSample plus(IntervalSample other) {
        Histogram bothReads = reads.copy();
        bothReads.add(other.reads);
        Histogram bothWrites = writes.copy();
        bothWrites.add(other.writes);
        Map<String, Long> bothErrors = new TreeMap<>(errors);
        other.errors.forEach((what, times) -> bothErrors.merge(what, times, Long::sum));
        return new IntervalSample(
                bothReads,
                bothWrites,
                bothErrors,
                notifications + other.notifications,
                Math.max(longestGapNanos, other.longestGapNanos));
    }
}
