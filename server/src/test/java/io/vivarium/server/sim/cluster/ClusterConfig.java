/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.election.core.ElectionConfig;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.ensemble.Role;
import io.vivarium.protocol.ensemble.ServerAddress;
import io.vivarium.server.pipeline.Clients;
import io.vivarium.server.quorum.MemberConfig;
import io.vivarium.server.quorum.zab.SyncConfig;
import io.vivarium.server.quorum.zab.ZabConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a cluster.
 *
 * @param voters 1 to 7; server ids from 1
 * @param observers with ids behind those of the voters
 * @param snapCount transactions between two snapshots, about
 * @param maxSyncMillis how long a sync of a disk takes at most, on a good day
 * @param commitLog transactions a server keeps in memory for learners
 * @param maxImagePauseMillis between two pieces of a history that leaves
 * @param zab times and limits between leaders and learners
 * @param transfers how histories are sent: server 1 as the first one says, and so on, round and round
 */
record ClusterConfig(
        int voters,
        int observers,
        int clients,
        int snapCount,
        int maxSyncMillis,
        int commitLog,
        int maxImagePauseMillis,
        ZabConfig zab,
        List<SyncConfig> transfers) {
    static final int TICK_MILLIS = 1_000;
    static final int INIT_LIMIT = 10;
    static final int SYNC_LIMIT = 5;
    static final ZabConfig ZAB = ZabConfig.withDefaults(TICK_MILLIS, INIT_LIMIT, SYNC_LIMIT);

    ClusterConfig {
        if (voters < 1
                || voters > 7
                || observers < 0
                || clients < 0
                || snapCount < 2
                || maxSyncMillis < 1
                || maxImagePauseMillis < 1
                || transfers.isEmpty()) {
            throw new IllegalArgumentException("voters " + voters + " (1 to 7), observers " + observers + ", clients "
                    + clients + ", snapCount " + snapCount + ", sync " + maxSyncMillis + " ms, pause of an image "
                    + maxImagePauseMillis + " ms, transfers " + transfers);
        }
    }

    static ClusterConfig of(int voters) {
        return new ClusterConfig(voters, 0, 5, 400, 4, 500, 3, ZAB, List.of(SyncConfig.DEFAULT));
    }

    ClusterConfig withObservers(int count) {
        return new ClusterConfig(
                voters, count, clients, snapCount, maxSyncMillis, commitLog, maxImagePauseMillis, zab, transfers);
    }

    ClusterConfig withClients(int count) {
        return new ClusterConfig(
                voters, observers, count, snapCount, maxSyncMillis, commitLog, maxImagePauseMillis, zab, transfers);
    }

    ClusterConfig withCommitLog(int count) {
        return new ClusterConfig(
                voters, observers, clients, snapCount, maxSyncMillis, count, maxImagePauseMillis, zab, transfers);
    }

    ClusterConfig withSnapCount(int count) {
        return new ClusterConfig(
                voters, observers, clients, count, maxSyncMillis, commitLog, maxImagePauseMillis, zab, transfers);
    }

    /** An epoch ends with so many transactions, for those that cannot wait for four thousand million of them. */
    ClusterConfig withEpochsOf(int transactions) {
        return withZab(zab.epochPatienceMillis(), transactions + 1L);
    }

    /** A leader that has no quorum yet gives up early when voters look for a leader again. */
    ClusterConfig withEpochPatience(int millis) {
        return withZab(millis, zab.lastCounter());
    }

    /** The log on disk is sent to learners however long it is. */
    ClusterConfig withHistoriesOfAnyLength() {
        return new ClusterConfig(
                voters,
                observers,
                clients,
                snapCount,
                maxSyncMillis,
                commitLog,
                maxImagePauseMillis,
                zab,
                List.of(new SyncConfig(SyncConfig.Transfer.HISTORY_OR_SNAPSHOT, 0)));
    }

    private ClusterConfig withZab(int epochPatienceMillis, long lastCounter) {
        ZabConfig changed = new ZabConfig(
                TICK_MILLIS,
                INIT_LIMIT,
                SYNC_LIMIT,
                zab.maxSnapshotSyncs(),
                zab.maxDiffSyncs(),
                epochPatienceMillis,
                zab.observerLog(),
                lastCounter,
                zab.syncConfig());
        return new ClusterConfig(
                voters,
                observers,
                clients,
                snapCount,
                maxSyncMillis,
                commitLog,
                maxImagePauseMillis,
                changed,
                transfers);
    }

    int servers() {
        return voters + observers;
    }

    Ensemble ensemble() {
        List<Member> members = new ArrayList<>();
        for (long sid = 1; sid <= servers(); sid++) {
            members.add(new Member(
                    sid,
                    new ServerAddress(SimMachine.hostOf(sid), SimMachine.QUORUM_PORT, SimMachine.ELECTION_PORT),
                    sid <= voters ? Role.PARTICIPANT : Role.OBSERVER,
                    null));
        }
        return Ensemble.ofMajority(members, 0);
    }

    /** As server {@code sid} has it. */
    ZabConfig zab(long sid) {
        return new ZabConfig(
                zab.tickMillis(),
                zab.initLimitTicks(),
                zab.syncLimitTicks(),
                zab.maxSnapshotSyncs(),
                zab.maxDiffSyncs(),
                zab.epochPatienceMillis(),
                zab.observerLog(),
                zab.lastCounter(),
                transfers.get((int) (sid - 1) % transfers.size()));
    }

    MemberConfig member(long sid, Ensemble ensemble) {
        return new MemberConfig(
                sid, ensemble, zab(sid), ElectionConfig.DEFAULT, -1, Clients.WELCOME, 1_000, 300, commitLog);
    }
}
