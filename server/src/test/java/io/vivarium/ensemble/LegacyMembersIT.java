/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.Role;
import io.vivarium.testkit.process.ServerDistribution;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A release that knows fewer transactions, 3.4.14, among ours: what it cannot read is refused with -6 as long as it is there, at
 * every member of ours, and its link stays (spec quorum 16.2).
 */
class LegacyMembersIT {
    private static final ServerDistribution LEGACY = Kinds.stock("3.4.14");
    private static final int REAPER_MILLIS = 300;

    @TempDir
    private Path directory;

    @Test
    void what_an_old_follower_cannot_read_is_refused_while_it_is_there() throws Exception {
        try (EnsembleProcesses ensemble = ensemble()
                .participant(1, LEGACY)
                .participant(2, Kinds.subject())
                .participant(3, Kinds.subject())
                .observer(4, Kinds.subject())
                .build()) {
            EnsembleMember old = ensemble.member(1);
            EnsembleMember leader = ensemble.start(2, 3, 4).member(3).awaitRole(Role.LEADER);
            ensemble.awaitAllServing();
            try (Client atLeader = Client.to(leader);
                    Client atFollower = Client.to(ensemble.member(2));
                    Client atObserver = Client.to(ensemble.member(4))) {
                assertAccepted(atLeader, "/before");

                old.start().awaitRole(Role.FOLLOWER);
                old.awaitLog(SyncKind.SNAP.line());
                long elections = elections(old);
                assertRefused(atLeader, "/at-leader");
                assertRefused(atFollower, "/at-follower");
                assertRefused(atObserver, "/at-observer");
                // Abandoned now, and no member may say so: their removal is news that the old one cannot read.
                atLeader.create("/before/container/child", "");
                atLeader.raw().delete("/before/container/child", -1);
                try (Client atOld = Client.to(old)) {
                    atOld.populate("/by-the-old-one");
                    atFollower.sync().create("/by-the-old-one/answer", "");
                    assertThat(atOld.sync().exists("/by-the-old-one/answer")).isTrue();
                }
                atFollower.populate("/goes-on");
                await("the abandoned container stays while the reaper looks several times")
                        .during(Duration.ofMillis(4 * REAPER_MILLIS))
                        .until(() -> atLeader.exists("/before/container"));
                assertThat(elections(old)).as("elections of %s", old).isEqualTo(elections);
                assertThat(old.is(Role.FOLLOWER)).isTrue();

                old.stop();
                ensemble.await("the old one is missed", () -> accepts(atFollower, "/after"));
                ensemble.await(
                        "the abandoned container goes", () -> !atFollower.sync().exists("/before/container"));
                assertAccepted(atObserver, "/and-more");

                // By DIFF it would hear of all that.
                old.start().awaitRole(Role.FOLLOWER);
                old.awaitLog(SyncKind.SNAP.line());
                elections = elections(old);
                assertRefused(atFollower, "/again");
                atLeader.populate("/end");
                try (Client atOld = Client.to(old)) {
                    assertThat(atOld.sync().read("/end")).isEqualTo("in a multi");
                }
                assertThat(elections(old)).as("elections of %s", old).isEqualTo(elections);
            }
        }
    }

    @Test
    void what_an_old_leader_cannot_read_is_refused_by_its_learners() throws Exception {
        try (EnsembleProcesses ensemble = ensemble()
                .participant(1, Kinds.subject())
                .participant(2, LEGACY)
                .participant(3, LEGACY)
                .observer(4, Kinds.subject())
                .build()) {
            ensemble.start(2, 3).member(3).awaitRole(Role.LEADER);
            ensemble.start(1, 4).awaitAllServing();
            EnsembleMember ours = ensemble.member(1);
            long elections = elections(ours);
            try (Client atFollower = Client.to(ours);
                    Client atObserver = Client.to(ensemble.member(4))) {
                assertRefused(atFollower, "/at-follower");
                assertRefused(atObserver, "/at-observer");
                atFollower.populate("/goes-on");
                atObserver.populate("/goes-on/too");
            }
            assertThat(elections(ours)).as("elections of %s", ours).isEqualTo(elections);
            Trees.assertEqual(ensemble, "a 3.4 server leads");
        }
    }

    private EnsembleProcesses.Builder ensemble() {
        return EnsembleProcesses.in(directory)
                .property("zookeeper.extendedTypesEnabled", "true")
                .property("znode.container.checkIntervalMs", Integer.toString(REAPER_MILLIS));
    }

    /** Every kind of transaction that 3.4 does not know, each alone and as a part. */
    private static Map<String, ThrowingCallable> newRequests(ZooKeeper client, String path) {
        Map<String, ThrowingCallable> requests = new LinkedHashMap<>();
        requests.put(
                "create2",
                () -> client.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, new Stat()));
        requests.put(
                "container",
                () -> client.create(path + "/container", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER));
        requests.put(
                "ttl",
                () -> client.create(
                        path + "/ttl",
                        new byte[0],
                        Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT_WITH_TTL,
                        new Stat(),
                        3_600_000));
        requests.put(
                "container in a multi",
                () -> client.multi(List.of(
                        Op.create(path + "/part", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                        Op.create(path + "/part/container", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER))));
        return requests;
    }

    private static void assertAccepted(Client client, String path) throws Exception {
        for (ThrowingCallable request : newRequests(client.raw(), path).values()) {
            try {
                request.call();
            } catch (Throwable e) {
                throw new AssertionError(path, e);
            }
        }
    }

    private static boolean accepts(Client client, String path) throws Exception {
        try {
            client.raw().create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
            return true;
        } catch (KeeperException.UnimplementedException e) {
            return false;
        }
    }

    /** The answers come on a connection that lives on, between answers to what is known. */
    private static void assertRefused(Client client, String path) throws Exception {
        String there = path + "-is-there";
        client.create(there, "");
        newRequests(client.raw(), there).forEach((name, request) -> assertThatThrownBy(request)
                .as("%s below %s", name, there)
                .isInstanceOf(KeeperException.UnimplementedException.class));
        client.raw().setData(there, new byte[] {1}, 0);
        assertThat(client.raw().getChildren(there, false)).isEmpty();
    }

    private static long elections(EnsembleMember member) throws IOException {
        return member.log().stream().filter(line -> line.contains("LOOKING")).count();
    }
}
