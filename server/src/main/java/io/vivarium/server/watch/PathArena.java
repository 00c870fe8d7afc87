/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The texts of watched paths, packed into pages: a path of 25 characters takes 28 bytes instead of the 72 of a string, and 12 if
 * its parent is watched a lot.
 *
 * <pre>
 *   ref &gt; 0   block in a page, in units of 4 bytes:
 *             length 0..254 (1 byte) | text
 *             255 (1 byte) | number of its beginning in SharedParents (3 bytes) | length of the rest (1 byte) | the rest
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
    private static final int MAX_BLOCK_TEXT = 254;
    /** Stands where the length of a text would, if its beginning is shared. */
    private static final int SHARED = 255;

    private static final int SHARED_HEAD_BYTES = 5;
    /** A beginning shorter than this is not worth sharing. */
    private static final int MIN_SHARED = 10;

    private static final int MAX_UNITS = (1 + MAX_BLOCK_TEXT + UNIT_BYTES - 1) / UNIT_BYTES;

    private final List<byte[]> pages = new ArrayList<>();
    /** Bytes taken in the last page; a full page before there is any. */
    private int used = PAGE_BYTES;
    /** First free block of each size in units; the next one's ref stands in its bytes. */
    private final int[] free = new int[MAX_UNITS + 1];

    private final SharedParents parents = new SharedParents();
    private final List<byte @Nullable []> longTexts = new ArrayList<>();
    private final Deque<Integer> freeLongTexts = new ArrayDeque<>();

    int add(String path) {
        int length = encodedLength(path, 0, path.length());
        if (length > MAX_BLOCK_TEXT) {
            byte[] text = new byte[length];
            encode(path, 0, path.length(), text, 0);
            return ~addLong(text);
        }
        int shared = path.lastIndexOf('/') + 1;
        if (shared >= MIN_SHARED) {
            int ref = addShared(path, shared);
            if (ref != 0) {
                return ref;
            }
        }
        int ref = allocate(unitsOf(1 + length));
        byte[] page = pageOf(ref);
        int offset = offsetOf(ref);
        page[offset] = (byte) length;
        encode(path, 0, path.length(), page, offset + 1);
        return ref;
    }

    /** Adds the path as the number of its first {@code shared} characters and the rest; 0 if they are not shared yet. */
    private int addShared(String path, int shared) {
        byte[] beginning = new byte[encodedLength(path, 0, shared)];
        encode(path, 0, shared, beginning, 0);
        int number = parents.use(AncestorPaths.hash(path, shared), beginning);
        if (number == 0) {
            return 0;
        }
        int length = encodedLength(path, shared, path.length());
        int ref = allocate(unitsOf(SHARED_HEAD_BYTES + length));
        byte[] page = pageOf(ref);
        int offset = offsetOf(ref);
        page[offset] = (byte) SHARED;
        page[offset + 1] = (byte) number;
        page[offset + 2] = (byte) (number >>> Byte.SIZE);
        page[offset + 3] = (byte) (number >>> (2 * Byte.SIZE));
        page[offset + 4] = (byte) length;
        encode(path, shared, path.length(), page, offset + SHARED_HEAD_BYTES);
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
        int units = unitsOf(endOf(ref, page) - offset);
        if (isShared(ref)) {
            parents.release(parentOf(page, offset));
        }
        writeInt(page, offset, free[units]);
        free[units] = ref;
    }

    /** Whether the text is the first {@code length} characters of {@code path}. */
    boolean matches(int ref, String path, int length) {
        int from = 0;
        if (isShared(ref)) {
            byte[] beginning = parents.text(parentOf(pageOf(ref), offsetOf(ref)));
            from = match(beginning, 0, beginning.length, path, 0, length);
            if (from < 0) {
                return false;
            }
        }
        byte[] bytes = bytesOf(ref);
        return match(bytes, startOf(ref), endOf(ref, bytes), path, from, length) == length;
    }

    /** The end of the encoded text in {@code path}, if it stands there from {@code from} and ends by {@code to}; else -1. */
    private static int match(byte[] bytes, int start, int end, String path, int from, int to) {
        int index = from;
        for (int at = start; at < end; index++) {
            if (index == to) {
                return -1;
            }
            char c = path.charAt(index);
            int width = widthOf(c);
            if (end - at < width || decode(bytes, at) != c) {
                return -1;
            }
            at += width;
        }
        return index;
    }

    /** What {@link String#hashCode} is for the text. */
    int hash(int ref) {
        int hash = isShared(ref) ? parents.hash(parentOf(pageOf(ref), offsetOf(ref))) : 0;
        byte[] bytes = bytesOf(ref);
        int end = endOf(ref, bytes);
        for (int at = startOf(ref); at < end; ) {
            char c = decode(bytes, at);
            hash = 31 * hash + c;
            at += widthOf(c);
        }
        return hash;
    }

    String text(int ref) {
        byte[] bytes = bytesOf(ref);
        StringBuilder text = new StringBuilder();
        if (isShared(ref)) {
            byte[] beginning = parents.text(parentOf(bytes, offsetOf(ref)));
            decode(beginning, 0, beginning.length, text);
        }
        decode(bytes, startOf(ref), endOf(ref, bytes), text);
        return text.toString();
    }

    private static void decode(byte[] bytes, int start, int end, StringBuilder text) {
        for (int at = start; at < end; ) {
            char c = decode(bytes, at);
            text.append(c);
            at += widthOf(c);
        }
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

    private boolean isShared(int ref) {
        return ref > 0 && (pageOf(ref)[offsetOf(ref)] & 0xff) == SHARED;
    }

    private static int parentOf(byte[] page, int offset) {
        return (page[offset + 1] & 0xff)
                | (page[offset + 2] & 0xff) << Byte.SIZE
                | (page[offset + 3] & 0xff) << (2 * Byte.SIZE);
    }

    /** Where the text begins, or what is left of it. */
    private int startOf(int ref) {
        if (ref < 0) {
            return 0;
        }
        return offsetOf(ref) + (isShared(ref) ? SHARED_HEAD_BYTES : 1);
    }

    private int endOf(int ref, byte[] bytes) {
        if (ref < 0) {
            return bytes.length;
        }
        int offset = offsetOf(ref);
        int length = bytes[offset] & 0xff;
        return length == SHARED ? offset + SHARED_HEAD_BYTES + (bytes[offset + 4] & 0xff) : offset + 1 + length;
    }

    private byte[] pageOf(int ref) {
        return pages.get(ref / UNITS_PER_PAGE);
    }

    private static int offsetOf(int ref) {
        return ref % UNITS_PER_PAGE * UNIT_BYTES;
    }

    private static int unitsOf(int bytes) {
        return (bytes + UNIT_BYTES - 1) / UNIT_BYTES;
    }

    private static int encodedLength(String path, int from, int to) {
        int length = 0;
        for (int i = from; i < to; i++) {
            length += widthOf(path.charAt(i));
        }
        return length;
    }

    private static int widthOf(char c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    }

    private static void encode(String path, int from, int end, byte[] to, int offset) {
        int at = offset;
        for (int i = from; i < end; i++) {
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
