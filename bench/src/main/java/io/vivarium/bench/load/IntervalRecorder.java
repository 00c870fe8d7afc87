/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Collects what one event loop measured since the last {@link #rotate}. Thread: that event loop. */
public final class IntervalRecorder {
    private Histogram reads = IntervalSample.newHistogram();
    private Histogram writes = IntervalSample.newHistogram();
    private Map<String, Long> errors = new TreeMap<>();
    private long notifications;
    private long lastReplyNanos;
    private long longestGapNanos;

    public IntervalRecorder(long nowNanos) {
        this.lastReplyNanos = nowNanos;
    }

    /** A request was answered. */
    public void reply(int kind, long startNanos, long nowNanos) {
        long latency = Math.max(0, Math.min(nowNanos - startNanos, IntervalSample.MAX_LATENCY_NANOS));
        (kind == RequestSource.READ ? reads : writes).recordValue(latency);
        if (nowNanos != lastReplyNanos) {
            longestGapNanos = Math.max(longestGapNanos, nowNanos - lastReplyNanos);
            lastReplyNanos = nowNanos;
        }
    }

    public void notification() {
        notifications++;
    }

    public void error(String what, long times) {
        if (times > 0) {
            errors.merge(what, times, Long::sum);
        }
    }

    /** Starts counting pauses anew, for a load that begins now. */
    public void restartGap(long nowNanos) {
        lastReplyNanos = nowNanos;
        longestGapNanos = 0;
    }

    /**
     * Hands out the interval and starts the next.
     *
     * <p>A pause that is still going on is reported as far as it goes and carried over, so a pause longer than an
     * interval shows at its whole length in the interval where it ends.
     */
    public IntervalSample rotate(long nowNanos) {
        long gap = Math.max(longestGapNanos, nowNanos - lastReplyNanos);
        IntervalSample sample = new IntervalSample(reads, writes, errors, notifications, gap);
        reads = IntervalSample.newHistogram();
        writes = IntervalSample.newHistogram();
        errors = new TreeMap<>();
        notifications = 0;
        longestGapNanos = 0;
        return sample;
    }
}
