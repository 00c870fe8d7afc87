/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import java.util.random.RandomGenerator;

/**
 * When a log file ends and when a snapshot is due (spec persistence 2.6).
 *
 * <p>Thread: {@code journal}. Pure but for the dice it is given: members of an ensemble must not all take their snapshot
 * after the same transaction, so each round has thresholds drawn from the upper half of the limits. Where stock divides
 * by zero, a limit of zero switches the rule off; and the file limit is compared with the bytes written, not with the
 * padded length, which would end a file at every commit (trap T13).
 */
public final class RollPolicy {
    private final int snapCount;
    private final long snapSizeBytes;
    private final long fileSizeBytes;
    private final RandomGenerator dice;
    private long countThreshold;
    private long sizeThreshold;
    private long count;
    private long bytes;

    /**
     * @param snapCount {@code zookeeper.snapCount}; below 2 counts as 2
     * @param snapSizeBytes {@code zookeeper.snapSizeLimitInKb} in bytes; 0 or less: off
     * @param fileSizeBytes {@code zookeeper.txnLogSizeLimitInKb} in bytes; 0 or less: off
     */
    public RollPolicy(int snapCount, long snapSizeBytes, long fileSizeBytes, RandomGenerator dice) {
        this.snapCount = Math.max(2, snapCount);
        this.snapSizeBytes = snapSizeBytes;
        this.fileSizeBytes = fileSizeBytes;
        this.dice = dice;
        reset();
    }

    /** Counts one appended record; true if a snapshot is due, and then the count starts anew. */
    public boolean isSnapshotDue(int recordBytes) {
        count++;
        bytes += recordBytes;
        if (count > countThreshold || (snapSizeBytes > 0 && bytes > sizeThreshold)) {
            reset();
            return true;
        }
        return false;
    }

    /** After a sync: true if the file is large enough to end without a snapshot. */
    public boolean isFileFull(long currentFileBytes) {
        return fileSizeBytes > 0 && currentFileBytes > fileSizeBytes;
    }

    private void reset() {
        count = 0;
        bytes = 0;
        countThreshold = snapCount / 2 + dice.nextLong(snapCount / 2);
        sizeThreshold = snapSizeBytes <= 1 ? snapSizeBytes : snapSizeBytes / 2 + dice.nextLong(snapSizeBytes / 2);
    }
}
