/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of paths that costs four to eight bytes for each beside the string.
 *
 * <p>Thread: as its owner. Open addressing with gaps closed on removal, as in {@link Branch}; a session with one ephemeral
 * and one with a hundred thousand are both ordinary.
 */
final class PathSet {
    private static final int SMALLEST = 2;

    private @Nullable String[] slots = new String[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean contains(String path) {
        return slots[slotOf(path)] != null;
    }

    boolean add(String path) {
        int slot = slotOf(path);
        if (slots[slot] != null) {
            return false;
        }
        slots[slot] = path;
        size++;
        if (size * 4L > slots.length * 3L) {
            resize(slots.length * 2);
        }
        return true;
    }

    boolean remove(String path) {
        int gap = slotOf(path);
        if (slots[gap] == null) {
            return false;
        }
        size--;
        int mask = slots.length - 1;
        for (int i = (gap + 1) & mask; slots[i] != null; i = (i + 1) & mask) {
            String mover = slots[i];
            int home = home(mover);
            // Distance from home, around the end: it may move if the gap lies on its way.
            if (((i - home) & mask) >= ((i - gap) & mask)) {
                slots[gap] = mover;
                gap = i;
            }
        }
        slots[gap] = null;
        if (slots.length > 16 && size < slots.length / 8) {
            resize(slots.length / 2);
        }
        return true;
    }

    /** Adds all paths to a list, in no order. */
    void copyTo(List<String> target) {
        for (String path : slots) {
            if (path != null) {
                target.add(path);
            }
        }
    }

    private void resize(int capacity) {
        @Nullable String[] old = slots;
        slots = new String[capacity];
        for (String path : old) {
            if (path != null) {
                slots[slotOf(path)] = path;
            }
        }
    }

    /** Where the path is, or the empty slot where it would go; there always is one. */
    private int slotOf(String path) {
        int mask = slots.length - 1;
        int i = home(path);
        while (slots[i] != null && !path.equals(slots[i])) {
            i = (i + 1) & mask;
        }
        return i;
    }

    private int home(String path) {
        int hash = path.hashCode();
        return (((hash ^ (hash >>> 15)) * 0x9e3779b1) >>> 7) & (slots.length - 1);
    }
}
