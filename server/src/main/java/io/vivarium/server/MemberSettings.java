/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.election.core.ElectionConfig;
import io.vivarium.election.net.MeshConfig;
import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.journal.JournalConfig;
import io.vivarium.persistence.recovery.DiskProbe;
import io.vivarium.persistence.recovery.MemberRecovery;
import io.vivarium.persistence.recovery.Peers;
import io.vivarium.persistence.recovery.RecoveryConfig;
import io.vivarium.persistence.snapshot.LoadProgress;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.vote.VoteHandshake;
import io.vivarium.server.config.QuorumConfig;
import io.vivarium.server.config.ServerConfig;
import io.vivarium.server.pipeline.Clients;
import io.vivarium.server.pipeline.LocalSessions;
import io.vivarium.server.quorum.MemberConfig;
import io.vivarium.server.quorum.net.LinkConfig;
import io.vivarium.server.quorum.zab.SyncConfig;
import io.vivarium.server.quorum.zab.ZabConfig;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The configuration of a member of an ensemble in the words of each part. Pure.
 *
 * <p>Thread: the one that starts the server.
 */
final class MemberSettings {
    private static final int MIN_READ_ONLY_MILLIS = 2000;

    private final ServerConfig config;
    private final QuorumConfig quorum;
    private final int maxFieldBytes;

    MemberSettings(ServerConfig config, QuorumConfig quorum, int maxFieldBytes) {
        this.config = config;
        this.quorum = quorum;
        this.maxFieldBytes = maxFieldBytes;
    }

    private int tickMillis() {
        return config.session().tickTimeMillis();
    }

    MemberConfig memberConfig() {
        return new MemberConfig(
                quorum.sid(),
                quorum.ensemble(),
                zabConfig(),
                electionConfig(),
                quorum.readOnlyMode() ? Math.max(MIN_READ_ONLY_MILLIS, tickMillis()) : -1,
                quorum.leaderServes() ? Clients.WELCOME : Clients.TURNED_AWAY,
                quorum.learn().observerElectionDelayMillis(),
                quorum.learn().observerReconnectDelayMillis(),
                config.storage().commitLogCount());
    }

    private ZabConfig zabConfig() {
        return new ZabConfig(
                tickMillis(),
                quorum.initLimitTicks(),
                quorum.syncLimitTicks(),
                quorum.learn().maxSnapSyncs(),
                quorum.learn().maxDiffSyncs(),
                quorum.learn().epochWaitMillis(),
                quorum.learn().observersKeepLog() ? ZabConfig.ObserverLog.KEPT : ZabConfig.ObserverLog.NOT_KEPT,
                Zxid.LAST_COUNTER,
                syncConfig());
    }

    SyncConfig syncConfig() {
        return new SyncConfig(
                quorum.learn().forceSnapshotSync()
                        ? SyncConfig.Transfer.SNAPSHOT_ONLY
                        : SyncConfig.Transfer.HISTORY_OR_SNAPSHOT,
                config.storage().snapshotSizeFactor());
    }

    /** The longest pause of a voter is bounded by what is sensible here, not by stock's minute (spec election 7.4). */
    private ElectionConfig electionConfig() {
        ElectionConfig standard = ElectionConfig.DEFAULT;
        long min = TimeUnit.MILLISECONDS.toNanos(quorum.vote().minNotificationMillis());
        long max = TimeUnit.MILLISECONDS.toNanos(quorum.vote().maxNotificationMillis());
        return new ElectionConfig(
                min,
                Math.max(min, Math.min(max, standard.waitMaxNanos())),
                standard.finalWaitNanos(),
                standard.finalWaitMaxNanos(),
                ElectionConfig.Reconfig.DISABLED);
    }

    LocalSessions localSessions() {
        if (!quorum.localSessions()) {
            return LocalSessions.OFF;
        }
        return quorum.localSessionsUpgrading() ? LocalSessions.UPGRADING : LocalSessions.ON;
    }

    int maxHistories() {
        return quorum.learn().maxSnapSyncs() + quorum.learn().maxDiffSyncs();
    }

    MeshConfig meshConfig() {
        List<HostPort> addresses = quorum.self().addresses().stream()
                .map(address -> new HostPort(address.host(), address.electionPort()))
                .toList();
        return new MeshConfig(
                quorum.sid(),
                addresses,
                quorum.listenOnAllAddresses() ? MeshConfig.ListenOn.EVERY_INTERFACE : MeshConfig.ListenOn.OWN_ADDRESSES,
                addresses.size() > 1 ? VoteHandshake.Format.V2 : VoteHandshake.Format.V1,
                quorum.vote().connectTimeoutMillis(),
                quorum.vote().handshakeTimeoutMillis(),
                quorum.vote().bindAttempts(),
                quorum.vote().tcpKeepAlive() ? MeshConfig.KeepAlive.ON : MeshConfig.KeepAlive.OFF);
    }

    LinkConfig linkConfig() {
        List<HostPort> addresses = quorum.self().addresses().stream()
                .map(address -> new HostPort(address.host(), address.quorumPort()))
                .toList();
        int initMillis = quorum.initLimitTicks() * tickMillis();
        int syncMillis = quorum.syncLimitTicks() * tickMillis();
        return new LinkConfig(
                addresses,
                new LinkConfig.Sockets(
                        meshConfig().listenOn(),
                        meshConfig().keepAlive(),
                        quorum.learn().leaderNoDelay() ? LinkConfig.NoDelay.ON : LinkConfig.NoDelay.OFF,
                        quorum.learn().followerNoDelay() ? LinkConfig.NoDelay.ON : LinkConfig.NoDelay.OFF),
                LinkConfig.Limits.of(maxFieldBytes, initMillis),
                new LinkConfig.Dialling(
                        LinkConfig.Dialling.ATTEMPTS,
                        quorum.learn().connectRetryDelayMillis(),
                        syncMillis,
                        quorum.connectLimitTicks() * tickMillis()));
    }

    MemberRecovery recovery(Disk disk, LoadProgress progress) {
        boolean alone = quorum.ensemble().voters().equals(Set.of(quorum.sid()));
        return new MemberRecovery(
                disk, config.storage().directories(), recoveryConfig(), progress, alone ? Peers.NONE : Peers.SOME);
    }

    /** A disk that failed is good again when there is room for what the next log file takes in advance. */
    DiskProbe diskProbe(Disk disk) {
        long room = Math.max(config.storage().preAllocBytes(), JournalConfig.DEFAULT.zeroAheadBytes());
        return new DiskProbe(disk, config.storage().directories(), recoveryConfig(), room);
    }

    private RecoveryConfig recoveryConfig() {
        return new RecoveryConfig(
                config.storage().trustEmptySnapshot(),
                config.storage().createDirectories(),
                quorum.autocreateDatabase(),
                maxFieldBytes);
    }
}
