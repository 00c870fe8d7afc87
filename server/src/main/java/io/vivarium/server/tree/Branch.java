/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A znode that has, or once had, children: its own packed array and an open hash set of its children by name.
 *
 * <p>Thread: changed by {@code core} in the exclusive hold; read in a shared hold. A slot holds null, the packed array of a
 * leaf, or a {@code Branch}; names live in the packed arrays, hence no entry objects and no keys. The set is never more than
 * three quarters full. Collisions go to the next slot, and a removal closes the gap by moving followers back, so nothing
 * dead is ever left behind. Capacities are not powers of two: growth by half wastes less.
 *
 * <p>A name stands somewhere in memory that the processor has seldom at hand, so a set of some size keeps a byte of each
 * name's hash beside its slots: a search passes over other names without looking at them.
 */
final class Branch {
    static final int NOT_FOUND = -1;

    private static final @Nullable Object[] NO_SLOTS = new Object[0];
    private static final byte[] NO_TAGS = new byte[0];
    private static final int SMALLEST = 4;
    /** Up to this capacity growth doubles, and there are no tags. */
    private static final int SMALL = 16;

    private byte[] packed;
    private @Nullable Object[] slots = NO_SLOTS;
    /** For each slot 0, or a few bits of the hash of its child's name; without elements in a small set. */
    private byte[] tags = NO_TAGS;

    private int size;

    Branch(byte[] packed) {
        this.packed = packed;
    }

    byte[] packed() {
        return packed;
    }

    void setPacked(byte[] packed) {
        this.packed = packed;
    }

    int size() {
        return size;
    }

    int capacity() {
        return slots.length;
    }

    /** Null where there is no child. */
    @Nullable
    Object slot(int index) {
        return slots[index];
    }

    /** The children in no order, copied. */
    Object[] children() {
        Object[] children = new Object[size];
        int count = 0;
        for (Object child : slots) {
            if (child != null) {
                children[count++] = child;
            }
        }
        return children;
    }

    /** The hash of a name. Readers of ASCII text build the same value from its characters. */
    static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    /** The slot of the child whose name is the ASCII text between two indices, or {@link #NOT_FOUND}. */
    int slotOf(String path, int from, int to, int hash) {
        if (size == 0) {
            return NOT_FOUND;
        }
        for (int i = candidate(home(hash), hash); ; i = candidate(next(i), hash)) {
            Object child = slots[i];
            if (child == null) {
                return NOT_FOUND;
            }
            if (isNamed(PackedNode.of(child), path, from, to)) {
                return i;
            }
        }
    }

    /** Reads what a search for a hash begins with, and answers anything. */
    int touch(int hash) {
        if (size == 0) {
            return 0;
        }
        int home = home(hash);
        return (slots[home] == null ? 0 : 1) + (tags.length == 0 ? 0 : tags[home]);
    }

    /** What a search for a hash looks at first; null if there is no child with that hash. */
    @Nullable
    Object likely(int hash) {
        return size == 0 ? null : slots[candidate(home(hash), hash)];
    }

    /** Whether the name of a child are the bytes between two indices. */
    static boolean isNamed(Object child, byte[] path, int from, int to) {
        byte[] p = PackedNode.of(child);
        int offset = PackedNode.nameOffset(p);
        return Arrays.equals(p, offset, offset + PackedNode.nameLength(p), path, from, to);
    }

    /** The slot of the child whose name are the bytes between two indices, or {@link #NOT_FOUND}. */
    int slotOf(byte[] path, int from, int to, int hash) {
        if (size == 0) {
            return NOT_FOUND;
        }
        for (int i = candidate(home(hash), hash); ; i = candidate(next(i), hash)) {
            Object child = slots[i];
            if (child == null) {
                return NOT_FOUND;
            }
            if (isNamed(child, path, from, to)) {
                return i;
            }
        }
    }

    /** Adds a child whose name is new. */
    void add(Object child) {
        if (size >= limit(slots.length)) {
            int capacity = slots.length;
            resize(capacity < SMALL ? Math.max(SMALLEST, capacity * 2) : capacity + (capacity >> 1));
        }
        place(child);
        size++;
    }

