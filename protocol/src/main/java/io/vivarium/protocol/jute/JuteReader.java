/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.jute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads jute values from a {@link ByteBuffer}, bounded by its limit.
 *
 * <p>Thread: any, one at a time. The reader consumes the buffer it is given: its position is the cursor. Nothing is
 * allocated on the word of a length field alone; a length must first fit the limit and then the bytes that are really
 * there. Every refusal is a {@link MalformedDataException}. Spec: client-protocol 1.
 */
public final class JuteReader {
    /** Default of {@code jute.maxbuffer}, bytes (spec client-protocol 1). */
    public static final int DEFAULT_MAX_BUFFER = 0xfffff;

    private ByteBuffer in;
    private final int maxLength;

    /**
     * @param in the bytes, from position to limit; byte order is set to big-endian
     * @param maxLength the greatest length in bytes of one string or buffer
     */
    public JuteReader(ByteBuffer in, int maxLength) {
        this.in = in.order(ByteOrder.BIG_ENDIAN);
        this.maxLength = maxLength;
    }

    /** Reads all of {@code bytes} with no limit but the array itself. */
    public static JuteReader of(byte[] bytes) {
        return new JuteReader(ByteBuffer.wrap(bytes), Integer.MAX_VALUE);
    }

    /** The limit of one string or buffer for a given {@code jute.maxbuffer} and extra size, saturating (spec 1). */
    public static int lengthLimit(int maxBuffer, int extraSize) {
        return (int) Math.min(Integer.MAX_VALUE, (long) maxBuffer + Math.max(1024, extraSize));
    }

    /** Goes on with other bytes; saves the hot path a reader for each frame. */
    public JuteReader reset(ByteBuffer next) {
        this.in = next.order(ByteOrder.BIG_ENDIAN);
        return this;
    }

    public int remaining() {
        return in.remaining();
    }

    public int position() {
        return in.position();
    }

    public int maxLength() {
        return maxLength;
    }

    public byte readByte() {
        need(1);
        return in.get();
    }

    /** Any byte but zero is true (spec client-protocol 1). */
    public boolean readBool() {
        need(1);
        return in.get() != 0;
    }

    public int readInt() {
        need(4);
        return in.getInt();
    }

    public long readLong() {
        need(8);
        return in.getLong();
    }

    /** A buffer, or null for length -1. */
    public byte @Nullable [] readBuffer() {
        int length = readLength();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** A buffer that must be there. */
    public byte[] readRequiredBuffer() {
        int offset = in.position();
        byte[] bytes = readBuffer();
        if (bytes == null) {
            throw MalformedDataException.badValue(offset, "null where a buffer is required");
        }
        return bytes;
    }

    /** A string, or null for length -1. Malformed UTF-8 becomes U+FFFD, as in stock servers. */
    public @Nullable String readString() {
        int length = readLength();
        if (length < 0) {
            return null;
        }
        if (in.hasArray()) {
            String text = new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
            in.position(in.position() + length);
            return text;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Takes a string of ASCII characters, none of them 0, into an array from an offset on.
     *
     * @return its length in bytes; -1, with nothing consumed, if the string is anything else, does not fit, or is not there
     *     as a whole
     */
    public int readAscii(byte[] into, int offset) {
        int start = in.position();
        int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (length >= 0 && length <= Math.min(in.remaining(), Math.min(into.length - offset, maxLength))) {
            in.get(into, offset, length);
            int at = offset;
            while (at < offset + length && into[at] > 0) {
                at++;
            }
            if (at == offset + length) {
                return length;
            }
        }
        in.position(start);
        return -1;
    }

    /** Consumes these bytes if they come next; in bytes without an array it does not look. */
    public boolean skip(byte[] expected) {
        if (in.remaining() < expected.length || !in.hasArray()) {
            return false;
        }
        int from = in.arrayOffset() + in.position();
        if (!Arrays.equals(in.array(), from, from + expected.length, expected, 0, expected.length)) {
            return false;
        }
        in.position(in.position() + expected.length);
        return true;
    }

    /** Goes back to a {@link #position} of the same bytes. */
    public void rewind(int position) {
        in.position(position);
    }

    /** A string that must be there. */
    public String readRequiredString() {
        int offset = in.position();
        String text = readString();
        if (text == null) {
            throw MalformedDataException.badValue(offset, "null where a string is required");
        }
        return text;
    }

    /**
     * A vector, or null for count -1; other counts below one read as empty (spec client-protocol 1).
     *
     * <p>The list grows with the elements that are really there, never with the claimed count.
     */
    public <T extends @Nullable Object> @Nullable List<T> readVector(Function<JuteReader, T> element) {
        int count = readInt();
        if (count == -1) {
            return null;
        }
        List<T> items = new ArrayList<>(Math.max(0, Math.min(count, Math.min(16, in.remaining()))));
        for (int i = 0; i < count; i++) {
            items.add(element.apply(this));
        }
        return items;
    }

    /** All bytes that are left, copied. */
    public byte[] readRest() {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    /** Reads a length field and checks it against limit and content; -1 means null. */
    private int readLength() {
        int offset = in.position();
        int length = readInt();
        if (length == -1) {
            return -1;
        }
        if (length < 0 || length > maxLength) {
            throw MalformedDataException.badLength(offset, length, maxLength);
        }
        need(length);
        return length;
    }

    private void need(int bytes) {
        if (in.remaining() < bytes) {
            throw MalformedDataException.truncated(in.position(), bytes, in.remaining());
        }
    }
}
