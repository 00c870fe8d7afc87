/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import java.util.Arrays;

/**
 * A hash table of positive ints, each of which is its own key: the key is the int without its {@code payloadBits} lowest
 * bits, which may carry something more. With no payload it is a set.
 *
 * <p>Open addressing in one array of four bytes per slot, at most seven eighths full, no gravestones. It grows by half, not to
 * the next power of two, so that it is three quarters full on average. Thread: the caller's.
 */
final class IntTable {
    private static final int MIN_CAPACITY = 4;
    /** 2^32 divided by the golden ratio: spreads neighbouring keys over the table. */
    private static final int SPREAD = 0x9E3779B9;

    private final int payloadBits;
    private int[] slots = new int[MIN_CAPACITY];
    private int size;

    IntTable(int payloadBits) {
        this.payloadBits = payloadBits;
    }

    int size() {
        return size;
    }

    /** Number of slots to walk with {@link #at}. */
    int capacity() {
        return slots.length;
    }

    /** What stands in a slot, 0 for nothing. */
    int at(int slot) {
        return slots[slot];
    }

    /** The int with this key, or 0. */
    int find(int key) {
        return slots[slotOf(key)];
    }

    /** Adds the int, in place of the one with its key. */
    void put(int value) {
        int slot = slotOf(value >>> payloadBits);
        if (slots[slot] == 0) {
            if ((size + 1) * 8 > slots.length * 7) {
                resize(slots.length + slots.length / 2);
                slot = slotOf(value >>> payloadBits);
            }
            size++;
        }
        slots[slot] = value;
    }

    /** Changes the payload of an int while the slots are walked; the key stays. */
    void replaceAt(int slot, int value) {
        slots[slot] = value;
    }

    void remove(int key) {
        int hole = slotOf(key);
        if (slots[hole] == 0) {
            return;
        }
        size--;
        // Close the gap: whatever was pushed past the hole on insertion moves back into it.
        for (int next = after(hole); slots[next] != 0; next = after(next)) {
            int home = homeOf(slots[next] >>> payloadBits);
            if (distance(home, next) >= distance(hole, next)) {
                slots[hole] = slots[next];
                hole = next;
            }
        }
        slots[hole] = 0;
        if (slots.length > MIN_CAPACITY && size * 8 < slots.length) {
            resize(Math.max(MIN_CAPACITY, slots.length / 2));
        }
    }

    private void resize(int capacity) {
        int[] old = slots;
        slots = new int[capacity];
        for (int value : old) {
            if (value != 0) {
                slots[slotOf(value >>> payloadBits)] = value;
            }
        }
    }

    private int slotOf(int key) {
        int slot = homeOf(key);
        while (slots[slot] != 0 && slots[slot] >>> payloadBits != key) {
            slot = after(slot);
        }
        return slot;
    }

    private int after(int slot) {
        return slot + 1 == slots.length ? 0 : slot + 1;
    }

    /** Slots from one to another, going forward. */
    private int distance(int from, int to) {
        return to >= from ? to - from : to - from + slots.length;
    }

    /** The spread key as a fraction of 2^32, times the number of slots. */
    private int homeOf(int key) {
        return (int) ((Integer.toUnsignedLong(key * SPREAD) * slots.length) >>> Integer.SIZE);
    }

    @Override
    public String toString() {
        return Arrays.toString(slots);
    }
}
