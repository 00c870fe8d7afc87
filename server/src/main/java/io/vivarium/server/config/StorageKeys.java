/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import static io.vivarium.server.config.ConfigKey.Source.FILE_OR_PROPERTY;
import static io.vivarium.server.config.ConfigKey.Source.PROPERTY;
import static io.vivarium.server.config.ConfigKey.Status.IN_EFFECT;
import static io.vivarium.server.config.ConfigKey.Status.LATER;
import static io.vivarium.server.config.ConfigKey.Status.NOTHING_TO_TUNE;
import static io.vivarium.server.config.ConfigKey.Type.BOOL;
import static io.vivarium.server.config.ConfigKey.Type.CLASS;
import static io.vivarium.server.config.ConfigKey.Type.INT;
import static io.vivarium.server.config.ConfigKey.Type.LONG;
import static io.vivarium.server.config.ConfigKey.Type.RATIO;
import static io.vivarium.server.config.ConfigKey.Type.TEXT;
import static io.vivarium.server.config.ConfigKey.Type.YES_NO;
import static io.vivarium.server.config.ConfigKey.key;
import static io.vivarium.server.config.Limits.ANY;
import static io.vivarium.server.config.Limits.atLeast;
import static io.vivarium.server.config.Limits.between;
import static io.vivarium.server.config.Limits.oneOf;

import java.util.List;

