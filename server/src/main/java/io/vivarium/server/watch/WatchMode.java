/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import org.jspecify.annotations.Nullable;

/** How long a watch lasts and how far it reaches (spec client-protocol 8.1). */
public enum WatchMode {
    /** Fires once, for the node itself. */
    STANDARD,
    /** Stays until removed; data and children of the node itself. */
    PERSISTENT,
    /** Stays until removed; the node and everything below it, but never NodeChildrenChanged. */
    PERSISTENT_RECURSIVE;

    /** The mode number of an addWatch request; null when out of range, which is error -5 (spec client-protocol 5.3.11). */
    public static @Nullable WatchMode ofAddWatch(int mode) {
        switch (mode) {
            case 0:
                return PERSISTENT;
            case 1:
                return PERSISTENT_RECURSIVE;
            default:
                return null;
        }
    }
}
