/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

/**
 * Tells that a number does not change any more. Pure; counts looks rather than time, so that a machine which was held up
 * as a whole blames nobody.
 */
public final class Stall {
    /** How many looks in a row that find the same are a stall. */
    public static final int LOOKS = 8;

    private long mark;
    private int unchanged;

    void restart() {
        unchanged = 0;
    }

    /** One look; true if this and the ones before it found the same. */
    public boolean lasts(long current) {
        unchanged = current == mark ? unchanged + 1 : 0;
        mark = current;
        return unchanged >= LOOKS;
    }
}
