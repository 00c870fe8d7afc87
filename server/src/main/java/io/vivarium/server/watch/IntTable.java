/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import java.util.Arrays;

/**
 * A hash table of positive ints, each of which is its own key: the key is the int without its {@code payloadBits} lowest
 * bits, which may carry something more. With no payload it is a set.
 *
 * <p>Open addressing in one array of four bytes per slot, at most three quarters full, no gravestones. Thread: the caller's.
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
            if ((size + 1) * 4 > slots.length * 3) {
                resize(slots.length * 2);
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
        int mask = slots.length - 1;
        // Close the gap: whatever was pushed past the hole on insertion moves back into it.
        for (int next = (hole + 1) & mask; slots[next] != 0; next = (next + 1) & mask) {
            int home = homeOf(slots[next] >>> payloadBits);
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                slots[hole] = slots[next];
                hole = next;
            }
        }
        slots[hole] = 0;
        if (slots.length > MIN_CAPACITY && size * 8 < slots.length) {
            resize(slots.length / 2);
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
        int mask = slots.length - 1;
        int slot = homeOf(key);
        while (slots[slot] != 0 && slots[slot] >>> payloadBits != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int homeOf(int key) {
        return (key * SPREAD) >>> (Integer.numberOfLeadingZeros(slots.length) + 1);
    }

    @Override
    public String toString() {
        return Arrays.toString(slots);
    }
}