/** Keys of storage, throughput and throttling: spec operations 1.5. What each does stands in docs/configuration.md. */
final class StorageKeys {
    static final List<ConfigKey> ALL = List.of(
            key("snapCount", INT, "txns", "100000", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("snapSizeLimitInKb", LONG, "KiB", "4194304", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("txnLogSizeLimitInKb", LONG, "KiB", "-1", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("preAllocSize", LONG, "KiB", "65536", between(0, 2097151), FILE_OR_PROPERTY, IN_EFFECT),
            key("commitLogCount", INT, "txns", "500", atLeast(1), FILE_OR_PROPERTY, IN_EFFECT),
            key("snapshotSizeFactor", RATIO, "", "0.33", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("forceSync", YES_NO, "", "yes", oneOf("yes", "no"), FILE_OR_PROPERTY, IN_EFFECT),
            key("fsync.warningthresholdms", LONG, "ms", "1000", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT),
            key("snapshot.compression.method", TEXT, "", "none", oneOf("gz", "snappy"), FILE_OR_PROPERTY, IN_EFFECT),
            key("snapshot.trust.empty", BOOL, "", "false", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("serializeLastProcessedZxid.enabled", BOOL, "", "true", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("digest.enabled", BOOL, "", "true", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("closeSessionTxn.enabled", BOOL, "", "true", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("datadir.autocreate", BOOL, "", "true", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("db.autocreate", BOOL, "", "true", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("flushDelay", LONG, "ms", "0", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT),
            key("maxWriteQueuePollTime", LONG, "ms", "flushDelay / 3", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT),
            key("maxBatchSize", INT, "txns", "1000", atLeast(1), FILE_OR_PROPERTY, IN_EFFECT),
            key("globalOutstandingLimit", INT, "requests", "1000", atLeast(1), FILE_OR_PROPERTY, IN_EFFECT),
            key("request_throttle_max_requests", INT, "requests", "0", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT)
                    .orDocumentedAs("requestThrottleLimit"),
            key("request_throttle_stall_time", INT, "ms", "100", atLeast(0), FILE_OR_PROPERTY, NOTHING_TO_TUNE)
                    .orDocumentedAs("requestThrottleStallTime"),
            key("request_throttle_drop_stale", BOOL, "", "true", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE)
                    .orDocumentedAs("requestThrottleDropStale"),
            key("request_stale_latency_check", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER)
                    .orDocumentedAs("requestStaleLatencyCheck"),
            key("request_stale_connection_check", BOOL, "", "true", ANY, FILE_OR_PROPERTY, LATER)
                    .orDocumentedAs("requestStaleConnectionCheck"),
            key("request_throttler.shutdownTimeout", INT, "ms", "10000", atLeast(0), FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("throttled_op_wait_time", INT, "ms", "0", atLeast(0), FILE_OR_PROPERTY, NOTHING_TO_TUNE)
                    .orDocumentedAs("throttledOpWaitTime"),
            key("connection_throttle_tokens", INT, "tokens", "0", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT)
                    .orDocumentedAs("connectionMaxTokens"),
            key("connection_throttle_fill_time", INT, "ms", "1", atLeast(1), FILE_OR_PROPERTY, IN_EFFECT)
                    .orDocumentedAs("connectionTokenFillTime"),
            key("connection_throttle_fill_count", INT, "tokens", "1", atLeast(0), FILE_OR_PROPERTY, IN_EFFECT)
                    .orDocumentedAs("connectionTokenFillCount"),
            key("connection_throttle_freeze_time", INT, "ms", "-1", atLeast(-1), FILE_OR_PROPERTY, IN_EFFECT)
                    .orDocumentedAs("connectionFreezeTime"),
            key("connection_throttle_drop_increase", RATIO, "", "0.02", ANY, FILE_OR_PROPERTY, IN_EFFECT)
                    .orDocumentedAs("connectionDropIncrease"),
            key("connection_throttle_drop_decrease", RATIO, "", "0.002", ANY, FILE_OR_PROPERTY, IN_EFFECT)
                    .orDocumentedAs("connectionDropDecrease"),
            key("connection_throttle_decrease_ratio", RATIO, "", "0", ANY, FILE_OR_PROPERTY, IN_EFFECT)
                    .orDocumentedAs("connectionDecreaseRatio"),
            key("connection_throttle_weight_enabled", BOOL, "", "false", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key(
                    "connection_throttle_global_session_weight",
                    INT,
                    "tokens",
                    "3",
                    atLeast(1),
                    FILE_OR_PROPERTY,
                    IN_EFFECT),
            key(
                    "connection_throttle_renew_session_weight",
                    INT,
                    "tokens",
                    "2",
                    atLeast(1),
                    FILE_OR_PROPERTY,
                    IN_EFFECT),
            key(
                    "connection_throttle_local_session_weight",
                    INT,
                    "tokens",
                    "1",
                    atLeast(1),
                    FILE_OR_PROPERTY,
                    IN_EFFECT),
            key("largeRequestMaxBytes", INT, "bytes", "104857600", atLeast(1), FILE_OR_PROPERTY, IN_EFFECT),
            key("largeRequestThreshold", INT, "bytes", "-1", atLeast(-1), FILE_OR_PROPERTY, IN_EFFECT),
            key("maxResponseCacheSize", INT, "entries", "400", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("maxGetChildrenResponseCacheSize", INT, "entries", "400", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("enforceQuota", BOOL, "", "false", ANY, FILE_OR_PROPERTY, IN_EFFECT),
            key("skipACL", YES_NO, "", "no", oneOf("yes", "no"), FILE_OR_PROPERTY, IN_EFFECT),
            key("enableEagerACLCheck", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("watchManagerName", CLASS, "", "built in", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("watcherCleanThreadsNum", INT, "threads", "2", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("watcherCleanThreshold", INT, "watchers", "1000", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("watcherCleanIntervalInSeconds", INT, "s", "600", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("maxInProcessingDeadWatchers", INT, "watchers", "-1", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("bitHashCacheSize", INT, "entries", "10", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("serverCnxnFactory", CLASS, "", "built in", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key(
                    "nio.numSelectorThreads",
                    INT,
                    "threads",
                    "max(sqrt(cores / 2), 1)",
                    ANY,
                    FILE_OR_PROPERTY,
                    NOTHING_TO_TUNE),
            key("nio.numWorkerThreads", INT, "threads", "2 x cores", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("nio.sessionlessCnxnTimeout", INT, "ms", "10000", atLeast(1), FILE_OR_PROPERTY, IN_EFFECT),
            key("nio.directBufferBytes", INT, "bytes", "65536", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("nio.shutdownTimeout", INT, "ms", "5000", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("netty.advancedFlowControl.enabled", BOOL, "", "false", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE)
                    .orDocumentedAs("advancedFlowControlEnabled"),
            key(
                            "netty.server.outstandingHandshake.limit",
                            INT,
                            "handshakes",
                            "-1",
                            atLeast(-1),
                            FILE_OR_PROPERTY,
                            LATER)
                    .orDocumentedAs("outstandingHandshake.limit"),
            key("netty.server.earlyDropSecureConnectionHandshakes", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("commitProcessor.numWorkerThreads", INT, "threads", "cores", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("commitProcessor.maxReadBatchSize", INT, "requests", "-1", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("commitProcessor.maxCommitBatchSize", INT, "requests", "1", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("commitProcessor.shutdownTimeout", INT, "ms", "5000", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("intBufferStartingSizeBytes", INT, "bytes", "1024", ANY, FILE_OR_PROPERTY, NOTHING_TO_TUNE),
            key("znode.container.checkIntervalMs", LONG, "ms", "60000", atLeast(1), PROPERTY, IN_EFFECT),
            key("znode.container.maxPerMinute", INT, "nodes", "10000", atLeast(1), PROPERTY, IN_EFFECT),
            key("znode.container.maxNeverUsedIntervalMs", LONG, "ms", "0", atLeast(0), PROPERTY, IN_EFFECT),
            key("pathStats.enabled", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER),
            key("pathStats.slotCapacity", INT, "slots", "60", ANY, FILE_OR_PROPERTY, LATER),
            key("pathStats.slotDuration", INT, "s", "15", ANY, FILE_OR_PROPERTY, LATER),
            key("pathStats.maxDepth", INT, "names", "6", ANY, FILE_OR_PROPERTY, LATER),
            key("pathStats.initialDelay", INT, "s", "5", ANY, FILE_OR_PROPERTY, LATER),
            key("pathStats.delay", INT, "s", "5", ANY, FILE_OR_PROPERTY, LATER),
            key("pathStats.topPathMax", INT, "paths", "20", ANY, FILE_OR_PROPERTY, LATER),
            key("pathStats.sampleRate", RATIO, "", "0.1", ANY, FILE_OR_PROPERTY, LATER),
            key("messageTracker.BufferSize", INT, "messages", "10", atLeast(1), FILE_OR_PROPERTY, LATER),
            key("messageTracker.Enabled", BOOL, "", "false", ANY, FILE_OR_PROPERTY, LATER));

    private StorageKeys() {}
}
