/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;

/**
 * With what a server begins to follow or observe; read from disk when nothing is under way there (spec quorum 6).
 *
 * @param lastZxid last zxid of the durable history, uncommitted transactions included (spec quorum 2.3)
 * @param configVersion version of the committed configuration
 * @param resync as the last role left it, or as recovery found it
 */
public record LearnerStart(
        long myId,
        LearnerRole role,
        long acceptedEpoch,
        long currentEpoch,
        long lastZxid,
        long configVersion,
        Resync resync) {

    public LearnerStart {
        if (currentEpoch > acceptedEpoch) {
            throw Invariant.broken("I1", "currentEpoch " + currentEpoch + " is above acceptedEpoch " + acceptedEpoch);
        }
        if (Zxid.epoch(lastZxid) > acceptedEpoch) {
            throw Invariant.broken(
                    "I1", "last zxid " + Zxid.toString(lastZxid) + " is above acceptedEpoch " + acceptedEpoch);
        }
    }

    /**
     * The history to announce: none if the real one cannot be trusted, or could not be made that of a leader of this epoch.
     *
     * @param epoch the leader's
     */
    long announcedZxid(long epoch) {
        boolean none = resync == Resync.FROM_SNAPSHOT || (resync == Resync.FROM_IMAGE && epoch == acceptedEpoch);
        return none ? 0 : lastZxid;
    }
}
