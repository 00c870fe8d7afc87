/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.epoch;

import java.util.regex.Pattern;

/**
 * What one epoch file says (spec persistence 1.4).
 *
 * @param epoch meaningful if {@link State#KNOWN}
 * @param text the first line as it stands there, for messages
 */
public record StoredEpoch(State state, long epoch, String text) {
    /** Whether there is a number to go by. */
    public enum State {
        /** There is no such file. */
        ABSENT,
        /** The file holds no epoch. */
        UNREADABLE,
        KNOWN
    }

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    public static final StoredEpoch ABSENT = new StoredEpoch(State.ABSENT, 0, "");

    public static StoredEpoch known(long epoch) {
        return new StoredEpoch(State.KNOWN, epoch, Long.toString(epoch));
    }

    /**
     * The first line of a file; an epoch is a number that fits the upper half of a zxid.
     *
     * <p>Digits and nothing else: there is no checksum, and where a disk has turned the first digit of 68 into a blank, or into
     * a plus, the epoch is not 8.
     */
    static StoredEpoch parse(String line) {
        if (!DIGITS.matcher(line).matches()) {
            return unreadable(line);
        }
        long epoch = Long.parseLong(line);
        return epoch <= Integer.MAX_VALUE ? known(epoch) : unreadable(line);
    }

    public static StoredEpoch unreadable(String text) {
        return new StoredEpoch(State.UNREADABLE, 0, text);
    }

    @Override
    public String toString() {
        return state == State.ABSENT ? "missing" : state == State.KNOWN ? text : "unreadable (\"" + text + "\")";
    }
}
