/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import java.util.List;

/**
 * What the files gave.
 *
 * @param lastZxid zxid of the last record, else of the snapshot; 0 for a new database, -1 for one that must not vote
 * @param snapshotZxid zxid of the snapshot that was loaded, -1 if none
 * @param replayed number of records applied
 * @param start what the server does about snapshots now
 * @param notes what was dropped and why that is safe, one line each; logged already
 */
public record RecoveryResult(long lastZxid, long snapshotZxid, long replayed, Start start, List<String> notes) {
    /** How the database came to be (spec persistence 1.3). */
    public enum Start {
        /** From a snapshot, and perhaps logs. */
        LOADED,
        /** From logs alone, by {@code trust.empty}: a snapshot is needed soon, even after a DIFF. */
        LOADED_WITHOUT_SNAPSHOT,
        /** New; {@code snapshot.0} is to be written. */
        NEW_DATABASE,
        /** Empty and not allowed to be new: writes nothing, does not win votes. */
        WAIT_FOR_LEADER
    }
}
