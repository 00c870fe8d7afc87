/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.jute;

/**
 * Bytes that cannot be what they claim to be.
 *
 * <p>A peer fault: it ends the one connection, file or start-up the bytes came from and nothing else. The message names
 * the offset, the value found and the limit it broke. The {@link Kind} tells a record that merely stops early (which a
 * torn write explains) from one that no correct writer can have produced; recovery treats the two differently
 * (spec persistence 2.4).
 */
public final class MalformedDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why the bytes were refused. */
    public enum Kind {
        /** The data ends before the record does. */
        TRUNCATED,
        /** A length is negative (other than the null marker -1) or above the limit. */
        BAD_LENGTH,
        /** A value has no meaning where it stands. */
        BAD_VALUE
    }

    private final Kind kind;
    private final long offset;
    private final String detail;

    public MalformedDataException(Kind kind, long offset, String message) {
        super(message + " at offset " + offset);
        this.kind = kind;
        this.offset = offset;
        this.detail = message;
    }

    public static MalformedDataException truncated(long offset, long needed, long available) {
        return new MalformedDataException(
                Kind.TRUNCATED, offset, "data ends early: " + needed + " bytes needed, " + available + " left");
    }

    public static MalformedDataException badLength(long offset, int length, long limit) {
        return new MalformedDataException(
                Kind.BAD_LENGTH, offset, "Unreasonable length = " + length + " (limit " + limit + " bytes)");
    }

    public static MalformedDataException badValue(long offset, String message) {
        return new MalformedDataException(Kind.BAD_VALUE, offset, message);
    }

    /** The same fault where the buffer that was being read began {@code start} bytes into a stream or file. */
    public MalformedDataException within(long start) {
        MalformedDataException moved = new MalformedDataException(kind, start + offset, detail);
        moved.initCause(this);
        return moved;
    }

    public Kind kind() {
        return kind;
    }

    /** Offset in bytes from the start of the buffer that was being read. */
    public long offset() {
        return offset;
    }
}
