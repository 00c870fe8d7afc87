/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

/**
 * How snapshot files are written (spec persistence 4.1).
 *
 * @param writeDigest {@code zookeeper.digest.enabled}: parts 6 and 7
 * @param writeLastZxid {@code zookeeper.serializeLastProcessedZxid.enabled}: parts 8 and 9
 */
public record SnapshotConfig(SnapshotCompression compression, Part writeDigest, Part writeLastZxid) {
    /** Whether an optional part of the file is written. */
    public enum Part {
        WRITTEN,
        LEFT_OUT;

        public static Part of(boolean enabled) {
            return enabled ? WRITTEN : LEFT_OUT;
        }
    }

    public static final SnapshotConfig DEFAULT =
            new SnapshotConfig(SnapshotCompression.NONE, Part.WRITTEN, Part.WRITTEN);

    public SnapshotConfig {
        // Readers take the first part behind the first seal for the digest (trap T1): 3.6 and later refuse, with
        // digests
        // on, a file that has only the last zxid there. Nobody refuses a file without either.
        if (writeDigest == Part.LEFT_OUT) {
            writeLastZxid = Part.LEFT_OUT;
        }
    }
}