    /**
     * Adds children that come together.
     *
     * @return one whose name is not new, behind which none was added; null if all were added
     */
    @Nullable
    Object addAll(Object[] children, int count) {
        int wanted = size + count;
        int capacity = slots.length;
        if (wanted > limit(capacity)) {
            int exact = wanted + (wanted + 2) / 3;
            resize(Math.max(Math.max(SMALLEST, exact), capacity + (capacity >> 1)));
        }
        for (int k = 0; k < count; k++) {
            byte[] p = PackedNode.of(children[k]);
            int from = PackedNode.nameOffset(p);
            int to = from + PackedNode.nameLength(p);
            int hash = hash(p, from, to);
            int i = candidate(home(hash), hash);
            while (slots[i] != null) {
                if (isNamed(slots[i], p, from, to)) {
                    return children[k];
                }
                i = candidate(next(i), hash);
            }
            put(i, children[k], hash);
            size++;
        }
        return null;
    }

    private void put(int slot, Object child, int hash) {
        slots[slot] = child;
        if (tags.length > 0) {
            tags[slot] = tag(hash);
        }
    }

    /** Puts another state of the same child into its slot. */
    void replace(int slot, Object child) {
        slots[slot] = child;
    }

    /** Empties a slot and closes the gap. Slots of other children may change. */
    void remove(int slot) {
        size--;
        if (size == 0) {
            slots = NO_SLOTS;
            tags = NO_TAGS;
            return;
        }
        int gap = slot;
        for (int i = next(gap); ; i = next(i)) {
            Object child = slots[i];
            if (child == null) {
                break;
            }
            int home = home(hashOf(child));
            // A child may move back unless that would put it before its home, seen around the end of the table.
            boolean mayMove = gap <= i ? home <= gap || home > i : (home <= gap && home > i);
            if (mayMove) {
                slots[gap] = child;
                if (tags.length > 0) {
                    tags[gap] = tags[i];
                }
                gap = i;
            }
        }
        slots[gap] = null;
        if (tags.length > 0) {
            tags[gap] = 0;
        }
        if (slots.length > SMALL && size < slots.length / 5) {
            resize(slots.length / 2);
        }
    }

    private static int limit(int capacity) {
        return capacity - (capacity >> 2);
    }

    private void resize(int capacity) {
        @Nullable Object[] old = slots;
        slots = new Object[capacity];
        tags = capacity > SMALL ? new byte[capacity] : NO_TAGS;
        for (Object child : old) {
            if (child != null) {
                place(child);
            }
        }
    }

    private void place(Object child) {
        int hash = hashOf(child);
        int i = home(hash);
        while (slots[i] != null) {
            i = next(i);
        }
        put(i, child, hash);
    }

    private static int hashOf(Object child) {
        byte[] p = PackedNode.of(child);
        int from = PackedNode.nameOffset(p);
        return hash(p, from, from + PackedNode.nameLength(p));
    }

    /** The first slot from here on that is empty or may hold a name with this hash. */
    private int candidate(int from, int hash) {
        if (tags.length == 0) {
            return from;
        }
        byte wanted = tag(hash);
        int i = from;
        while (tags[i] != wanted && tags[i] != 0) {
            i = next(i);
        }
        return i;
    }

    /** Never 0, and of other bits than {@link #home}. */
    private static byte tag(int hash) {
        return (byte) (spread(hash) >>> 8 | 1);
    }

    private int home(int hash) {
        return (int) ((Integer.toUnsignedLong(spread(hash)) * slots.length) >>> 32);
    }

    /** Spreads neighbouring hashes, which numbered names give, over all values. */
    private static int spread(int hash) {
        return (hash ^ (hash >>> 15)) * 0x9e3779b1;
    }

    private int next(int i) {
        return i + 1 == slots.length ? 0 : i + 1;
    }

    private static boolean isNamed(byte[] p, String path, int from, int to) {
        int length = to - from;
        if (PackedNode.nameLength(p) != length) {
            return false;
        }
        int offset = PackedNode.nameOffset(p) - from;
        // Backwards, because the names of one parent differ most often at the end.
        for (int i = to - 1; i >= from; i--) {
            if (p[offset + i] != path.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
