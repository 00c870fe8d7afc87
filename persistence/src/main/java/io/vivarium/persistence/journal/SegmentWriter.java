/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import io.vivarium.persistence.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.Adler32;

/**
 * Writes one log file.
 *
 * <p>Thread: {@code journal}. Records gather in the buffer that all segments share and go out in one write. The length
 * of the file follows {@link Preallocation} until {@link #finish}; ahead of the records the padding is written as real zeros, so that an fsync
 * finds its blocks allocated and need not touch the file system's own log.
 */
final class SegmentWriter {
    private final DiskFile file;
    private final JournalConfig config;
    private final ByteBuffer buffer;
    private final ByteBuffer zeros;
    private final Adler32 checksum = new Adler32();
    /** Offset of the first byte in the buffer. */
    private long flushed;
    /** Length of the file by the rule. */
    private long size;
    /** Up to here the blocks hold data or real zeros. */
    private long backed;

    /** Writes the header first, before anything makes the file longer. */
    SegmentWriter(DiskFile file, JournalConfig config, ByteBuffer buffer, ByteBuffer zeros) throws IOException {
        this.file = file;
        this.config = config;
        this.buffer = buffer.clear();
        this.zeros = zeros;
        SegmentFormat.putHeader(buffer);
        this.size = SegmentFormat.HEADER_BYTES;
        flush();
    }

    DiskFile file() {
        return file;
    }

    /** Bytes written so far, header included. */
    long position() {
        return flushed + buffer.position();
    }

    void append(byte[] payload, int offset, int length) throws IOException {
        long wanted = Preallocation.sizeFor(position(), size, config.preAllocBytes());
        if (wanted != size) {
            file.write(zeros.clear().limit(1), wanted - 1);
            size = wanted;
        }
        checksum.reset();
        checksum.update(payload, offset, length);
        if (buffer.remaining() < SegmentFormat.FRAME_BYTES) {
            flush();
        }
        buffer.putLong(checksum.getValue()).putInt(length);
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int piece = Math.min(end - at, buffer.remaining());
            buffer.put(payload, at, piece);
            at += piece;
        }
        if (!buffer.hasRemaining()) {
            flush();
        }
        buffer.put(SegmentFormat.END_OF_RECORD);
    }

    /** Hands everything to the operating system. */
    void flush() throws IOException {
        if (buffer.position() == 0) {
            return;
        }
        long end = position();
        if (end > backed) {
            // The records have caught up with the zeros; write the next ones in front of them in the same turn.
            zeroAhead(end);
        }
        buffer.flip();
        file.write(buffer, flushed);
        buffer.clear();
        flushed = end;
    }

    /** No more records come: the file ends behind the last, so that nobody has to look through the padding for others. */
    void finish() throws IOException {
        flush();
        if (size > flushed) {
            file.truncate(flushed);
        }
    }

    /** Writes zeros ahead if less than half of what is wanted is left; true if it did. */
    boolean prepareAhead() throws IOException {
        if (backed - position() >= config.zeroAheadBytes() / 2) {
            return false;
        }
        long before = backed;
        zeroAhead(position());
        return backed > before;
    }

    private void zeroAhead(long from) throws IOException {
        // Never behind the length by the rule: stock readers and writers see the sizes they know.
        long to = Math.min(size, from + config.zeroAheadBytes());
        for (long at = Math.max(backed, from); at < to; ) {
            int piece = (int) Math.min(zeros.capacity(), to - at);
            file.write(zeros.clear().limit(piece), at);
            at += piece;
        }
        backed = Math.max(backed, Math.max(from, to));
    }
}
