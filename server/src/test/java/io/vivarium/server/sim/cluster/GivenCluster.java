/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.server.sim.client.SimClient;
import io.vivarium.testkit.fault.SimFaults.Loss;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A cluster to tell stories with: stop, wipe, cut, write, expect. Whatever the story is, all checks of a run watch it.
 *
 * <p>Clients ask only what the story says. Thread: the test's.
 */
final class GivenCluster {
    static final long SECOND = ClusterRun.SECOND;
    private static final long PATIENCE_NANOS = 60 * SECOND;

    final ClusterRun run;
    final SimCluster cluster;
    private int writes;

    /** Started, and everybody serves. */
    GivenCluster(ClusterConfig config, long seed) {
        this.run = new ClusterRun(seed, config);
        this.cluster = run.cluster();
        cluster.startServers();
        everybodyServes();
        cluster.startClients();
        cluster.simClients().forEach(SimClient::rest);
        expect("every client is connected", this::isEveryClientConnected);
        write(1);
    }

    static GivenCluster of(int voters) {
        return new GivenCluster(ClusterConfig.of(voters).withClients(2), 1);
    }

    private boolean isEveryClientConnected() {
        return cluster.simClients().stream().allMatch(SimClient::isConnected);
    }

    // ---- Servers ----------------------------------------------------------------------------------------------

    SimMachine leader() {
        expect("somebody leads", () -> cluster.leading() != null);
        SimMachine leader = cluster.leading();
        if (leader == null) {
            throw new IllegalStateException("nobody leads");
        }
        return leader;
    }

    /** Voters that do not lead, the smallest id first. */
    List<SimMachine> followers() {
        SimMachine leader = leader();
        return cluster.machines().stream()
                .filter(machine -> machine != leader && machine.sid <= cluster.config.voters())
                .toList();
    }

    void everybodyServes() {
        expect("everybody serves", () -> cluster.machines().stream()
                .allMatch(machine ->
                        machine.member != null && machine.member.isAlive() && machine.member.isEstablished()));
    }

    void isDown(SimMachine machine) {
        expect(machine.host + " is down", () -> !machine.isUp());
    }

    void kill(SimMachine machine) {
        cluster.kill(machine);
    }

    void starts(SimMachine machine) {
        cluster.restart(machine.host);
    }

    /** Power goes at once. */
    void losesPower(SimMachine machine) {
        kill(machine);
        cluster.losePower(machine.host, Loss.TAIL);
    }

    /** No packet passes between these machines, though clients reach both. */
    void cut(SimMachine one, SimMachine other) {
        cluster.peers.cut(one.host, other.host);
    }

    void heal() {
        cluster.peers.heal();
    }

    // ---- Clients ----------------------------------------------------------------------------------------------

    /** Client 1 makes so many nodes, and has the answers. */
    void write(int count) {
        SimClient client = cluster.simClients().get(0);
        for (int i = 0; i < count; i++) {
            expect("client 1 is connected", client::isConnected);
            client.ask(OpCode.CREATE, new ClientRequest.Create("/s" + ++writes, new byte[100], Acl.OPEN, 0));
            if (i % 50 == 49) {
                isAnswered(client);
            }
        }
        isAnswered(client);
    }

    private void isAnswered(SimClient client) {
        expect("client 1 is answered", () -> client.pendingOperations() == 0);
    }

    /** Client 1 goes from server to server until it is where the story wants it. */
    void clientGoesTo(SimMachine machine) {
        expect("client 1 is at " + machine.host, () -> {
            boolean there = cluster.isClientAt(1, machine);
            if (!there && cluster.simClients().get(0).isConnected()) {
                cluster.machines().forEach(other -> cluster.reset("client-1", other.host));
            }
            return there;
        });
    }

    /** Client 1 asks for a node, and nobody waits for an answer. */
    void writeWithoutAnswer() {
        cluster.simClients().get(0).ask(OpCode.CREATE, new ClientRequest.Create("/s" + ++writes, null, Acl.OPEN, 0));
    }

    // ---- Expectations -----------------------------------------------------------------------------------------

    void passes(long nanos) {
        cluster.scheduler.runFor(nanos);
    }

    void expect(String what, BooleanSupplier condition) {
        if (!cluster.scheduler.runUntil(condition, PATIENCE_NANOS)) {
            throw cluster.checks
                    .story()
                    .failure("not within a minute: " + what + "; "
                            + cluster.machines().stream()
                                    .map(machine -> String.valueOf(machine.member))
                                    .toList());
        }
    }

    /** Everything healed, everybody converges, every client can write. */
    void converges() {
        run.converge();
    }
}
