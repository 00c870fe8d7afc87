/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import java.nio.charset.StandardCharsets;

/**
 * A path as UTF-8, in one array that is used again and again; the root is empty.
 *
 * <p>Thread: {@code core}. Bytes from the end of the parent to {@link #length} are a slash and the name.
 */
final class PathBytes {
    private static final int LARGEST_KEPT = 64 * 1024;

    private byte[] bytes = new byte[256];
    private int length;
    private int parentLength;

    PathBytes set(String path) {
        int chars = path.length() == 1 && path.charAt(0) == '/' ? 0 : path.length();
        if (bytes.length < chars || bytes.length > LARGEST_KEPT) {
            bytes = new byte[Math.max(256, chars)];
        }
        for (int i = 0; i < chars; i++) {
            char c = path.charAt(i);
            if (c >= 0x80) {
                byte[] encoded = path.getBytes(StandardCharsets.UTF_8);
                bytes = encoded;
                return measured(encoded.length);
            }
            bytes[i] = (byte) c;
        }
        return measured(chars);
    }

    /** A path in ASCII. */
    PathBytes set(byte[] from, int offset, int newLength) {
        if (bytes.length < newLength || bytes.length > LARGEST_KEPT) {
            bytes = new byte[Math.max(256, newLength)];
        }
        System.arraycopy(from, offset, bytes, 0, newLength);
        return measured(newLength);
    }

    String text() {
        return length == 0 ? "/" : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private PathBytes measured(int newLength) {
        length = newLength;
        int slash = newLength - 1;
        while (slash > 0 && bytes[slash] != '/') {
            slash--;
        }
        parentLength = Math.max(0, slash);
        return this;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean isRoot() {
        return length == 0;
    }

    /** Bytes of the parent's path, 0 for the root. */
    int parentLength() {
        return parentLength;
    }

    int nameOffset() {
        return parentLength + 1;
    }

    int nameLength() {
        return length - parentLength - 1;
    }
}
