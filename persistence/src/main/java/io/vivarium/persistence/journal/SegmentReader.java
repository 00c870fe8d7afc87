/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.Adler32;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one log file and says how it ends; what an end means is decided elsewhere (spec persistence
 * 2.4). Thread: one at a time.
 */
public final class SegmentReader implements Closeable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final DiskFile file;
    private final int maxRecordBytes;
    private final Adler32 checksum = new Adler32();
    private ByteBuffer buffer;
    private @Nullable ByteBuffer payload;
    /** Offset in the file of the first byte in the buffer. */
    private long bufferStart;

    private long offset;
    private long nextOffset;
    private long zxid = -1;
    private @Nullable SegmentEnd end;
    private String endDetail = "";

    private SegmentReader(DiskFile file, int maxRecordBytes) throws IOException {
        this.file = file;
        this.buffer =
                ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, file.size())).limit(0);
        this.maxRecordBytes = maxRecordBytes;
    }

    /** Opens a file and checks its header; a bad one shows as an end before the first record. */
    public static SegmentReader open(Disk disk, Path path, int maxRecordBytes) throws IOException {
        DiskFile file = disk.openReadOnly(path);
        try {
            SegmentReader reader = new SegmentReader(file, maxRecordBytes);
            reader.readHeader();
            return reader;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    public Path path() {
        return file.path();
    }

    /** Steps to the next record; false at the end, see {@link #end}. */
    public boolean next() throws IOException {
        if (end != null) {
            return false;
        }
        offset = nextOffset;
        int atHand = require(SegmentFormat.FRAME_BYTES);
        if (atHand < SegmentFormat.FRAME_BYTES) {
            return endAt(isZero(buffer) ? SegmentEnd.CLEAN : SegmentEnd.CUT_SHORT, atHand + " bytes left for a frame");
        }
        long expected = buffer.getLong(buffer.position());
        int length = buffer.getInt(buffer.position() + 8);
        if (length == 0) {
            return endAt(SegmentEnd.CLEAN, "padding");
        }
        if (length < 0) {
            return endAt(SegmentEnd.BAD_LENGTH, "Unreasonable length = " + length);
        }
        if (length > maxRecordBytes) {
            return endAt(
                    SegmentEnd.BAD_LENGTH, "Unreasonable length = " + length + " (limit " + maxRecordBytes + " bytes)");
        }
        int whole = length + SegmentFormat.OVERHEAD_BYTES;
        // The size of the file is asked for only where the record is not at hand: it is a system call.
        if (buffer.remaining() < whole) {
            long left = file.size() - offset - SegmentFormat.FRAME_BYTES;
            if (length > left || require(whole) < whole) {
                return endAt(SegmentEnd.CUT_SHORT, "a record of " + length + " bytes, of which " + left + " are there");
            }
        }
        int start = buffer.position() + SegmentFormat.FRAME_BYTES;
        // The end byte goes first: a torn write whose tail is still padding must not count as a broken checksum (T3).
        if (buffer.get(start + length) != SegmentFormat.END_OF_RECORD) {
            return endAt(SegmentEnd.NO_END_BYTE, "a record of " + length + " bytes without its end byte");
        }
        checksum.reset();
        checksum.update(buffer.array(), start, length);
        if (checksum.getValue() != expected) {
            return endAt(
                    SegmentEnd.BAD_CHECKSUM,
                    "CRC check failed: the record says 0x" + Long.toHexString(expected) + ", its " + length
                            + " bytes give 0x" + Long.toHexString(checksum.getValue()));
        }
        if (length < SegmentFormat.MIN_PAYLOAD_BYTES) {
            return endAt(SegmentEnd.NO_TXN_HEADER, "a record of " + length + " bytes, less than a transaction header");
        }
        zxid = buffer.getLong(start + SegmentFormat.ZXID_OFFSET);
        payload = buffer.slice(start, length);
        buffer.position(start + length + 1);
        nextOffset = offset + whole;
        return true;
    }

    /** Zxid of the last record read, -1 before the first. */
    public long zxid() {
        return zxid;
    }

    /** Payload of the record stood on; valid until {@link #next}. */
    public ByteBuffer payload() {
        if (payload == null) {
            throw new IllegalStateException("no record in " + path());
        }
        return payload;
    }

    /** Offset of the record stood on, or of what ended the reading. */
    public long offset() {
        return offset;
    }

    /** Offset just behind the record stood on. */
    public long nextOffset() {
        return nextOffset;
    }

    /** Why {@link #next} said false. */
    public SegmentEnd end() {
        if (end == null) {
            throw new IllegalStateException(path() + " has not been read to its end");
        }
        return end;
    }

    /** The end in words. */
    public String endDetail() {
        return endDetail;
    }

    DiskFile file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void readHeader() throws IOException {
        int atHand = require(SegmentFormat.HEADER_BYTES);
        if (atHand == 0) {
            endAt(SegmentEnd.EMPTY, "no header");
        } else if (atHand < SegmentFormat.HEADER_BYTES) {
            endAt(SegmentEnd.SHORT_HEADER, atHand + " bytes of header instead of " + SegmentFormat.HEADER_BYTES);
        } else {
            int magic = buffer.getInt(buffer.position());
            if (magic == 0 && isZero(buffer.slice(buffer.position(), SegmentFormat.HEADER_BYTES))) {
                endAt(SegmentEnd.BLANK_HEADER, "a header of zeros");
                return;
            }
            if (magic != SegmentFormat.MAGIC) {
                endAt(
                        SegmentEnd.BAD_MAGIC,
                        "Transaction log: " + path() + " has invalid magic number " + magic + " != "
                                + SegmentFormat.MAGIC);
            }
            buffer.position(buffer.position() + SegmentFormat.HEADER_BYTES);
            nextOffset = SegmentFormat.HEADER_BYTES;
        }
    }

    private boolean endAt(SegmentEnd found, String detail) {
        end = found;
        endDetail = detail;
        payload = null;
        return false;
    }

    /** Reads until that many bytes are at hand or the file ends; returns how many are. */
    private int require(int bytes) throws IOException {
        while (buffer.remaining() < bytes) {
            bufferStart += buffer.position();
            if (bytes > buffer.capacity()) {
                buffer = ByteBuffer.allocate(bytes).put(buffer);
            } else {
                buffer.compact();
            }
            int count = file.read(buffer, bufferStart + buffer.position());
            buffer.flip();
            if (count < 0) {
                break;
            }
        }
        return buffer.remaining();
    }

    private static boolean isZero(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
