/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The texts of watched paths, packed into pages: a path of 25 characters takes 28 bytes instead of the 72 of a string.
 *
 * <pre>
 *   ref &gt; 0   block in a page, in units of 4 bytes:  length (1 byte) | text (0..255 bytes)
 *   ref &lt; 0   ~index of an array of its own, for longer texts
 * </pre>
 *
 * <p>Text is one to three bytes per UTF-16 unit, so any Java string survives; clients may watch what is no valid path. Freed
 * blocks wait in one list per size. Thread: the caller's.
 */
final class PathArena {
    private static final int UNIT_BYTES = 4;
    private static final int PAGE_BYTES = 1 << 13;
    private static final int UNITS_PER_PAGE = PAGE_BYTES / UNIT_BYTES;
    private static final int MAX_BLOCK_TEXT = 255;
    private static final int MAX_UNITS = (1 + MAX_BLOCK_TEXT) / UNIT_BYTES;

    private final List<byte[]> pages = new ArrayList<>();
    /** Bytes taken in the last page; a full page before there is any. */
    private int used = PAGE_BYTES;
    /** First free block of each size in units; the next one's ref stands in its bytes. */
    private final int[] free = new int[MAX_UNITS + 1];

    private final List<byte @Nullable []> longTexts = new ArrayList<>();
    private final Deque<Integer> freeLongTexts = new ArrayDeque<>();

    int add(String path) {
        int length = encodedLength(path);
        if (length > MAX_BLOCK_TEXT) {
            byte[] text = new byte[length];
            encode(path, text, 0);
            return ~addLong(text);
        }
        int ref = allocate(unitsOf(length));
        byte[] page = pageOf(ref);
        int offset = offsetOf(ref);
        page[offset] = (byte) length;
        encode(path, page, offset + 1);
        return ref;
    }

    void remove(int ref) {
        if (ref < 0) {
            longTexts.set(~ref, null);
            freeLongTexts.push(~ref);
            return;
        }
        byte[] page = pageOf(ref);
        int offset = offsetOf(ref);
        int units = unitsOf(page[offset] & 0xff);
        writeInt(page, offset, free[units]);
        free[units] = ref;
    }

    /** Whether the text is the first {@code length} characters of {@code path}. */
    boolean matches(int ref, String path, int length) {
        byte[] bytes = bytesOf(ref);
        int at = startOf(ref);
        int end = endOf(ref, bytes);
        for (int i = 0; i < length; i++) {
            char c = path.charAt(i);
            int width = widthOf(c);
            if (end - at < width || decode(bytes, at) != c) {
                return false;
            }
            at += width;
        }
        return at == end;
    }

    /** What {@link String#hashCode} is for the text. */
    int hash(int ref) {
        byte[] bytes = bytesOf(ref);
        int end = endOf(ref, bytes);
        int hash = 0;
        for (int at = startOf(ref); at < end; ) {
            char c = decode(bytes, at);
            hash = 31 * hash + c;
            at += widthOf(c);
        }
        return hash;
    }

    String text(int ref) {
        byte[] bytes = bytesOf(ref);
        int end = endOf(ref, bytes);
        StringBuilder text = new StringBuilder(end);
        for (int at = startOf(ref); at < end; ) {
            char c = decode(bytes, at);
            text.append(c);
            at += widthOf(c);
        }
        return text.toString();
    }

    private int addLong(byte[] text) {
        Integer index = freeLongTexts.poll();
        if (index == null) {
            longTexts.add(text);
            return longTexts.size() - 1;
        }
        longTexts.set(index, text);
        return index;
    }

    private int allocate(int units) {
        int ref = free[units];
        if (ref != 0) {
            free[units] = readInt(pageOf(ref), offsetOf(ref));
            return ref;
        }
        if (used + units * UNIT_BYTES > PAGE_BYTES) {
            pages.add(new byte[PAGE_BYTES]);
            // Ref 0 ends the free lists, so the first unit of all is never given away.
            used = pages.size() == 1 ? UNIT_BYTES : 0;
        }
        ref = (pages.size() - 1) * UNITS_PER_PAGE + used / UNIT_BYTES;
        used += units * UNIT_BYTES;
        return ref;
    }

    private byte[] bytesOf(int ref) {
        if (ref > 0) {
            return pageOf(ref);
        }
        byte[] text = longTexts.get(~ref);
        if (text == null) {
            throw new IllegalStateException("path " + ~ref + " was removed");
        }
        return text;
    }

    private static int startOf(int ref) {
        return ref > 0 ? offsetOf(ref) + 1 : 0;
    }

    private static int endOf(int ref, byte[] bytes) {
        return ref > 0 ? offsetOf(ref) + 1 + (bytes[offsetOf(ref)] & 0xff) : bytes.length;
    }

    private byte[] pageOf(int ref) {
        return pages.get(ref / UNITS_PER_PAGE);
    }

    private static int offsetOf(int ref) {
        return ref % UNITS_PER_PAGE * UNIT_BYTES;
    }

    private static int unitsOf(int textLength) {
        return (1 + textLength + UNIT_BYTES - 1) / UNIT_BYTES;
    }

    private static int encodedLength(String path) {
        int length = 0;
        for (int i = 0; i < path.length(); i++) {
            length += widthOf(path.charAt(i));
        }
        return length;
    }

    private static int widthOf(char c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    }

    private static void encode(String path, byte[] to, int offset) {
        int at = offset;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c < 0x80) {
                to[at++] = (byte) c;
            } else if (c < 0x800) {
                to[at++] = (byte) (0xc0 | c >> 6);
                to[at++] = (byte) (0x80 | (c & 0x3f));
            } else {
                to[at++] = (byte) (0xe0 | c >> 12);
                to[at++] = (byte) (0x80 | (c >> 6 & 0x3f));
                to[at++] = (byte) (0x80 | (c & 0x3f));
            }
        }
    }

    private static char decode(byte[] from, int at) {
        int first = from[at];
        if (first >= 0) {
            return (char) first;
        }
        int second = from[at + 1] & 0x3f;
        return (first & 0x20) == 0
                ? (char) ((first & 0x1f) << 6 | second)
                : (char) ((first & 0x0f) << 12 | second << 6 | (from[at + 2] & 0x3f));
    }

    private static void writeInt(byte[] to, int offset, int value) {
        for (int i = 0; i < UNIT_BYTES; i++) {
            to[offset + i] = (byte) (value >>> (Byte.SIZE * i));
        }
    }

    private static int readInt(byte[] from, int offset) {
        int value = 0;
        for (int i = 0; i < UNIT_BYTES; i++) {
            value |= (from[offset + i] & 0xff) << (Byte.SIZE * i);
        }
        return value;
    }
}
