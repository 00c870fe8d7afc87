/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;

/**
 * A vote as it is kept or compared: with what its sender was doing and the format version it counts as.
 *
 * <p>Which state and version go with a vote depends on where it is put; the four makers below are the table of spec
 * election 3.4. Immutable.
 */
record CastVote(Vote vote, PeerState state, int version) {
    /** A vote of the current round, from a LOOKING message or our own proposal; also the probe for such votes. */
    static CastVote looking(Vote vote) {
        return new CastVote(vote, PeerState.LOOKING, 0);
    }

    /** A settled vote that happens to be of the current round, as it is stored: always with version 0. */
    static CastVote settledInRound(Notification message) {
        return new CastVote(Vote.of(message), message.state(), 0);
    }

    /** A settled vote among settled votes, and the probe for both sets. */
    static CastVote settled(Notification message) {
        return new CastVote(Vote.of(message), message.state(), message.version());
    }

    boolean isLooking() {
        return state == PeerState.LOOKING;
    }
}
