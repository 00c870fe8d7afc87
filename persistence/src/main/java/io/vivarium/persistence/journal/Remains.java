/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import io.vivarium.persistence.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Adler32;

/**
 * What stands behind the place where a log file stops making sense.
 *
 * <p>A write that was cut off leaves padding behind it. If a whole, later record stands there instead, the stop is a
 * hole, and what was in the hole may have been acknowledged (spec persistence 2.4 has no word for this; stock goes on
 * without those records).
 */
public enum Remains {
    /** Zeros only. */
    NOTHING,
    /** Bytes among which no whole record is found. */
    FRAGMENTS,
    /** At least one whole record with a greater zxid. */
    LATER_RECORD;

    private static final int BLOCK_BYTES = 256 << 10;
    /** How far a search goes behind the first byte that is not zero: more than one group commit writes. */
    private static final int SEARCH_BYTES = 16 << 20;

    /** Looks behind the end at which {@code reader} stands. */
    public static Remains behind(SegmentReader reader, int maxRecordBytes) throws IOException {
        DiskFile file = reader.file();
        long size = file.size();
        // The bytes of a torn record itself are fragments by nature; search from its first byte on, frame excluded.
        long from = Math.min(size, reader.offset() + (reader.end() == SegmentEnd.CLEAN ? 0 : 1));
        long first = findNonZero(file, from, size);
        if (first < 0) {
            return NOTHING;
        }
        // The checksum of a record starts with four zero bytes, so a record may start before its first other byte.
        long start = Math.max(from, first - SegmentFormat.FRAME_BYTES);
        int length = (int) Math.min(SEARCH_BYTES, size - start);
        byte[] bytes = new byte[length];
        readFully(file, ByteBuffer.wrap(bytes), start);
        return holdsRecord(bytes, reader.zxid(), maxRecordBytes) ? LATER_RECORD : FRAGMENTS;
    }

    private static long findNonZero(DiskFile file, long from, long size) throws IOException {
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK_BYTES, size - from));
        byte[] zeros = new byte[block.capacity()];
        for (long at = from; at < size; ) {
            block.clear();
            int count = file.read(block, at);
            if (count < 0) {
                return -1;
            }
            int other = Arrays.mismatch(block.array(), 0, count, zeros, 0, count);
            if (other >= 0) {
                return at + other;
            }
            at += count;
        }
        return -1;
    }

    private static boolean holdsRecord(byte[] array, long zxid, int maxRecordBytes) {
        ByteBuffer bytes = ByteBuffer.wrap(array);
        Adler32 checksum = new Adler32();
        int last = bytes.limit() - SegmentFormat.OVERHEAD_BYTES - SegmentFormat.MIN_PAYLOAD_BYTES;
        for (int i = 0; i <= last; i++) {
            if (bytes.getInt(i) != 0) {
                continue;
            }
            int length = bytes.getInt(i + 8);
            if (length < SegmentFormat.MIN_PAYLOAD_BYTES || length > maxRecordBytes) {
                continue;
            }
            int payload = i + SegmentFormat.FRAME_BYTES;
            if ((long) payload + length >= bytes.limit()
                    || bytes.get(payload + length) != SegmentFormat.END_OF_RECORD
                    || bytes.getLong(payload + SegmentFormat.ZXID_OFFSET) <= zxid) {
                continue;
            }
            checksum.reset();
            checksum.update(array, payload, length);
            if (checksum.getValue() == bytes.getLong(i)) {
                return true;
            }
        }
        return false;
    }

    private static void readFully(DiskFile file, ByteBuffer into, long position) throws IOException {
        while (into.hasRemaining()) {
            if (file.read(into, position + into.position()) < 0) {
                return;
            }
        }
    }
}
