/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

/**
 * With what a member of an ensemble begins (spec quorum 2.2, 2.3).
 *
 * @param lastZxid zxid of the last record, else of the snapshot; 0 for a new database, -1 for one that waits for a leader
 * @param currentEpoch never above {@code acceptedEpoch}
 * @param acceptedEpoch never below the epoch of {@code lastZxid}
 * @param start how the database came to be
 */
public record MemberHistory(
        long lastZxid, long currentEpoch, long acceptedEpoch, Trust trust, RecoveryResult.Start start) {
    /** Whether the history holds what this member has acknowledged. */
    public enum Trust {
        TRUSTED,
        /** Not until a sync with a leader has completed: it must not stand for election and counts in no quorum. */
        UNTRUSTED
    }

    /** True if the tree is on no snapshot, and a log without one would not be believed: write one before anything else. */
    public boolean needsSnapshot() {
        return start == RecoveryResult.Start.NEW_DATABASE || start == RecoveryResult.Start.LOADED_WITHOUT_SNAPSHOT;
    }
}
