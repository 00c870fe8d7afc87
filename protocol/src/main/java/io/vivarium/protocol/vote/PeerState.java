/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.vote;

/** What a server of the ensemble says it is doing; the first field of every notification (spec election 2.1). */
public enum PeerState {
    /** Has no leader and takes part in an election. */
    LOOKING(0),
    /** Follows a leader and has a voice in its quorums. */
    FOLLOWING(1),
    /** Was elected, and leads or is about to. */
    LEADING(2),
    /** Follows a leader without a voice. */
    OBSERVING(3),
    /** Sent a code that has no meaning; never sent by us. */
    UNKNOWN(-1);

    private final int code;

    PeerState(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The state of a wire code; {@link #UNKNOWN} for every code without a meaning. */
    public static PeerState ofCode(int code) {
        return switch (code) {
            case 0 -> LOOKING;
            case 1 -> FOLLOWING;
            case 2 -> LEADING;
            case 3 -> OBSERVING;
            default -> UNKNOWN;
        };
    }
}
