/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What all threads together observed of one thing, at one moment; 0 everywhere if they observed nothing.
 *
 * <p>Thread: whoever makes it.
 */
public final class SummaryTotal {
    private static final int BUCKETS = Buckets.ROWS * Buckets.ROW_SIZE;

    private final Summary.Detail detail;
    /** Null where no value of that magnitude was seen. */
    private final long[] @Nullable [] rows = new long[Buckets.ROWS][];

    private long count;
    private long sum;
    private long min;
    private long max;

    SummaryTotal(Summary.Detail detail) {
        this.detail = detail;
    }

    /** Nothing observed. */
    public static SummaryTotal none(Summary.Detail detail) {
        return new SummaryTotal(detail);
    }

    void add(long otherCount, long otherSum, long otherMin, long otherMax) {
        min = count == 0 ? otherMin : Math.min(min, otherMin);
        max = Math.max(max, otherMax);
        count += otherCount;
        sum += otherSum;
    }

    void addBucket(int row, int column, long observed) {
        if (observed == 0) {
            return;
        }
        if (rows[row] == null) {
            rows[row] = new long[Buckets.ROW_SIZE];
        }
        rows[row][column] += observed;
    }

    public Summary.Detail detail() {
        return detail;
    }

    public long count() {
        return count;
    }

    public long sum() {
        return sum;
    }

    public long min() {
        return min;
    }

    public long max() {
        return max;
    }

    public double mean() {
        return count == 0 ? 0 : (double) sum / count;
    }

    /** The value that the given part of all observations does not exceed; 0 if there are none. */
    public long quantile(double part) {
        return Math.max(0, quantileSince(null, part));
    }

    /**
     * The same of what was observed after an earlier total; -1 if there is nothing.
     *
     * @param earlier null for the beginning
     */
    public long quantileSince(@Nullable SummaryTotal earlier, double part) {
        long observed = 0;
        for (int i = 0; i < BUCKETS; i++) {
            observed += since(earlier, i);
        }
        if (observed == 0) {
            return -1;
        }
        long rank = Math.max(1, (long) Math.ceil(part * observed));
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += since(earlier, i);
            if (seen >= rank) {
                long middle = Buckets.valueAt(i / Buckets.ROW_SIZE, i % Buckets.ROW_SIZE);
                return Math.max(min, Math.min(max, middle));
            }
        }
        throw new IllegalStateException("rank " + rank + " of " + observed + " observations is in no bucket");
    }

    private long since(@Nullable SummaryTotal earlier, int bucket) {
        return earlier == null ? at(bucket) : Math.max(0, at(bucket) - earlier.at(bucket));
    }

    private long at(int bucket) {
        long[] row = rows[bucket / Buckets.ROW_SIZE];
        return row == null ? 0 : row[bucket % Buckets.ROW_SIZE];
    }
}
