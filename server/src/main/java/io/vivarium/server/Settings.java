/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.persistence.journal.FlushPolicy;
import io.vivarium.persistence.journal.JournalConfig;
import io.vivarium.persistence.journal.RollPolicy;
import io.vivarium.persistence.recovery.RecoveryConfig;
import io.vivarium.persistence.snapshot.SnapshotCompression;
import io.vivarium.persistence.snapshot.SnapshotConfig;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.server.client.ClientListener;
import io.vivarium.server.client.ClientPort;
import io.vivarium.server.client.ConnectionThrottle;
import io.vivarium.server.config.ServerConfig;
import io.vivarium.server.config.StorageConfig;
import io.vivarium.server.config.ThrottleConfig;
import io.vivarium.server.pipeline.ContainerReaper;
import io.vivarium.server.pipeline.PrepareConfig;
import io.vivarium.server.session.SessionTimeouts;
import io.vivarium.server.tree.TreeConfig;
import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in the words of each part. Pure but for the size of the heap, by which a small server keeps less.
 *
 * <p>Thread: the one that starts the server.
 */
final class Settings {
    private static final String WILDCARD = "0.0.0.0";
    private static final int MAX_IO_THREADS = 16;
    private static final long MAX_UNSENT_BYTES = 256L << 20;
    private static final int UNSENT_PART_OF_HEAP = 8;
    private static final long MAX_MULTI_READ_BYTES = 16L << 20;
    private static final int MULTI_READ_PART_OF_HEAP = 16;

    private final ServerConfig config;

    Settings(ServerConfig config) {
        this.config = config;
    }

    ClientListener.Config listenerConfig() {
        return new ClientListener.Config(
                clientAddress(config.clientPort().address()),
                config.clientPort().listenBacklog(),
                config.clientPort().maxConnectionsPerAddress(),
                config.clientPort().maxConnections(),
                ioThreads(),
                config.clientPort().tcpKeepAlive());
    }

    /** One for two processors: the core, the journal and the kernel's side of the sockets want theirs as well. */
    private static int ioThreads() {
        return Math.max(1, Math.min(MAX_IO_THREADS, Runtime.getRuntime().availableProcessors() / 2));
    }

    /** Fewer than those that clients wait for: an event loop, the core, the journal, the kernel's side of the sockets. */
    static boolean hasFewProcessors() {
        return Runtime.getRuntime().availableProcessors() < 4;
    }

    /** Written as 0.0.0.0/0.0.0.0:2181 if it is the wildcard: watchers of logs wait for that (spec operations 6.2). */
    private static InetSocketAddress clientAddress(@Nullable HostPort address) {
        if (address == null) {
            return new InetSocketAddress(0);
        }
        return address.host().equals(WILDCARD)
                ? new InetSocketAddress(address.port())
                : new InetSocketAddress(address.host(), address.port());
    }

    SnapshotConfig snapshotConfig() {
        StorageConfig storage = config.storage();
        return new SnapshotConfig(
                SnapshotCompression.of(
                        storage.compression() == StorageConfig.Compression.NONE
                                ? ""
                                : storage.compression() == StorageConfig.Compression.GZ ? "gz" : "snappy"),
                SnapshotConfig.Part.of(storage.digest()),
                SnapshotConfig.Part.of(storage.lastZxidTrailer()));
    }

    RecoveryConfig recoveryConfig() {
        return new RecoveryConfig(
                config.storage().trustEmptySnapshot(), config.storage().createDirectories(), true, maxFieldBytes());
    }

    PrepareConfig prepareConfig() {
        return new PrepareConfig(
                new OwnerKind.Rules(config.tree().extendedTypes(), config.tree().ttlLayout353()),
                config.tree().enforceQuota(),
                config.reconfigEnabled(),
                config.storage().digest(),
                config.storage().ephemeralsInCloseSession(),
                config.clientPort().maxRequestBytes());
    }

    ConnectionThrottle connectionThrottle(RandomGenerator dice, long nowNanos) {
        ThrottleConfig.ConnectionTokens tokens = config.throttle().connections();
        return new ConnectionThrottle(
                new ConnectionThrottle.Config(
                        tokens.tokens(),
                        tokens.fillTimeMillis(),
                        tokens.fillCount(),
                        tokens.freezeTimeMillis(),
                        tokens.dropIncrease(),
                        tokens.dropDecrease(),
                        tokens.decreaseRatio(),
                        new ConnectionThrottle.Weights(tokens.newSessionCost(), tokens.renewedSessionCost())),
                dice,
                nowNanos);
    }

    ContainerReaper.Config reaperConfig() {
        return new ContainerReaper.Config(
                config.tree().reap().checkIntervalMillis(),
                config.tree().reap().maxPerMinute(),
                config.tree().reap().maxNeverUsedMillis());
    }

    /** A small server keeps less for clients that are slow to take their answers. */
    static long maxUnsentBytes() {
        return Math.min(MAX_UNSENT_BYTES, Runtime.getRuntime().maxMemory() / UNSENT_PART_OF_HEAP);
    }

    /** No client takes a frame of the greater size unless it was told to; a small server cannot even make one. */
    static long maxMultiReadBytes() {
        return Math.min(MAX_MULTI_READ_BYTES, Runtime.getRuntime().maxMemory() / MULTI_READ_PART_OF_HEAP);
    }

    int maxFieldBytes() {
        return JuteReader.lengthLimit(
                config.clientPort().maxRequestBytes(), config.clientPort().extraBytes());
    }

    TreeConfig treeConfig() {
        return new TreeConfig(
                new OwnerKind.Rules(config.tree().extendedTypes(), config.tree().ttlLayout353()),
                config.storage().digest());
    }

    JournalConfig journalConfig() {
        return JournalConfig.DEFAULT
                .withPreAllocBytes(config.storage().preAllocBytes())
                .withMaxRecordBytes(maxFieldBytes())
                .withDurability(
                        config.storage().flush().forceSync()
                                ? JournalConfig.Durability.SYNC
                                : JournalConfig.Durability.WRITE_ONLY);
    }

    FlushPolicy flushPolicy() {
        StorageConfig.FlushConfig flush = config.storage().flush();
        return new FlushPolicy(
                flush.maxBatchSize(), flush.delayMillis() * 1_000_000, flush.maxPollMillis() * 1_000_000);
    }

    RollPolicy rollPolicy(RandomGenerator dice) {
        StorageConfig storage = config.storage();
        return new RollPolicy(storage.snapCount(), storage.snapSizeLimitBytes(), storage.journalSizeLimitBytes(), dice);
    }

    SessionTimeouts sessionTimeouts() {
        return new SessionTimeouts(
                config.session().minTimeoutMillis(), config.session().maxTimeoutMillis());
    }

    ClientPort.Limits clientLimits() {
        return new ClientPort.Limits(
                config.clientPort().maxRequestBytes(),
                maxFieldBytes(),
                config.clientPort().sessionlessTimeoutMillis(),
                maxUnsentBytes());
    }
}
