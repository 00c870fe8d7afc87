/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.tool;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Adler32;
import org.jspecify.annotations.Nullable;

/** Steps through a log file and does not stop at broken checksums (spec persistence 2.1, 2.2). Thread: one. */
final class RawLog implements Closeable {
    static final int MAGIC = 0x5A4B4C47;
    static final byte END_OF_RECORD = 0x42;
    private static final int FRAME_BYTES = 12;
    private static final int ZXID_OFFSET = 12;

    /** One whole record. */
    record Entry(long checksum, byte[] payload) {
        long actualChecksum() {
            Adler32 sum = new Adler32();
            sum.update(payload);
            return sum.getValue();
        }

        boolean isIntact() {
            return checksum == actualChecksum();
        }

        /** -1 if the record is too short to have one. */
        long zxid() {
            return payload.length < ZXID_OFFSET + Long.BYTES
                    ? -1
                    : java.nio.ByteBuffer.wrap(payload).getLong(ZXID_OFFSET);
        }
    }

    private final DataInputStream in;
    private long left;
    final int magic;
    final int version;
    final long dbid;

    RawLog(Path file) throws IOException {
        this.left = Files.size(file) - 16;
        this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        try {
            this.magic = in.readInt();
            this.version = in.readInt();
            this.dbid = in.readLong();
        } catch (EOFException e) {
            in.close();
            throw new EOFException(file + " ends within its header");
        }
    }

    /** The next record, or null where the log ends. */
    @Nullable
    Entry next() throws IOException {
        if (left < FRAME_BYTES) {
            return null;
        }
        long checksum = in.readLong();
        int length = in.readInt();
        left -= FRAME_BYTES;
        if (length <= 0 || length >= left) {
            return null;
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        left -= length + 1L;
        return in.readByte() == END_OF_RECORD ? new Entry(checksum, payload) : null;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
