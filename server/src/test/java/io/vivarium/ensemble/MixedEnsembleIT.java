/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.Role;
import io.vivarium.testkit.process.ServerDistribution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our server and stock ones of every line in one ensemble (spec quorum 16), each kind leading the other.
 *
 * <pre>
 * members 1 and 3: first kind, 2: second kind, 4: second kind as observer
 * 3 leads --its tail that nobody has is cut off--> 2 leads, 3 comes back
 * </pre>
 *
 * <p>Under each leader a member of the other kind comes back after a short absence (DIFF) and without its data (SNAP);
 * member 3 comes back with transactions that nobody has (TRUNC). Both orders of the kinds together give every kind of
 * synchronization in both directions. {@code -Dmixed.only=} with a part of a pair's name, as in {@code 3.4.14 leads later},
 * runs that pair alone.
 */
class MixedEnsembleIT {
    private static final int UNCOMMITTED_BYTES = 200_000;
    private static final int UNCOMMITTED_COUNT = 3;

    private final List<String> seen = new ArrayList<>();

    static Stream<Arguments> pairs() {
        return Stream.of("3.4.14", "3.5.10", "3.8.4", Kinds.STOCK_CURRENT)
                .map(Kinds::stock)
                .flatMap(stock -> Stream.of(
                        Arguments.of(stock.name() + " leads first", stock, Kinds.subject()),
                        Arguments.of(stock.name() + " leads later", Kinds.subject(), stock)))
                .filter(pair -> pair.get()[0].toString().contains(System.getProperty("mixed.only", "")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void two_kinds_lead_and_follow_each_other(
            String name, ServerDistribution first, ServerDistribution second, @TempDir Path directory)
            throws Exception {
        try (EnsembleProcesses ensemble = EnsembleProcesses.in(directory)
                .participant(1, first)
                .participant(2, second)
                .participant(3, first)
                .observer(4, second)
                .relayed()
                .build()) {
            EnsembleMember one = ensemble.member(1);
            EnsembleMember two = ensemble.member(2);
            EnsembleMember three = ensemble.member(3);

            ensemble.start(1, 3);
            three.awaitRole(Role.LEADER);
            ensemble.start(2, 4);
            ensemble.awaitAllServing();
            ensemble.member(4).awaitRole(Role.OBSERVER);
            serveClients(ensemble, three, "/first");
            comeBack(ensemble, three, two);
            comeBack(ensemble, three, ensemble.member(4));
            try (Client left = Client.to(three)) {
                loseTail(ensemble, three, left);
                two.awaitRole(Role.LEADER);
                // Before any client: a transaction of the new epoch would make it a snapshot (spec quorum 4).
                three.start().awaitRole(Role.FOLLOWER);
                sawSync(two, three, SyncKind.TRUNC);
                left.awaitConnected();
            }
            ensemble.awaitAllServing();
            Trees.assertEqual(ensemble, "after the tail of the old leader was cut off");
            try (Client client = Client.to(three)) {
                assertThat(client.exists("/nobody-has-0"))
                        .as("a write of the cut-off leader")
                        .isFalse();
            }
            serveClients(ensemble, two, "/second");
            comeBack(ensemble, two, three);
            comeBack(ensemble, two, one);
        } finally {
            System.out.println("mixed ensemble, " + name + ": " + String.join(", ", seen));
        }
    }

    /** Sessions, ephemerals and watches at and between members of both kinds. */
    private void serveClients(EnsembleProcesses ensemble, EnsembleMember leader, String root) throws Exception {
        EnsembleMember other = ensemble.member(leader.id() == 3 ? 2 : 3);
        EnsembleMember observer = ensemble.member(4);
        try (Client atLeader = Client.to(leader);
                Client atOther = Client.to(other);
                Client atObserver = Client.to(observer)) {
            atLeader.populate(root);
            atOther.populate(root + "/follower");
            atObserver.populate(root + "/observer");

            String watched = root + "/watched";
            atOther.watch(watched);
            atObserver.watch(watched);
            atLeader.watch(watched);
            atOther.create(watched, "");
            atLeader.awaitEvent(EventType.NodeCreated, watched);
            atOther.awaitEvent(EventType.NodeCreated, watched);
            atObserver.awaitEvent(EventType.NodeCreated, watched);

            Client wanderer = Client.to(leader);
            Client before = wanderer;
            wanderer.createEphemeral(root + "/wanderer");
            wanderer = wanderer.moveTo(other);
            assertThat(wanderer.sync().exists(root + "/wanderer")).isTrue();
            wanderer = wanderer.moveTo(observer);
            wanderer.createEphemeral(root + "/wanderer-too");
            wanderer = wanderer.moveTo(leader);
            assertThat(wanderer.exists(root + "/wanderer-too")).isTrue();
            atOther.sync().watch(root + "/wanderer");
            wanderer.close();
            atOther.awaitEvent(EventType.NodeDeleted, root + "/wanderer");
            assertThat(atObserver.sync().exists(root + "/wanderer-too")).isFalse();
            before.close();
        }
        Trees.assertEqual(ensemble, leader + " leads");
    }

    /** A short absence, then one after which all data is gone. */
    private void comeBack(EnsembleProcesses ensemble, EnsembleMember leader, EnsembleMember learner) throws Exception {
        String root = "/back-" + leader.id() + "-" + learner.id();
        try (Client client = Client.to(leader)) {
            client.create(root, "");
            learner.kill9();
            client.populate(root + "/diff");
            learner.start().awaitServing();
            sawSync(leader, learner, SyncKind.DIFF);
            learner.stop();
            learner.wipe();
            client.populate(root + "/snap");
            learner.start().awaitServing();
            sawSync(leader, learner, SyncKind.SNAP);
            client.create(root + "/end", "");
        }
        assertThat(leader.role()).as("%s still leads", leader).contains(Role.LEADER);
        Trees.assertEqual(ensemble, learner + " came back to " + leader);
    }

    /** The leader logs what no follower hears of, and dies. */
    private static void loseTail(EnsembleProcesses ensemble, EnsembleMember leader, Client client) throws Exception {
        long before = leader.journalBytes();
        ensemble.mute(leader.id());
        for (int i = 0; i < UNCOMMITTED_COUNT; i++) {
            client.raw()
                    .create(
                            "/nobody-has-" + i,
                            new byte[UNCOMMITTED_BYTES],
                            ZooDefs.Ids.OPEN_ACL_UNSAFE,
                            CreateMode.PERSISTENT,
                            (code, path, context, created) -> {},
                            null);
        }
        ensemble.await(
                leader + " logs what nobody hears of",
                () -> leader.journalBytes() >= before + (UNCOMMITTED_COUNT - 1) * UNCOMMITTED_BYTES);
        leader.kill9();
        ensemble.sever(leader.id());
        ensemble.heal();
    }

    private void sawSync(EnsembleMember leader, EnsembleMember learner, SyncKind kind) {
        learner.awaitLog(kind.line());
        seen.add(leader.distribution().name() + " led " + learner.distribution().name()
                + (learner.votes() ? "" : " (observer)") + " by " + kind);
    }
}
