/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

/**
 * Which votes are counted together (spec election 3.4). Not an equivalence: it depends on what the voters were doing.
 *
 * <pre>
 * at least one is LOOKING                          leader, zxid, round, peerEpoch
 * none LOOKING, exactly one has version 0          leader
 * none LOOKING, both version 0 or both above       leader, peerEpoch
 * </pre>
 *
 * <p>Settled votes leave zxid and round out because servers that joined at different times remember different ones
 * (ZOOKEEPER-1805). Thread: any.
 */
final class VoteEquality {
    private VoteEquality() {}

    static boolean countTogether(CastVote one, CastVote other) {
        if (one.isLooking() || other.isLooking()) {
            return one.vote().equals(other.vote());
        }
        if (one.vote().leader() != other.vote().leader()) {
            return false;
        }
        boolean exactlyOneIsOld = (one.version() == 0) != (other.version() == 0);
        return exactlyOneIsOld || one.vote().peerEpoch() == other.vote().peerEpoch();
    }
}
