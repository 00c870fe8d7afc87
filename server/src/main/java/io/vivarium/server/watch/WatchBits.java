/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

/**
 * The modes one watcher has on one path, as bits.
 *
 * <p>The two tables of spec client-protocol 8.1 are kept as one: what the data table holds are the bits in
 * {@link #IN_DATA_TABLE}, what the child table holds those in {@link #IN_CHILD_TABLE}. A persistent watch is always set in
 * and removed from both, so one bit says it.
 */
final class WatchBits {
    static final int DATA = 1;
    static final int CHILD = 1 << 1;
    static final int PERSISTENT = 1 << 2;
    static final int RECURSIVE = 1 << 3;

    static final int ALL = DATA | CHILD | PERSISTENT | RECURSIVE;
    static final int IN_DATA_TABLE = DATA | PERSISTENT | RECURSIVE;
    static final int IN_CHILD_TABLE = CHILD | PERSISTENT;

    private WatchBits() {}

    static boolean any(int bits, int wanted) {
        return (bits & wanted) != 0;
    }

    static int ofAddWatch(WatchMode mode) {
        switch (mode) {
            case PERSISTENT:
                return PERSISTENT;
            case PERSISTENT_RECURSIVE:
                return RECURSIVE;
            default:
                throw new IllegalArgumentException("addWatch does not set " + mode + " watches");
        }
    }
}
