/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vivarium.testkit.process.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Transaction;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stock Java client as it is used: what only a real client does, with its reconnects, its watch registrations and
 * its idea of expired (spec 8.5, 9, 13). {@code -Dcontract.subject=stock:3.9.5} runs it on the stock server.
 */
@Tag("contract")
class StockClientIT {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final byte[] NO_DATA = new byte[0];

    private final BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
    private final List<ZooKeeper> clients = new ArrayList<>();
    private ServerProcess server;

    @BeforeEach
    void startServer(@TempDir Path directory) throws Exception {
        server = ServerProcess.of(ServerPairs.subject(), directory)
                .config("tickTime", "500")
                .property("zookeeper.extendedTypesEnabled", "true")
                .start();
    }

    @AfterEach
    void stopAll() throws Exception {
        for (ZooKeeper client : clients) {
            client.close();
        }
        server.close();
    }

    private ZooKeeper connect(String chroot, int timeoutMillis) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        Watcher watcher = event -> {
            events.add(event);
            if (event.getState() == KeeperState.SyncConnected && event.getType() == EventType.None) {
                connected.countDown();
            }
        };
        ZooKeeper client = new ZooKeeper("127.0.0.1:" + server.clientPort() + chroot, timeoutMillis, watcher);
        clients.add(client);
        assertThat(connected.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        events.clear();
        return client;
    }

    private ZooKeeper connect() throws Exception {
        return connect("", 10_000);
    }

