/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.vote.Notification;

/**
 * Whom a server wants as its leader, and why (spec election 3.1). Immutable.
 *
 * @param leader sid voted for; {@link #NOBODY} from a server that may not vote
 * @param zxid last zxid that leader has logged
 * @param round logical clock of the election the vote was cast in
 * @param peerEpoch ZAB epoch of that leader's history
 */
public record Vote(long leader, long zxid, long round, long peerEpoch) {
    /** Leader (and for observers also zxid and epoch) of a server that may not be voted for; loses against everybody. */
    public static final long NOBODY = Long.MIN_VALUE;

    /** zxid of a server that may have lost its data; it neither votes nor is voted for (spec election 3.7). */
    public static final long DATA_LOST = -1;

    /** Round and epoch of a vote for a leader that a reconfiguration named, not an election (spec election 3.10). */
    public static final long NOT_ELECTED = -1;

    static Vote of(Notification message) {
        return new Vote(message.leader(), message.zxid(), message.round(), message.peerEpoch());
    }

    Vote inRound(long otherRound) {
        return new Vote(leader, zxid, otherRound, peerEpoch);
    }

    Vote withPeerEpoch(long otherEpoch) {
        return new Vote(leader, zxid, round, otherEpoch);
    }

    @Override
    public String toString() {
        return "(" + leader + "," + Zxid.toString(zxid) + ",r" + round + ",e" + peerEpoch + ")";
    }
}
