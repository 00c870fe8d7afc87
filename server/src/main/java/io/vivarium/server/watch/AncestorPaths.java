/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import java.util.Arrays;

/**
 * The proper ancestors of a path as prefixes of it, the root first, each with the hash a string of its own would have.
 *
 * <p>Reused from path to path, so that walking up makes no strings. Thread: core.
 */
final class AncestorPaths {
    private int[] lengths = new int[16];
    private int[] hashes = new int[16];
    private int count;

    void of(String path) {
        count = 0;
        if (path.length() < 2) {
            return;
        }
        int hash = path.charAt(0);
        append(1, hash);
        for (int i = 1; i < path.length(); i++) {
            if (path.charAt(i) == '/') {
                append(i, hash);
            }
            hash = 31 * hash + path.charAt(i);
        }
    }

    int count() {
        return count;
    }

    int length(int index) {
        return lengths[index];
    }

    int hash(int index) {
        return hashes[index];
    }

    /** The length of the parent, where that of a top-level node and of the root is the root. */
    static int parentLength(String path) {
        return Math.max(1, path.lastIndexOf('/'));
    }

    /** What {@link String#hashCode} is for a prefix. */
    static int hash(String path, int length) {
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + path.charAt(i);
        }
        return hash;
    }

    private void append(int length, int hash) {
        if (count == lengths.length) {
            lengths = Arrays.copyOf(lengths, 2 * count);
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        lengths[count] = length;
        hashes[count] = hash;
        count++;
    }
}