    private static String create(ZooKeeper client, String path, CreateMode mode) throws Exception {
        return client.create(path, NO_DATA, ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    private WatchedEvent next() throws Exception {
        WatchedEvent event = events.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(event).as("an event within %s", DEADLINE).isNotNull();
        return event;
    }

    @Test
    void a_walk_through_the_shell_commands() throws Exception {
        ZooKeeper client = connect();
        assertThat(create(client, "/app", CreateMode.PERSISTENT)).isEqualTo("/app");
        assertThat(create(client, "/app/job-", CreateMode.PERSISTENT_SEQUENTIAL))
                .isEqualTo("/app/job-0000000000");
        assertThat(create(client, "/app/e", CreateMode.EPHEMERAL)).isEqualTo("/app/e");
        Stat stat = client.setData("/app", "data".getBytes(StandardCharsets.UTF_8), 0);
        assertThat(stat.getVersion()).isEqualTo(1);
        assertThat(client.getData("/app", false, stat)).asString().isEqualTo("data");
        assertThat(stat.getNumChildren()).isEqualTo(2);
        assertThat(client.getChildren("/app", false)).containsExactlyInAnyOrder("job-0000000000", "e");
        assertThat(client.getAllChildrenNumber("/app")).isEqualTo(2);
        assertThat(client.getEphemerals()).containsExactly("/app/e");
        assertThat(client.exists("/app/e", false).getEphemeralOwner()).isEqualTo(client.getSessionId());
        assertThatThrownBy(() -> client.delete("/app", -1)).isInstanceOf(KeeperException.NotEmptyException.class);
        assertThatThrownBy(() -> client.setData("/app", NO_DATA, 0))
                .isInstanceOf(KeeperException.BadVersionException.class);
        client.delete("/app/e", -1);
        client.delete("/app/job-0000000000", -1);
        client.delete("/app", -1);
        assertThat(client.exists("/app", false)).isNull();
    }

    @Test
    void containers_and_ttl_nodes_are_made_with_their_own_calls() throws Exception {
        ZooKeeper client = connect();
        Stat stat = new Stat();
        assertThat(create(client, "/c", CreateMode.CONTAINER)).isEqualTo("/c");
        assertThat(client.create(
                        "/t", NO_DATA, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, stat, 100_000))
                .isEqualTo("/t");
        assertThat(stat.getEphemeralOwner()).isZero();
        assertThat(client.create(
                        "/t-",
                        NO_DATA,
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL,
                        stat,
                        9))
                .isEqualTo("/t-0000000002");
    }

    @Test
    void a_chroot_hides_itself_in_paths_and_events() throws Exception {
        ZooKeeper top = connect();
        create(top, "/root", CreateMode.PERSISTENT);
        ZooKeeper inside = connect("/root", 10_000);
        assertThat(create(inside, "/x", CreateMode.PERSISTENT)).isEqualTo("/x");
        inside.getData("/x", true, null);
        top.setData("/root/x", NO_DATA, -1);
        assertThat(next().getPath()).isEqualTo("/x");
        assertThat(inside.getChildren("/", false)).containsExactly("x");
    }

    @Test
    void transactions_succeed_and_fail_as_one() throws Exception {
        ZooKeeper client = connect();
        Transaction good = client.transaction();
        good.create("/m", NO_DATA, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)
                .setData("/m", NO_DATA, 0)
                .check("/m", 1)
                .create("/m/x", NO_DATA, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER)
                .delete("/m/x", 0);
        assertThat(good.commit()).hasSize(5);
        assertThatThrownBy(() -> client.multi(List.of(
                        Op.delete("/m", -1),
                        Op.create("/n", NO_DATA, ZooDefs.Ids.OPEN_ACL_UNSAFE, 0),
                        Op.check("/no", 0))))
                .isInstanceOfSatisfying(
                        KeeperException.class, e -> assertThat(e.getResults()).hasSize(3))
                .isInstanceOf(KeeperException.NoNodeException.class);
        assertThat(client.exists("/m", false)).isNotNull();
        assertThat(client.multi(List.of(Op.getData("/m"), Op.getChildren("/"), Op.getData("/no"))))
                .hasSize(3);
    }

    @Test
    void watches_survive_a_restart_of_the_server_and_tell_what_was_missed() throws Exception {
        ZooKeeper client = connect("", 10_000);
        ZooKeeper writer = connect("", 10_000);
        create(client, "/seen", CreateMode.PERSISTENT);
        create(client, "/e", CreateMode.EPHEMERAL);
        client.getData("/seen", true, null);
        client.exists("/later", true);
        client.addWatch("/deep", AddWatchMode.PERSISTENT_RECURSIVE);
        long session = client.getSessionId();
        server.kill9();
        server.restart();
        await().atMost(DEADLINE)
                .until(() -> client.getState() == ZooKeeper.States.CONNECTED
                        && writer.getState() == ZooKeeper.States.CONNECTED);
        assertThat(client.exists("/e", false).getEphemeralOwner()).isEqualTo(session);
        events.clear();
        writer.setData("/seen", NO_DATA, -1);
        assertThat(nextOfNode()).isEqualTo("NodeDataChanged /seen");
        create(writer, "/later", CreateMode.PERSISTENT);
        assertThat(nextOfNode()).isEqualTo("NodeCreated /later");
        create(writer, "/deep", CreateMode.PERSISTENT);
        create(writer, "/deep/x", CreateMode.PERSISTENT);
        assertThat(nextOfNode()).isEqualTo("NodeCreated /deep");
        assertThat(nextOfNode()).isEqualTo("NodeCreated /deep/x");
    }

    /** The next event that is about a node, connection states skipped. */
    private String nextOfNode() throws Exception {
        while (true) {
            WatchedEvent event = next();
            if (event.getType() != EventType.None) {
                return event.getType() + " " + event.getPath();
            }
        }
    }

    @Test
    void a_client_that_comes_back_too_late_learns_that_it_is_expired() throws Exception {
        ZooKeeper client = connect("", 1_000);
        ZooKeeper other = connect("", 10_000);
        create(client, "/e", CreateMode.EPHEMERAL);
        ZooKeeper thief = new ZooKeeper(
                "127.0.0.1:" + server.clientPort(),
                1_000,
                event -> {},
                client.getSessionId(),
                client.getSessionPasswd());
        await().atMost(DEADLINE).until(() -> thief.getState() == ZooKeeper.States.CONNECTED);
        thief.close();
        await().atMost(DEADLINE)
                .until(() -> events.stream().anyMatch(event -> event.getState() == KeeperState.Expired));
        assertThat(client.getState()).isEqualTo(ZooKeeper.States.CLOSED);
        assertThat(other.exists("/e", false)).isNull();
    }

    @Test
    void removed_watches_are_confirmed_by_the_server() throws Exception {
        ZooKeeper client = connect();
        create(client, "/x", CreateMode.PERSISTENT);
        Watcher watcher = events::add;
        client.getData("/x", watcher, null);
        client.getChildren("/x", watcher);
        client.addWatch("/x", watcher, AddWatchMode.PERSISTENT);
        client.removeWatches("/x", watcher, WatcherType.Data, false);
        assertThat(next().getType()).isEqualTo(EventType.DataWatchRemoved);
        client.removeAllWatches("/x", WatcherType.Any, false);
        client.setData("/x", NO_DATA, -1);
        assertThatThrownBy(() -> client.removeAllWatches("/x", WatcherType.Any, false))
                .isInstanceOf(KeeperException.NoWatcherException.class);
    }

    @Test
    void logins_are_repeated_after_a_reconnect() throws Exception {
        ZooKeeper client = connect();
        client.addAuthInfo("digest", "bob:pw".getBytes(StandardCharsets.UTF_8));
        client.create("/mine", NO_DATA, ZooDefs.Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        assertThat(client.whoAmI()).anyMatch(info -> info.getUser().equals("bob"));
        server.stop();
        server.restart();
        await().atMost(DEADLINE).until(() -> client.getState() == ZooKeeper.States.CONNECTED);
        assertThat(client.getData("/mine", false, null)).isEmpty();
        ZooKeeper stranger = connect();
        assertThatThrownBy(() -> stranger.getData("/mine", false, null))
                .isInstanceOf(KeeperException.NoAuthException.class);
    }

    @Test
    void a_thousand_asynchronous_writes_come_back_in_order() throws Exception {
        ZooKeeper client = connect();
        create(client, "/q", CreateMode.PERSISTENT);
        BlockingQueue<String> names = new LinkedBlockingQueue<>();
        for (int i = 0; i < 1_000; i++) {
            client.create(
                    "/q/n-",
                    NO_DATA,
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT_SEQUENTIAL,
                    (rc, path, ctx, name) -> names.add(rc == 0 ? name : "rc " + rc),
                    null);
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(names.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(String.format("/q/n-%010d", i));
        }
        assertThat(client.getChildren("/q", false)).hasSize(1_000);
    }

    @Test
    void data_and_sessions_survive_an_orderly_restart() throws Exception {
        ZooKeeper client = connect();
        for (int i = 0; i < 50; i++) {
            client.create("/n" + i, new byte[] {(byte) i}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        Stat before = client.exists("/n7", false);
        server.stop();
        server.restart();
        await().atMost(DEADLINE).until(() -> client.getState() == ZooKeeper.States.CONNECTED);
        assertThat(client.exists("/n7", false)).isEqualTo(before);
        assertThat(client.getData("/n49", false, null)).containsExactly(49);
    }
}
