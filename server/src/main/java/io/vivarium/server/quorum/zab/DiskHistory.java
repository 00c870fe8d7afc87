/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import java.util.function.LongPredicate;

/**
 * The leader's log on disk, as far as a learner can be served from it (spec quorum 4, "Disk walk").
 *
 * <p>Thread: the one that sends histories, never the core; calls may block on the disk. Directories
 * that cannot be read are thrown as {@link java.io.UncheckedIOException} and end the sync of that one learner.
 */
public interface DiskHistory {
    /** Bytes of the newest snapshot file, 0 if there is none. */
    long newestSnapshotBytes();

    /**
     * Bytes of all log files behind the one in which {@code zxid} would stand (the newest whose name is below it, else
     * the oldest).
     */
    long logBytesBehind(long zxid);

    /**
     * Shows the zxids of the log in ascending order, from the first transaction of the file in which {@code zxid} would
     * stand, until the log ends, stops making sense or {@code visitor} answers false.
     */
    void forEachZxidFrom(long zxid, LongPredicate visitor);

    /**
     * Whether a snapshot was taken behind a transaction that stood between these two. A log that shows one and then the other
     * lacks it, be that because an image took the place of the log or because damage took it.
     */
    boolean hasSnapshotBetween(long zxid, long laterZxid);
}
