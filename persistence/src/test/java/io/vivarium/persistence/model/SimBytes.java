/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.model;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes of a file, which grow in place; zeros where nobody has written. Thread: one. */
final class SimBytes {
    private byte[] array = new byte[0];
    private int length;

    int length() {
        return length;
    }

    void put(long position, byte[] from, int offset, int count) {
        int at = Math.toIntExact(position);
        int end = at + count;
        if (end > array.length) {
            array = Arrays.copyOf(array, Math.max(end, 2 * length));
        }
        System.arraycopy(from, offset, array, at, count);
        length = Math.max(length, end);
    }

    /** As {@code DiskFile.read}. */
    int read(ByteBuffer into, long position) {
        if (position >= length) {
            return -1;
        }
        int at = Math.toIntExact(position);
        int count = Math.min(into.remaining(), length - at);
        into.put(array, at, count);
        return count;
    }

    void cut(long size) {
        if (size < length) {
            int end = Math.toIntExact(size);
            Arrays.fill(array, end, length, (byte) 0);
            length = end;
        }
    }

    byte[] copy() {
        return Arrays.copyOf(array, length);
    }

    /** Takes these bytes, which nobody else keeps. */
    void become(byte[] bytes) {
        array = bytes;
        length = bytes.length;
    }
}
