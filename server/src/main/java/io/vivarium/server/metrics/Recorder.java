/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What one thread counts and measures.
 *
 * <p>Thread: everything public belongs to the owner of the recorder; it costs an add and a store, and an object only the
 * first time. The rest may be called by any thread. {@link #askReset} asks the owner to begin anew with its next
 * observation; until then the recorder counts as empty.
 */
// Ordinals are places in arrays that live and end with this process; nothing keeps them.
@SuppressWarnings("EnumOrdinal")
public final class Recorder {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final Counter[] COUNTERS = Counter.values();
    private static final Summary[] SUMMARIES = Summary.values();
    /** Keeps the cache lines of two threads apart. */
    private static final int PADDING = 8;

    private final long[] counters = new long[PADDING + COUNTERS.length + PADDING];
    private final AtomicReferenceArray<@Nullable Distribution> summaries = new AtomicReferenceArray<>(SUMMARIES.length);
    private final NamespaceTraffic reads = new NamespaceTraffic();
    private final NamespaceTraffic writes = new NamespaceTraffic();
    private volatile boolean resetAsked;

    /** Made by {@link Metrics#newRecorder}, or by a test that looks at nothing. */
    public Recorder() {}

    public void add(Counter counter, long delta) {
        applyReset();
        int index = PADDING + counter.ordinal();
        LONGS.setOpaque(counters, index, counters[index] + delta);
    }

    public void record(Summary summary, long value) {
        record(summary, value, 1);
    }

    /** The same value, so many times. */
    public void record(Summary summary, long value, int times) {
        applyReset();
        Distribution distribution = summaries.getPlain(summary.ordinal());
        if (distribution == null) {
            distribution = new Distribution();
            summaries.setRelease(summary.ordinal(), distribution);
        }
        distribution.record(value, times);
    }

    /** A time in nanoseconds, recorded in whole milliseconds as stock does. */
    public void recordNanos(Summary summary, long nanos) {
        record(summary, nanos / 1_000_000);
    }

    /** Bytes read below the first element of a path. */
    public void read(String path, long bytes) {
        applyReset();
        reads.record(path, bytes);
    }

    /** The same for a path that stands in ASCII in an array. */
    public void read(byte[] ascii, int offset, int length, long bytes) {
        applyReset();
        reads.record(ascii, offset, length, bytes);
    }

    /** Bytes written below the first element of a path. */
    public void written(String path, long bytes) {
        applyReset();
        writes.record(path, bytes);
    }

    private void applyReset() {
        if (resetAsked) {
            for (Counter counter : COUNTERS) {
                LONGS.setOpaque(counters, PADDING + counter.ordinal(), 0L);
            }
            for (int i = 0; i < SUMMARIES.length; i++) {
                Distribution distribution = summaries.getPlain(i);
                if (distribution != null) {
                    distribution.clear();
                }
            }
            reads.clear();
            writes.clear();
            resetAsked = false;
        }
    }

    // ---- For reports, on any thread -----------------------------------------------------------------------------

    void askReset() {
        resetAsked = true;
    }

    long count(Counter counter) {
        return resetAsked ? 0 : (long) LONGS.getOpaque(counters, PADDING + counter.ordinal());
    }

    void addTo(Summary summary, SummaryTotal total) {
        Distribution distribution = summaries.getAcquire(summary.ordinal());
        if (distribution != null && !resetAsked) {
            distribution.addTo(total);
        }
    }

    void addReadsTo(Map<String, SummaryTotal> totals) {
        addTraffic(reads, totals);
    }

    void addWritesTo(Map<String, SummaryTotal> totals) {
        addTraffic(writes, totals);
    }

    private void addTraffic(NamespaceTraffic traffic, Map<String, SummaryTotal> totals) {
        if (resetAsked) {
            traffic.addNamesTo(totals);
        } else {
            traffic.addTo(totals);
        }
    }
}
