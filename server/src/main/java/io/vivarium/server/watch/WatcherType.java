/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import org.jspecify.annotations.Nullable;

/** Which of a connection's watches on a path checkWatches and removeWatches mean (spec client-protocol 8.7). */
public enum WatcherType {
    /** The one-shot watch on the children. */
    CHILDREN(1, WatchBits.CHILD),
    /** The one-shot watch on data or existence. */
    DATA(2, WatchBits.DATA),
    /** Whatever there is. */
    ANY(3, WatchBits.ALL),
    PERSISTENT(4, WatchBits.PERSISTENT),
    PERSISTENT_RECURSIVE(5, WatchBits.RECURSIVE);

    private final int code;
    private final int bits;

    WatcherType(int code, int bits) {
        this.code = code;
        this.bits = bits;
    }

    public int code() {
        return code;
    }

    int bits() {
        return bits;
    }

    /** The type of a request; null when out of range, which is error -5 (spec client-protocol 5.3.11). */
    public static @Nullable WatcherType of(int code) {
        for (WatcherType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}
