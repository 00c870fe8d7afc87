/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.server.quorum.zab.SyncConfig;
import io.vivarium.server.sim.check.NodeView;
import io.vivarium.server.sim.client.SimClient;
import io.vivarium.testkit.fault.FaultKind;
import io.vivarium.testkit.fault.FaultSchedule;
import io.vivarium.testkit.sim.Seeds;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One run from one seed: a cluster of some shape, clients at work, faults of every kind, and at the end, faults healed, the
 * question whether everybody converges and every client can write. Thread: the caller's.
 */
final class ClusterRun {
    static final long SECOND = 1_000_000_000L;
    static final long MINUTE = 60 * SECOND;
    /** For a cluster that was healed: an election, an image, and the longest pause of a client. */
    private static final long RECOVERY_NANOS = 60 * SECOND;

    private static final long QUIET_NANOS = 40 * SECOND;

    /** Faults that come faster than the cluster recovers from them. */
    private static final FaultSchedule.Config WILD =
            new FaultSchedule.Config(SECOND, 6, EnumSet.allOf(FaultKind.class));

    /** From memory and disk; from memory; from disk however long it takes; never. */
    private static final List<SyncConfig> TRANSFERS = List.of(
            SyncConfig.DEFAULT,
            new SyncConfig(SyncConfig.Transfer.HISTORY_OR_SNAPSHOT, -1),
            new SyncConfig(SyncConfig.Transfer.HISTORY_OR_SNAPSHOT, 0),
            new SyncConfig(SyncConfig.Transfer.SNAPSHOT_ONLY, 0));

    private final SimCluster cluster;
    private final FaultSchedule faults;

    ClusterRun(long seed, ClusterConfig config) {
        this(seed, config, Bug.NONE);
    }

    ClusterRun(long seed, ClusterConfig config, Bug bug) {
        this.cluster = new SimCluster(seed, config, bug);
        RandomGenerator dice = Seeds.fork(Seeds.random(~seed));
        this.faults = new FaultSchedule(cluster.scheduler, dice, cluster, mixOf(seed, dice));
    }

    /** Of three seeds one has every fault now and then, one every fault all the time, one has a few of them in a style of its own. */
    private static FaultSchedule.Config mixOf(long seed, RandomGenerator dice) {
        switch ((int) Math.floorMod(seed, 3L)) {
            case 0:
                return WILD;
            case 1:
                return FaultSchedule.Config.ROUGH;
            default:
                return FaultSchedule.Config.swarm(dice);
        }
    }

    /** A shape that follows from the seed; {@code servers} of them if that is not 0. */
    static ClusterConfig shapeOf(long seed, int servers) {
        RandomGenerator dice = Seeds.random(seed * 31 + 7);
        int voters = servers > 0 ? servers : new int[] {1, 2, 3, 3, 3, 4, 5, 5, 5, 6, 7}[dice.nextInt(11)];
        int observers = servers > 0 ? 0 : dice.nextInt(3) / 2 + dice.nextInt(3) / 2;
        return new ClusterConfig(
                voters,
                observers,
                5,
                10 << dice.nextInt(7),
                1 << dice.nextInt(7),
                new int[] {5, 50, 500}[dice.nextInt(3)],
                1 << dice.nextInt(13),
                ClusterConfig.ZAB,
                transfers(dice));
    }

    /** As shipped, or every server in a manner of its own: trees are small here, so that logs are nearly always too long. */
    private static List<SyncConfig> transfers(RandomGenerator dice) {
        if (dice.nextBoolean()) {
            return List.of(SyncConfig.DEFAULT);
        }
        List<SyncConfig> transfers = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            transfers.add(TRANSFERS.get(dice.nextInt(TRANSFERS.size())));
        }
        return transfers;
    }

    SimCluster cluster() {
        return cluster;
    }

    FaultSchedule faults() {
        return faults;
    }

    /** Runs under faults for so long, then heals and asks. */
    void run(long nanos) {
        cluster.startServers();
        cluster.startClients();
        faults.start();
        cluster.scheduler.runFor(nanos);
        faults.stop();
        converge();
    }

    /** Everything is healed: after a while everybody serves, and every client can write; then all are alike. */
    void converge() {
        cluster.healAll();
        cluster.scheduler.runUntil(this::everybodyServes, RECOVERY_NANOS);
        cluster.simClients().forEach(SimClient::rest);
        cluster.scheduler.runUntil(this::everybodyIsHeard, RECOVERY_NANOS);
        askEveryClient();
        cluster.scheduler.runFor(QUIET_NANOS);
        // A ping may be under way at any moment.
        cluster.scheduler.runUntil(this::everybodyIsHeard, SECOND);
        cluster.checks.nodes().converged(views());
        cluster.checks.atQuiescence(2 * SECOND);
        for (SimClient client : cluster.simClients()) {
            if (!client.isConnected() || client.pendingOperations() > 0 || client.isRefused()) {
                throw cluster.checks
                        .story()
                        .failure(client.host() + " is not served: connected " + client.isConnected() + ", waits for "
                                + client.pendingOperations() + " answers, refused as no owner of its session "
                                + client.isRefused());
            }
        }
    }

    private boolean everybodyServes() {
        return cluster.machines().stream()
                .allMatch(machine -> machine.member != null && machine.member.isEstablished());
    }

    private boolean everybodyIsHeard() {
        return cluster.simClients().stream()
                .allMatch(client -> client.isConnected() && client.pendingOperations() == 0);
    }

    private void askEveryClient() {
        for (SimClient client : cluster.simClients()) {
            client.ask(OpCode.SET_DATA, new ClientRequest.SetData("/w", new byte[] {1}, -1));
        }
    }

    private List<NodeView> views() {
        List<NodeView> views = new ArrayList<>();
        for (SimMachine machine : cluster.machines()) {
            if (machine.member != null) {
                views.add(machine.member);
            }
        }
        return views;
    }
}
