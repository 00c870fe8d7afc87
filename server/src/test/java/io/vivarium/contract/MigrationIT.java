/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.process.ServerDistribution;
import io.vivarium.testkit.process.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A directory that one server leaves behind is taken over by another: stock's by ours and ours by stock's
 * (spec persistence). Tree, stats, ACLs and sessions must be the same on both sides of each change.
 */
@Tag("contract")
class MigrationIT {
    private static final int TIMEOUT_MILLIS = 30_000;

    @ParameterizedTest(name = "from stock {0}, ended by {1}, to ours and on to stock 3.9.5")
    @CsvSource({"3.9.5,stop", "3.9.5,kill", "3.8.4,kill", "3.5.7,kill", "3.4.14,stop"})
    void data_moves_both_ways(String version, String end, @TempDir Path directory) throws Exception {
        List<String> before;
        long session;
        byte[] password;
        try (ServerProcess stock = start(ServerDistribution.stock(version), directory)) {
            ZooKeeper client = connect(stock, 0, new byte[16]);
            populate(client, "/first");
            before = dump(client);
            session = client.getSessionId();
            password = client.getSessionPasswd();
            end(stock, end);
            client.close();
        }
        List<String> between;
        try (ServerProcess ours = start(ServerPairs.subject(), directory)) {
            ZooKeeper client = connect(ours, session, password);
            assertThat(client.getSessionId()).as("the session goes on").isEqualTo(session);
            assertThat(dump(client)).isEqualTo(before);
            populate(client, "/second");
            client.close();
            ZooKeeper other = connect(ours, 0, new byte[16]);
            assertThat(other.exists("/first/mine", false))
                    .as("ephemeral of a closed session")
                    .isNull();
            between = dump(other);
            end(ours, end);
            other.close();
        }
        try (ServerProcess stock = start(ServerDistribution.stock("3.9.5"), directory)) {
            ZooKeeper client = connect(stock, 0, new byte[16]);
            assertThat(dump(client)).isEqualTo(between);
            client.close();
        }
    }

    private static ServerProcess start(ServerDistribution distribution, Path directory) throws Exception {
        return ServerProcess.of(distribution, directory)
                .config("snapCount", "50")
                .start();
    }

    private static void end(ServerProcess server, String how) {
        if (how.equals("kill")) {
            server.kill9();
        } else {
            server.stop();
        }
    }

    private static ZooKeeper connect(ServerProcess server, long session, byte[] password) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        String address = "127.0.0.1:" + server.clientPort();
        ZooKeeper client = session == 0
                ? new ZooKeeper(address, TIMEOUT_MILLIS, event -> connected.countDown())
                : new ZooKeeper(
                        address,
                        TIMEOUT_MILLIS,
                        event -> {
                            if (event.getState() == KeeperState.SyncConnected) {
                                connected.countDown();
                            }
                        },
                        session,
                        password);
        assertThat(connected.await(20, TimeUnit.SECONDS))
                .as("connected to %s", server)
                .isTrue();
        return client;
    }

    /** A little of everything that a transaction log and a snapshot can hold since 3.4. */
    private static void populate(ZooKeeper client, String root) throws Exception {
        List<ACL> open = ZooDefs.Ids.OPEN_ACL_UNSAFE;
        client.create(root, "data".getBytes(StandardCharsets.UTF_8), open, CreateMode.PERSISTENT);
        client.create(root + "/mine", null, open, CreateMode.EPHEMERAL);
        for (int i = 0; i < 60; i++) {
            client.create(root + "/n-", new byte[] {(byte) i}, open, CreateMode.PERSISTENT_SEQUENTIAL);
        }
        client.delete(root + "/n-0000000005", -1);
        client.setData(root + "/n-0000000006", new byte[2_000], 0);
        client.create(
                root + "/acl",
                new byte[0],
                Arrays.asList(new ACL(31, new Id("world", "anyone")), new ACL(3, new Id("digest", "bob:x"))),
                CreateMode.PERSISTENT);
        client.setACL(
                root + "/acl",
                Arrays.asList(new ACL(31, new Id("world", "anyone")), new ACL(1, new Id("ip", "127.0.0.1"))),
                0);
        client.multi(List.of(
                Op.create(root + "/multi", new byte[0], open, CreateMode.PERSISTENT),
                Op.setData(root + "/multi", new byte[] {1}, 0),
                Op.create(root + "/multi/x", new byte[0], open, CreateMode.PERSISTENT),
                Op.check(root, -1),
                Op.delete(root + "/multi/x", -1)));
        assertThat(client.exists(root + "/none", false)).isNull();
        client.create(root + "/\u00fc\u20ac", new byte[0], open, CreateMode.PERSISTENT);
    }

    /** One line for each node of the client's: path, data, stat, ACL. */
    private static List<String> dump(ZooKeeper client) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String name : client.getChildren("/", false).stream().sorted().toList()) {
            if (!name.equals("zookeeper")) {
                dump(client, "/" + name, lines);
            }
        }
        return lines;
    }

    private static void dump(ZooKeeper client, String path, List<String> lines) throws Exception {
        Stat stat = new Stat();
        byte[] data = client.getData(path, false, stat);
        String acl = client.getACL(path, null).toString().replaceAll("\\s+", "");
        lines.add(path + " " + (data == null ? "null" : data.length + ":" + Arrays.hashCode(data)) + " " + acl + " "
                + stat.toString().trim());
        for (String child : client.getChildren(path, false).stream().sorted().toList()) {
            dump(client, path + "/" + child, lines);
        }
    }
}
