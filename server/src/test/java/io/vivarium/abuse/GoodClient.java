/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A client that does everything right, all the time, and checks every answer and event.
 *
 * <p>Thread: one of its own; stops at the first thing that is not as it must be.
 */
final class GoodClient {
    private static final int EVENT_DEADLINE_SECONDS = 10;
    private static final int ENOUGH_ROUNDS = 5;

    private final ZooKeeper client;
    private final Thread thread = new Thread(this::work, "good-client");
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger disconnects = new AtomicInteger();
    private volatile boolean stopping;
    private volatile @Nullable Throwable fault;

    private GoodClient(ZooKeeper client) {
        this.client = client;
    }

    static GoodClient start(int port) throws Exception {
        GoodClient good = new GoodClient(RealClient.connect(port));
        good.client.register(event -> {
            if (event.getState() != Watcher.Event.KeeperState.SyncConnected && !good.stopping) {
                good.disconnects.incrementAndGet();
            }
        });
        good.thread.start();
        return good;
    }

    private void work() {
        try {
            while (!stopping) {
                round(rounds.get());
                rounds.incrementAndGet();
            }
        } catch (Throwable e) {
            if (!stopping) {
                fault = e;
            }
        }
    }

    private void round(int number) throws Exception {
        String path = "/good" + number;
        byte[] first = ByteBuffer.allocate(4).putInt(number).array();
        byte[] second = ByteBuffer.allocate(4).putInt(-number).array();
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        assertThat(client.create(path, first, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL))
                .isEqualTo(path);
        assertThat(client.getData(path, events::add, null)).isEqualTo(first);
        assertThat(client.setData(path, second, 0).getVersion()).isEqualTo(1);
        WatchedEvent event = events.poll(EVENT_DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(event).as("event of " + path).isNotNull();
        assertThat(event.getType()).isEqualTo(Watcher.Event.EventType.NodeDataChanged);
        assertThat(event.getPath()).isEqualTo(path);
        assertThat(client.getData(path, false, null)).isEqualTo(second);
        client.delete(path, 1);
        assertThat(client.exists(path, false)).isNull();
    }

    /** It goes on, whatever happened beside it; a short attack may have left it no time for many rounds. */
    void assertServedWell(long seed) {
        Awaitility.await("rounds of the good client, seed " + seed)
                .atMost(Duration.ofSeconds(EVENT_DEADLINE_SECONDS))
                .until(() -> fault != null || rounds.get() > ENOUGH_ROUNDS);
        assertThat(fault).as("fault of the good client, seed %d", seed).isNull();
        assertThat(disconnects.get()).as("disconnects, seed %d", seed).isZero();
    }

    void stop() throws InterruptedException {
        stopping = true;
        thread.join(TimeUnit.SECONDS.toMillis(EVENT_DEADLINE_SECONDS));
        client.close(1000);
    }
}
