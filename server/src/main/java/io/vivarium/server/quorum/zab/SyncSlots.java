/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import org.jspecify.annotations.Nullable;

/**
 * How many learners are being brought up to date at once (spec quorum 4, "Throttling").
 *
 * <p>Followers are counted but never refused, because the ensemble needs them; an observer above the limit is. Thread:
 * core.
 */
final class SyncSlots {
    private final int maxSnapshots;
    private final int maxDiffs;
    private int snapshots;
    private int diffs;

    enum Slot {
        SNAPSHOT,
        DIFF
    }

    SyncSlots(int maxSnapshots, int maxDiffs) {
        this.maxSnapshots = maxSnapshots;
        this.maxDiffs = maxDiffs;
    }

    /** Takes a slot for a learner; false if it is an observer and none is free. */
    boolean take(LearnerPeer peer, SyncPlan plan) {
        Slot slot = plan instanceof SyncPlan.Snapshot ? Slot.SNAPSHOT : Slot.DIFF;
        boolean full = slot == Slot.SNAPSHOT ? snapshots >= maxSnapshots : diffs >= maxDiffs;
        if (full && peer.observer) {
            return false;
        }
        peer.slot = slot;
        count(slot, 1);
        return true;
    }

    void free(LearnerPeer peer) {
        count(peer.slot, -1);
        peer.slot = null;
    }

    int snapshots() {
        return snapshots;
    }

    int diffs() {
        return diffs;
    }

    private void count(@Nullable Slot slot, int change) {
        if (slot == Slot.SNAPSHOT) {
            snapshots += change;
        } else if (slot == Slot.DIFF) {
            diffs += change;
        }
    }
}
