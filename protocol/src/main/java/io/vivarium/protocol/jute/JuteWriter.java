/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.jute;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes jute values into one growing array that is meant to be reused.
 *
 * <p>Thread: any, one at a time. A frame is written by reserving its length field ({@link #beginFrame}) and filling it
 * in afterwards ({@link #endFrame}), so many frames can be collected and handed to the transport as one piece. Spec:
 * client-protocol 1.
 */
public final class JuteWriter {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] buffer;
    private int position;

    public JuteWriter(int initialBytes) {
        this.buffer = new byte[Math.max(16, initialBytes)];
    }

    /** Bytes written since the last {@link #clear}. */
    public int size() {
        return position;
    }

    public JuteWriter clear() {
        position = 0;
        return this;
    }

    /** Forgets everything from {@code size} on; undoes a record that turned out not to be wanted. */
    public void truncate(int size) {
        if (size < 0 || size > position) {
            throw new IllegalArgumentException("size " + size + " is not within 0.." + position);
        }
        position = size;
    }

    /** Gives memory back after an unusually large record, bytes. */
    public void shrink(int maxRetainedBytes) {
        if (position == 0 && buffer.length > maxRetainedBytes) {
            buffer = new byte[maxRetainedBytes];
        }
    }

    public void writeByte(int value) {
        ensure(1);
        buffer[position++] = (byte) value;
    }

    public void writeBool(boolean value) {
        writeByte(value ? 1 : 0);
    }

    public void writeInt(int value) {
        ensure(4);
        INT.set(buffer, position, value);
        position += 4;
    }

    public void writeLong(long value) {
        ensure(8);
        LONG.set(buffer, position, value);
        position += 8;
    }

    /** A buffer with its length; null is length -1. */
    public void writeBuffer(byte @Nullable [] bytes) {
        if (bytes == null) {
            writeInt(-1);
            return;
        }
        writeInt(bytes.length);
        writeBytes(bytes, 0, bytes.length);
    }

    /** Part of an array as a buffer, with its length in front. */
    public void writeBuffer(byte[] bytes, int offset, int length) {
        writeInt(length);
        writeBytes(bytes, offset, length);
    }

    /** Bytes without a length. */
    public void writeBytes(byte[] bytes, int offset, int length) {
        ensure(length);
        System.arraycopy(bytes, offset, buffer, position, length);
        position += length;
    }

    /** UTF-8 with its length in bytes; null is length -1. */
    public void writeString(@Nullable String text) {
        if (text == null) {
            writeInt(-1);
            return;
        }
        int length = text.length();
        ensure(4 + length);
        int start = position + 4;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                writeBuffer(bytes, 0, bytes.length);
                return;
            }
            buffer[start + i] = (byte) c;
        }
        writeInt(length);
        position += length;
    }

    public void writeRecord(JuteRecord jute) {
        jute.write(this);
    }

    /** A vector of records; null is count -1. */
    public void writeRecords(@Nullable List<? extends JuteRecord> items) {
        if (items == null) {
            writeInt(-1);
            return;
        }
        writeInt(items.size());
        for (int i = 0; i < items.size(); i++) {
            items.get(i).write(this);
        }
    }

    /** A vector of strings; null is count -1. */
    public void writeStrings(@Nullable List<String> items) {
        if (items == null) {
            writeInt(-1);
            return;
        }
        writeInt(items.size());
        for (int i = 0; i < items.size(); i++) {
            writeString(items.get(i));
        }
    }

    /** Reserves a length field and returns its mark for {@link #endFrame}. */
    public int beginFrame() {
        writeInt(0);
        return position;
    }

    /** Fills in the length of everything written since {@code mark}. */
    public void endFrame(int mark) {
        INT.set(buffer, mark - 4, position - mark);
    }

    /** Overwrites an int written before, at {@code offset} bytes from the start. */
    public void setInt(int offset, int value) {
        if (offset < 0 || offset + 4 > position) {
            throw new IllegalArgumentException("offset " + offset + " is not within 0.." + (position - 4));
        }
        INT.set(buffer, offset, value);
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, position);
    }

    public byte[] toByteArray(int from, int to) {
        return Arrays.copyOfRange(buffer, from, to);
    }

    /** The array itself, valid up to {@link #size} until the next write. For copies into a transport buffer. */
    public byte[] array() {
        return buffer;
    }

    /** A view of what was written, valid until the next write. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(buffer, 0, position);
    }

    private void ensure(int bytes) {
        if (buffer.length - position < bytes) {
            long wanted = Math.max((long) position + bytes, buffer.length + (long) (buffer.length >> 1));
            if (wanted > Integer.MAX_VALUE - 8 && (long) position + bytes > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException("record of more than " + (Integer.MAX_VALUE - 8) + " bytes");
            }
            buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
        }
    }
}
