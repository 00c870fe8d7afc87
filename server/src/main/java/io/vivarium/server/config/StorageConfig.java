/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.persistence.recovery.DataDirectories;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where and how transactions and snapshots are kept.
 *
 * @param dataDir as configured, absolute; {@code myid} lies here
 * @param dataLogDir as configured, absolute; equal to dataDir unless configured
 * @param snapCount txns, at least 2
 * @param snapSizeLimitBytes 0 = no limit
 * @param journalSizeLimitBytes 0 = no limit
 * @param preAllocBytes blocks in which journal files grow
 * @param commitLogCount committed txns kept in memory for learners
 * @param snapshotSizeFactor negative = never bring a learner up to date from the journal
 * @param trustEmptySnapshot accept a journal without any snapshot
 * @param lastZxidTrailer snapshots end with the last txn they hold
 * @param createDirectories false: a missing directory ends the start
 */
public record StorageConfig(
        Path dataDir,
        Path dataLogDir,
        int snapCount,
        long snapSizeLimitBytes,
        long journalSizeLimitBytes,
        long preAllocBytes,
        int commitLogCount,
        double snapshotSizeFactor,
        Compression compression,
        boolean trustEmptySnapshot,
        boolean lastZxidTrailer,
        boolean digest,
        boolean ephemeralsInCloseSession,
        boolean createDirectories,
        FlushConfig flush,
        PurgeConfig purge) {
    private static final int LEAST_SNAP_COUNT = 2;
    private static final long KIB = 1024;

    /** Form of snapshot files. */
    public enum Compression {
        NONE,
        GZ,
        SNAPPY
    }

    /**
     * When a write is on the disk.
     *
     * @param forceSync false: never wait for the disk
     * @param warningThresholdMillis a slower fsync is logged
     * @param delayMillis how long an fsync may wait for more writes; 0 = not at all
     * @param maxPollMillis how long to wait for one more write when there is a delay
     * @param maxBatchSize txns after which an fsync is due at the latest
     */
    public record FlushConfig(
            boolean forceSync, long warningThresholdMillis, long delayMillis, long maxPollMillis, int maxBatchSize) {
        public FlushConfig {
            if (delayMillis < 0 || maxPollMillis < 0 || maxBatchSize < 1) {
                throw new ConfigException("flushDelay=" + delayMillis + " ms, maxWriteQueuePollTime=" + maxPollMillis
                        + " ms and maxBatchSize=" + maxBatchSize + " txns must not be negative, the last not 0");
            }
        }
    }

    public StorageConfig {
        if (snapCount < LEAST_SNAP_COUNT) {
            throw new ConfigException("snapCount=" + snapCount + " is less than " + LEAST_SNAP_COUNT);
        }
        if (!dataDir.isAbsolute() || !dataLogDir.isAbsolute()) {
            throw new ConfigException("data directories must be absolute: " + dataDir + ", " + dataLogDir);
        }
    }

    /** Where the files lie, {@code version-2} included. */
    public DataDirectories directories() {
        return DataDirectories.of(dataDir, dataLogDir);
    }

    static StorageConfig from(ConfigValues values, ConfigPaths paths) {
        Path dataDir = paths.resolve(
                "dataDir", values.text("dataDir").orElseThrow(() -> new ConfigException("dataDir is not set")));
        @Nullable
        Path dataLogDir = values.text("dataLogDir")
                .map(text -> paths.resolve("dataLogDir", text))
                .orElse(null);
        return new StorageConfig(
                dataDir,
                dataLogDir == null ? dataDir : dataLogDir,
                snapCount(values),
                kib(values.longInteger("snapSizeLimitInKb")),
                kib(values.longInteger("txnLogSizeLimitInKb")),
                kib(values.longInteger("preAllocSize")),
                values.integer("commitLogCount"),
                values.ratio("snapshotSizeFactor"),
                compression(values),
                values.flag("snapshot.trust.empty"),
                values.flag("serializeLastProcessedZxid.enabled"),
                values.flag("digest.enabled"),
                values.flag("closeSessionTxn.enabled"),
                values.flag("datadir.autocreate"),
                flush(values),
                PurgeConfig.from(values));
    }

    private static FlushConfig flush(ConfigValues values) {
        long delay = values.longInteger("flushDelay");
        return new FlushConfig(
                values.isYes("forceSync"),
                values.longInteger("fsync.warningthresholdms"),
                delay,
                values.longIntegerOr("maxWriteQueuePollTime", delay / 3),
                values.integer("maxBatchSize"));
    }

    private static int snapCount(ConfigValues values) {
        int configured = values.integer("snapCount");
        if (configured < LEAST_SNAP_COUNT) {
            values.log()
                    .warn("SnapCount should be " + LEAST_SNAP_COUNT + " or more. Using " + LEAST_SNAP_COUNT
                            + " instead of " + configured);
        }
        return Math.max(LEAST_SNAP_COUNT, configured);
    }

    private static long kib(long value) {
        return value <= 0 ? 0 : Math.min(value, Long.MAX_VALUE / KIB) * KIB;
    }

    private static Compression compression(ConfigValues values) {
        String method = values.textOr("snapshot.compression.method", "");
        switch (method) {
            case "":
                return Compression.NONE;
            case "gz":
                return Compression.GZ;
            case "snappy":
                return Compression.SNAPPY;
            default:
                values.log()
                        .warn("snapshot.compression.method=" + method
                                + " is neither gz nor snappy; snapshots are not compressed");
                return Compression.NONE;
        }
    }
}
