/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

/** How long a log file is made, as a pure rule (spec persistence 2.3). */
final class Preallocation {
    /** A file grows when fewer bytes than this are left. */
    private static final int LOW_WATER_BYTES = 4096;

    private Preallocation() {}

    /**
     * The length the file must have before the next record.
     *
     * @param position bytes written
     * @param size current length
     * @param step 0 or less: no padding
     */
    static long sizeFor(long position, long size, long step) {
        if (step <= 0 || position + LOW_WATER_BYTES < size) {
            return size;
        }
        if (position > size) {
            return (position + step) / step * step;
        }
        return size + step;
    }
}
