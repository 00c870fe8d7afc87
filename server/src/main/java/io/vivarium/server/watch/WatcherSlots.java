/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the watchers of a {@link WatchShard} and remembers which path numbers each watches, so that a closed connection is
 * forgotten in time proportional to its watches.
 *
 * <p>Watcher numbers start at 1 and are used again. Path numbers are positive. The one path of a watcher that has only one
 * stands in an array; only further ones cost a table. Thread: the caller's.
 */
final class WatcherSlots {
    private static final int MIN_CAPACITY = 4;
    private static final int SPREAD = 0x9E3779B9;

    private @Nullable Watcher[] watchers = new Watcher[MIN_CAPACITY];
    /** The path number of a watcher that has one; the next free number for one that is free. */
    private int[] only = new int[MIN_CAPACITY];

    private @Nullable IntTable[] several = new IntTable[MIN_CAPACITY];
    /** Watcher numbers by identity hash, open addressing, at most half full. */
    private int[] index = new int[2 * MIN_CAPACITY];

    private int top;
    private int firstFree;
    private int size;

    int size() {
        return size;
    }

    /** The watcher's number, or 0. */
    int find(Watcher watcher) {
        return index[slotOf(watcher)];
    }

    Watcher get(int number) {
        Watcher watcher = watchers[number];
        if (watcher == null) {
            throw new IllegalStateException("watcher " + number + " is gone");
        }
        return watcher;
    }

    /** Notes that the watcher, new or known, watches the path; answers its number. */
    int addPath(Watcher watcher, int path) {
        int number = find(watcher);
        if (number == 0) {
            number = number(watcher);
            only[number] = path;
            return number;
        }
        IntTable paths = several[number];
        if (paths != null) {
            paths.put(path);
        } else if (only[number] != path) {
            paths = new IntTable(0);
            paths.put(only[number]);
            paths.put(path);
            several[number] = paths;
        }
        return number;
    }

    /** The watcher does not watch the path any more; with its last path it goes too. */
    void removePath(int number, int path) {
        IntTable paths = several[number];
        if (paths == null) {
            if (only[number] == path) {
                release(number);
            }
            return;
        }
        paths.remove(path);
        if (paths.size() == 0) {
            release(number);
        }
    }

    /** Forgets a watcher; answers the numbers of its paths. */
    int[] removeAll(int number) {
        IntTable paths = several[number];
        int[] numbers = new int[] {only[number]};
        if (paths != null) {
            numbers = new int[paths.size()];
            int count = 0;
            for (int slot = 0; slot < paths.capacity(); slot++) {
                if (paths.at(slot) != 0) {
                    numbers[count++] = paths.at(slot);
                }
            }
        }
        release(number);
        return numbers;
    }

    private int number(Watcher watcher) {
        int number = firstFree;
        if (number != 0) {
            firstFree = only[number];
        } else {
            number = ++top;
            if (number == watchers.length) {
                grow();
            }
        }
        watchers[number] = watcher;
        index[slotOf(watcher)] = number;
        size++;
        return number;
    }

    private void release(int number) {
        unindex(get(number));
        watchers[number] = null;
        several[number] = null;
        only[number] = firstFree;
        firstFree = number;
        size--;
    }

    private void unindex(Watcher watcher) {
        int mask = index.length - 1;
        int hole = slotOf(watcher);
        for (int next = (hole + 1) & mask; index[next] != 0; next = (next + 1) & mask) {
            int home = homeOf(get(index[next]));
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                index[hole] = index[next];
                hole = next;
            }
        }
        index[hole] = 0;
    }

    private void grow() {
        int capacity = watchers.length * 2;
        watchers = Arrays.copyOf(watchers, capacity);
        only = Arrays.copyOf(only, capacity);
        several = Arrays.copyOf(several, capacity);
        index = new int[2 * capacity];
        for (int number = 1; number < top; number++) {
            Watcher watcher = watchers[number];
            if (watcher != null) {
                index[slotOf(watcher)] = number;
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // Watchers are compared by identity.
    private int slotOf(Watcher watcher) {
        int mask = index.length - 1;
        int slot = homeOf(watcher);
        while (index[slot] != 0 && watchers[index[slot]] != watcher) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int homeOf(Watcher watcher) {
        return (System.identityHashCode(watcher) * SPREAD) >>> (Integer.numberOfLeadingZeros(index.length) + 1);
    }
}
