/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

/**
 * What the choice between DIFF, TRUNC and SNAP depends on, beside the histories (spec quorum 4).
 *
 * @param transfer whether histories may be sent at all ({@code zookeeper.forceSnapshotSync})
 * @param snapshotSizeFactor {@code zookeeper.snapshotSizeFactor}: the log on disk is read for a learner only if it is
 *     smaller than this part of the newest snapshot; 0 for no limit, negative for never
 */
public record SyncConfig(Transfer transfer, double snapshotSizeFactor) {
    /** Stock's default; also what it uses for values above 1. */
    public static final double DEFAULT_SIZE_FACTOR = 0.33;

    public static final SyncConfig DEFAULT = new SyncConfig(Transfer.HISTORY_OR_SNAPSHOT, DEFAULT_SIZE_FACTOR);

    /** What may be sent to a learner. */
    public enum Transfer {
        /** Missing transactions where possible, else an image. */
        HISTORY_OR_SNAPSHOT,
        /** Always an image. */
        SNAPSHOT_ONLY
    }

    public SyncConfig {
        if (Double.isNaN(snapshotSizeFactor) || snapshotSizeFactor > 1) {
            snapshotSizeFactor = DEFAULT_SIZE_FACTOR;
        }
    }

    boolean readsDisk() {
        return snapshotSizeFactor >= 0;
    }
}
