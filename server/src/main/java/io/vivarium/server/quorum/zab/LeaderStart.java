/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

/**
 * With what a server begins to lead; read from disk when nothing is under way there (spec quorum 3.1).
 *
 * @param lastZxid last zxid of the durable history, uncommitted transactions included: all of it is now the ensemble's
 * @param ensembles the configurations in force
 */
public record LeaderStart(long myId, long acceptedEpoch, long currentEpoch, long lastZxid, Ensembles ensembles) {

    public LeaderStart {
        if (currentEpoch > acceptedEpoch) {
            throw Invariant.broken("I1", "currentEpoch " + currentEpoch + " is above acceptedEpoch " + acceptedEpoch);
        }
    }
}
