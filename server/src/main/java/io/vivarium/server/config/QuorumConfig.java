/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.Member;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The server as a member of an ensemble.
 *
 * @param sid own server id, in the ensemble
 * @param initLimitTicks how long a follower may take to connect and synchronise
 * @param syncLimitTicks how far a follower may fall behind
 * @param connectLimitTicks how long a learner tries to connect to its leader
 * @param listenOnAllAddresses quorum and election port on every address of the machine
 * @param leaderServes false: a leader refuses clients
 * @param standaloneEnabled false: one voter is an ensemble, too, and a reconfiguration may go down to one
 * @param reconfigEnabled the membership may change at run time
 * @param readOnlyMode a server that finds no leader for a while answers reads of clients that allow it
 * @param localSessions new sessions are known to one server only
 * @param localSessionsUpgrading such a session becomes the ensemble's with its first ephemeral node
 * @param autocreateDatabase an empty server may vote without the file {@code initialize} beside {@code myid}
 * @param dynamicFile the file that the membership was read from, if it was not the main one
 */
public record QuorumConfig(
        long sid,
        Ensemble ensemble,
        int initLimitTicks,
        int syncLimitTicks,
        int connectLimitTicks,
        boolean listenOnAllAddresses,
        boolean leaderServes,
        boolean standaloneEnabled,
        boolean reconfigEnabled,
        boolean readOnlyMode,
        boolean localSessions,
        boolean localSessionsUpgrading,
        boolean autocreateDatabase,
        @Nullable Path dynamicFile,
        VoteConfig vote,
        LearnConfig learn) {

    /**
     * Election connections and the pace of votes.
     *
     * @param handshakeTimeoutMillis read timeout until a peer has said who it is
     * @param bindAttempts of the election port; 0 = for ever
     */
    public record VoteConfig(
            int connectTimeoutMillis,
            int handshakeTimeoutMillis,
            int bindAttempts,
            boolean tcpKeepAlive,
            int minNotificationMillis,
            int maxNotificationMillis) {
        public VoteConfig {
            if (minNotificationMillis > maxNotificationMillis) {
                throw new ConfigException("fastleader.minNotificationInterval=" + minNotificationMillis
                        + " ms is more than fastleader.maxNotificationInterval=" + maxNotificationMillis + " ms");
            }
        }
    }

    /**
     * Connections between leader and learners.
     *
     * @param epochWaitMillis how long a leader waits for an epoch; -1 = as long as initLimit says
     * @param maxSnapSyncs learners that may receive a snapshot at once
     * @param maxDiffSyncs learners that may receive missing txns at once
     * @param forceSnapshotSync learners are always sent whole snapshots
     * @param observersKeepLog observers write what happens while they observe into their log
     */
    public record LearnConfig(
            int connectRetryDelayMillis,
            long observerReconnectDelayMillis,
            long observerElectionDelayMillis,
            int epochWaitMillis,
            int maxSnapSyncs,
            int maxDiffSyncs,
            boolean forceSnapshotSync,
            boolean observersKeepLog,
            boolean followerNoDelay,
            boolean leaderNoDelay) {}

    public QuorumConfig {
        if (initLimitTicks == 0) {
            throw new ConfigException("initLimit is not set");
        }
        if (syncLimitTicks == 0) {
            throw new ConfigException("syncLimit is not set");
        }
        if (ensemble.member(sid).isEmpty()) {
            throw new ConfigException(ConfigException.UNEXPECTED, "My id " + sid + " not in the peer list", null);
        }
    }

    /** The own entry of the ensemble. */
    public Member self() {
        return ensemble.member(sid).orElseThrow();
    }

    static QuorumConfig from(ConfigValues values, Membership membership, long sid, Ensemble ensemble, int tickMillis) {
        int initLimit = values.integer("initLimit");
        int syncLimit = values.integer("syncLimit");
        int connectLimit = values.integer("connectToLearnerMasterLimit");
        return new QuorumConfig(
                sid,
                ensemble,
                initLimit,
                syncLimit,
                connectLimit == 0 ? initLimit : connectLimit,
                values.flag("quorumListenOnAllIPs"),
                values.isYes("leaderServes"),
                values.flag("standaloneEnabled"),
                values.flag("reconfigEnabled"),
                values.flag("readonlymode.enabled"),
                values.flag("localSessionsEnabled"),
                values.flag("localSessionsUpgradingEnabled"),
                values.flag("db.autocreate"),
                membership.dynamicFile(),
                votes(values, (long) syncLimit * tickMillis),
                learning(values));
    }

    private static VoteConfig votes(ConfigValues values, long syncMillis) {
        int handshake = values.integer("quorumCnxnTimeoutMs");
        return new VoteConfig(
                values.integer("cnxTimeout"),
                handshake == -1 ? (int) Math.min(syncMillis, Integer.MAX_VALUE) : handshake,
                values.integer("electionPortBindRetry"),
                values.flag("tcpKeepAlive"),
                values.integer("fastleader.minNotificationInterval"),
                values.integer("fastleader.maxNotificationInterval"));
    }

    private static LearnConfig learning(ConfigValues values) {
        return new LearnConfig(
                values.integer("leaderConnectDelayDuringRetryMs"),
                values.longInteger("observer.reconnectDelayMs"),
                values.longInteger("observer.election.DelayMs"),
                values.integer("leader.maxTimeToWaitForEpoch"),
                values.integer("leader.maxConcurrentSnapSyncs"),
                values.integer("leader.maxConcurrentDiffSyncs"),
                values.flag("forceSnapshotSync"),
                values.flag("syncEnabled"),
                values.flag("follower.nodelay"),
                values.flag("leader.nodelay"));
    }
}
