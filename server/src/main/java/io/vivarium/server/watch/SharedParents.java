/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Beginnings that several watched paths have in common, each kept once: watches on the children of one node repeat its path.
 *
 * <p>A beginning is kept from its second appearance on; the first is only noted, in a small table that forgets. So paths that
 * share nothing cost nothing here. Beginnings are counted, and go with the last path that uses them. Numbers start at 1 and fit
 * three bytes. Thread: the caller's.
 */
final class SharedParents {
    static final int MAX_NUMBER = (1 << 24) - 1;

    private static final int MIN_CAPACITY = 8;
    private static final int NOTES = 256;
    private static final int SPREAD = 0x9E3779B9;

    private byte @Nullable [][] texts = new byte[MIN_CAPACITY][];
    private int[] hashes = new int[MIN_CAPACITY];
    /** How many paths use a beginning; of a free number, the next free one. */
    private int[] uses = new int[MIN_CAPACITY];
    /** Numbers by hash, open addressing, at most half full. */
    private int[] index = new int[2 * MIN_CAPACITY];
    /** Hashes seen lately; null before there is any. */
    private int @Nullable [] notes;

    private int top;
    private int firstFree;

    /**
     * The number of this beginning, which has one more user now; 0 if it is not worth keeping yet.
     *
     * @param hash of the text, as {@link String#hashCode} has it
     * @param text encoded
     */
    int use(int hash, byte[] text) {
        int slot = slotOf(hash, text);
        int number = index[slot];
        if (number == 0) {
            if (!seenBefore(hash)) {
                return 0;
            }
            number = keep(hash, text);
            if (number == 0) {
                return 0;
            }
        }
        uses[number]++;
        return number;
    }

    /** One user less. */
    void release(int number) {
        if (--uses[number] > 0) {
            return;
        }
        unindex(number);
        texts[number] = null;
        uses[number] = firstFree;
        firstFree = number;
    }

    byte[] text(int number) {
        byte[] text = texts[number];
        if (text == null) {
            throw new IllegalStateException("beginning " + number + " is gone");
        }
        return text;
    }

    int hash(int number) {
        return hashes[number];
    }

    private boolean seenBefore(int hash) {
        if (notes == null) {
            notes = new int[NOTES];
        }
        int note = (hash * SPREAD) >>> (Integer.numberOfLeadingZeros(NOTES) + 1);
        boolean seen = notes[note] == hash;
        notes[note] = hash;
        return seen;
    }

    private int keep(int hash, byte[] text) {
        int number = firstFree;
        if (number != 0) {
            firstFree = uses[number];
        } else if (top == MAX_NUMBER) {
            return 0;
        } else {
            number = ++top;
            if (number == texts.length) {
                grow();
            }
        }
        texts[number] = text;
        hashes[number] = hash;
        uses[number] = 0;
        index[slotOf(hash, text)] = number;
        return number;
    }

    private void grow() {
        int capacity = texts.length * 2;
        texts = Arrays.copyOf(texts, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        uses = Arrays.copyOf(uses, capacity);
        index = new int[2 * capacity];
        for (int number = 1; number < top; number++) {
            byte[] text = texts[number];
            if (text != null) {
                index[slotOf(hashes[number], text)] = number;
            }
        }
    }

    private void unindex(int number) {
        int mask = index.length - 1;
        int hole = slotOf(hashes[number], text(number));
        for (int next = (hole + 1) & mask; index[next] != 0; next = (next + 1) & mask) {
            int home = homeOf(hashes[index[next]]);
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                index[hole] = index[next];
                hole = next;
            }
        }
        index[hole] = 0;
    }

    private int slotOf(int hash, byte[] text) {
        int mask = index.length - 1;
        int slot = homeOf(hash);
        while (index[slot] != 0 && (hashes[index[slot]] != hash || !Arrays.equals(texts[index[slot]], text))) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int homeOf(int hash) {
        return (hash * SPREAD) >>> (Integer.numberOfLeadingZeros(index.length) + 1);
    }
}
