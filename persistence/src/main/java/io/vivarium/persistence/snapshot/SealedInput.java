/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import io.vivarium.protocol.jute.MalformedDataException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.Adler32;

/**
 * A buffered stream that sums up what was consumed from its buffer and checks seals against that sum (spec persistence
 * 4.1). The buffer grows when one element does not fit.
 */
final class SealedInput {
    private static final int BUFFER_BYTES = 256 << 10;

    private final InputStream in;
    private final Adler32 checksum = new Adler32();
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    /** Where the bytes start that are consumed but not yet summed up. */
    private int unsummed;

    private long dropped;

    SealedInput(InputStream in) {
        this.in = in;
    }

    /** The bytes at hand; whoever takes some moves the position. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Bytes consumed since the start. */
    long position() {
        return dropped + buffer.position();
    }

    /** Reads more behind the bytes at hand; false at the end of the stream. */
    boolean fill() throws IOException {
        sumUp();
        dropped += buffer.position();
        buffer.compact();
        unsummed = 0;
        if (!buffer.hasRemaining()) {
            buffer = ByteBuffer.allocate(Math.multiplyExact(buffer.capacity(), 2))
                    .put(buffer.flip());
        }
        int count = in.read(buffer.array(), buffer.position(), buffer.remaining());
        if (count > 0) {
            buffer.position(buffer.position() + count);
        }
        buffer.flip();
        return count >= 0;
    }

    /** Reads until that many bytes are at hand or the stream ends; returns how many are. */
    int require(int bytes) throws IOException {
        while (buffer.remaining() < bytes && fill()) {
            // fill() made progress.
        }
        return buffer.remaining();
    }

    void checkSeal(String what) throws IOException {
        if (require(SnapshotFormat.SEAL_BYTES) < SnapshotFormat.SEAL_BYTES) {
            throw new EOFException("file ends within " + what + " at offset " + position());
        }
        sumUp();
        long offset = position();
        long actual = checksum.getValue();
        long expected = buffer.getLong();
        if (actual != expected) {
            throw MalformedDataException.badValue(
                    offset,
                    "CRC corruption: " + what + " says 0x" + Long.toHexString(expected)
                            + ", the bytes before it give 0x" + Long.toHexString(actual));
        }
        if (buffer.getInt() != 1 || buffer.get() != '/') {
            throw MalformedDataException.badValue(offset + 8, what + " does not end in /");
        }
    }

    private void sumUp() {
        checksum.update(buffer.array(), unsummed, buffer.position() - unsummed);
        unsummed = buffer.position();
    }
}
