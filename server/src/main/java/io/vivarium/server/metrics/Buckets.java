/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

/**
 * Which values are counted together: each one below 32 on its own, then sixteen groups for each power of two.
 *
 * <p>A quantile is off by a thirty-second at most. Sixteen neighbours make a row, so that whoever counts needs memory only
 * for magnitudes that really occur. Pure; values are 0 to {@link #MAX_VALUE}.
 */
final class Buckets {
    static final int ROW_SIZE = 16;
    static final long MAX_VALUE = (1L << 32) - 1;
    static final int ROWS = rowOf(MAX_VALUE) + 1;

    private static final int SUB_BITS = 4;

    private Buckets() {}

    /** What is counted for a value: negative ones as 0, those beyond the greatest as the greatest. */
    static long clamp(long value) {
        return Math.max(0, Math.min(MAX_VALUE, value));
    }

    static int rowOf(long value) {
        return value < ROW_SIZE ? 0 : Long.SIZE - SUB_BITS - Long.numberOfLeadingZeros(value);
    }

    static int columnOf(long value) {
        int row = rowOf(value);
        return (int) (row == 0 ? value : value >>> (row - 1)) & (ROW_SIZE - 1);
    }

    /** The middle of the values counted there. */
    static long valueAt(int row, int column) {
        if (row <= 1) {
            return (long) row * ROW_SIZE + column;
        }
        int shift = row - 1;
        long first = (long) (ROW_SIZE + column) << shift;
        return first + ((1L << shift) - 1) / 2;
    }
}
