/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The values something had, each from a zxid on. Thread: the test's. */
final class Versions<T> {
    private long[] zxids = new long[2];
    private @Nullable Object[] values = new Object[2];
    private int size;

    void put(long zxid, @Nullable T value) {
        if (size > 0 && zxids[size - 1] == zxid) {
            values[size - 1] = value;
            return;
        }
        if (size == zxids.length) {
            zxids = Arrays.copyOf(zxids, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        zxids[size] = zxid;
        values[size++] = value;
    }

    @Nullable
    T latest() {
        return value(size - 1);
    }

    /** What it was when {@code zxid} was the last transaction; nearly always one of the newest. */
    @Nullable
    T at(long zxid) {
        for (int i = size - 1; i >= Math.max(0, size - 8); i--) {
            if (zxids[i] <= zxid) {
                return value(i);
            }
        }
        int found = Arrays.binarySearch(zxids, 0, size, zxid);
        return value(found >= 0 ? found : -found - 2);
    }

    @SuppressWarnings("unchecked")
    private @Nullable T value(int index) {
        return index < 0 ? null : (T) values[index];
    }
}
