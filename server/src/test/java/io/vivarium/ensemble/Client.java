/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vivarium.testkit.process.EnsembleMember;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** The stock client with the few words that stories about ensembles need. Thread: test; events come on the client's own. */
public final class Client implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(40);
    /** Below every upper bound that the tests configure; long enough that no session ends by accident. */
    private static final int TIMEOUT_MILLIS = 20_000;

    private final AtomicReference<KeeperState> state = new AtomicReference<>(KeeperState.Disconnected);
    private final List<WatchedEvent> events = new CopyOnWriteArrayList<>();
    private final ZooKeeper zookeeper;

    private Client(String addresses, int timeoutMillis, long session, byte[] password) throws IOException {
        zookeeper = session == 0
                ? new ZooKeeper(addresses, timeoutMillis, this::onEvent)
                : new ZooKeeper(addresses, timeoutMillis, this::onEvent, session, password);
    }

    /** A new session, through any of the addresses; returns when it is open. */
    public static Client to(String addresses) throws IOException {
        return to(addresses, TIMEOUT_MILLIS);
    }

    public static Client to(String addresses, int timeoutMillis) throws IOException {
        return new Client(addresses, timeoutMillis, 0, new byte[16]).awaitConnected();
    }

    public static Client to(EnsembleMember member) throws IOException {
        return to(member.address());
    }

    /** The same session goes on at another member; this client is then dead to it. */
    Client moveTo(EnsembleMember member) throws IOException {
        long session = zookeeper.getSessionId();
        Client moved =
                new Client(member.address(), TIMEOUT_MILLIS, session, zookeeper.getSessionPasswd()).awaitConnected();
        assertThat(moved.zookeeper.getSessionId())
                .as("the session goes on at %s", member)
                .isEqualTo(session);
        return moved;
    }

    public ZooKeeper raw() {
        return zookeeper;
    }

    KeeperState state() {
        return state.get();
    }

    public Client awaitConnected() {
        awaitState(KeeperState.SyncConnected);
        return this;
    }

    public void awaitState(KeeperState wanted) {
        await("client " + wanted).atMost(DEADLINE).until(() -> state.get() == wanted);
    }

    /** A plain create: the one that every release knows. */
    public void create(String path, String data) throws Exception {
        zookeeper.create(path, bytes(data), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    public void createEphemeral(String path) throws Exception {
        zookeeper.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    }

    /** A little of everything below a new node: creates of all kinds, changes, deletes, a multi, an error. */
    public void populate(String root) throws Exception {
        create(root, "root");
        for (int i = 0; i < 8; i++) {
            zookeeper.create(
                    root + "/n-", bytes("n" + i), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
        }
        zookeeper.setData(root + "/n-0000000001", bytes("changed"), 0);
        zookeeper.delete(root + "/n-0000000002", -1);
        zookeeper.setACL(root + "/n-0000000003", ZooDefs.Ids.READ_ACL_UNSAFE, 0);
        zookeeper.multi(List.of(
                org.apache.zookeeper.Op.create(
                        root + "/multi", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                org.apache.zookeeper.Op.setData(root, bytes("in a multi"), -1),
                org.apache.zookeeper.Op.delete(root + "/n-0000000004", -1)));
        try {
            zookeeper.setData(root, bytes("refused"), 77);
        } catch (KeeperException.BadVersionException expected) {
            return;
        }
        throw new AssertionError("a change of a version that does not exist was done");
    }

    public String read(String path) throws Exception {
        return new String(zookeeper.getData(path, false, null), StandardCharsets.UTF_8);
    }

    /** What everybody was told before is visible here afterwards. */
    public Client sync() {
        AtomicReference<Integer> done = new AtomicReference<>();
        zookeeper.sync("/", (code, path, context) -> done.set(code), null);
        await("sync").atMost(DEADLINE).until(() -> done.get() != null);
        assertThat(done.get()).as("result of sync").isZero();
        return this;
    }

    public boolean exists(String path) throws Exception {
        return zookeeper.exists(path, false) != null;
    }

    void watch(String path) throws Exception {
        zookeeper.exists(path, true);
    }

    void awaitEvent(EventType type, String path) {
        await("event " + type + " of " + path).atMost(DEADLINE).until(() -> events.stream()
                .anyMatch(event -> event.getType() == type && path.equals(event.getPath())));
    }

    boolean wasExpired() {
        return state.get() == KeeperState.Expired;
    }

    /** Ends the session. */
    @Override
    public void close() {
        try {
            zookeeper.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onEvent(WatchedEvent event) {
        if (event.getType() == EventType.None) {
            state.set(event.getState());
        } else {
            events.add(event);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
