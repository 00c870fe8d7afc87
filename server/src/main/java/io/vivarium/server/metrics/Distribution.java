/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Count, sum, least, greatest and a histogram of what one thread observed.
 *
 * <p>Thread: {@link #record} and {@link #clear} belong to one thread, {@link #addTo} to any. A reader may be a moment
 * behind and may see a sum that is one observation ahead of the count; it never sees half a value.
 */
final class Distribution {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle ROWS = MethodHandles.arrayElementVarHandle(long[][].class);
    /** Keeps the cache lines of two threads apart. */
    private static final int PADDING = 8;

    private static final int COUNT = PADDING;
    private static final int SUM = PADDING + 1;
    private static final int MIN = PADDING + 2;
    private static final int MAX = PADDING + 3;

    private final long[] values = new long[MAX + 1 + PADDING];
    private final long[][] rows = new long[Buckets.ROWS][];

    void record(long observed) {
        record(observed, 1);
    }

    /** The same value, so many times. */
    void record(long observed, int times) {
        long value = Buckets.clamp(observed);
        long count = values[COUNT];
        if (count == 0 || value < values[MIN]) {
            set(MIN, value);
        }
        if (value > values[MAX]) {
            set(MAX, value);
        }
        set(SUM, values[SUM] + value * times);
        long[] row = row(Buckets.rowOf(value));
        int column = Buckets.columnOf(value);
        LONGS.setOpaque(row, column, row[column] + times);
        set(COUNT, count + times);
    }

    void clear() {
        for (long[] row : rows) {
            if (row != null) {
                for (int i = 0; i < row.length; i++) {
                    LONGS.setOpaque(row, i, 0L);
                }
            }
        }
        for (int i = COUNT; i <= MAX; i++) {
            set(i, 0);
        }
    }

    void addTo(SummaryTotal total) {
        long count = get(COUNT);
        if (count == 0) {
            return;
        }
        total.add(count, get(SUM), get(MIN), get(MAX));
        for (int row = 0; row < rows.length; row++) {
            long[] counts = (long[]) ROWS.getAcquire(rows, row);
            if (counts != null) {
                for (int column = 0; column < counts.length; column++) {
                    total.addBucket(row, column, (long) LONGS.getOpaque(counts, column));
                }
            }
        }
    }

    private long[] row(int index) {
        long[] row = rows[index];
        if (row == null) {
            row = new long[Buckets.ROW_SIZE];
            ROWS.setRelease(rows, index, row);
        }
        return row;
    }

    private void set(int index, long value) {
        LONGS.setOpaque(values, index, value);
    }

    private long get(int index) {
        return (long) LONGS.getOpaque(values, index);
    }
}
