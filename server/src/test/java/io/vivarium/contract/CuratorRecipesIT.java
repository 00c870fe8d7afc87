/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vivarium.testkit.process.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.locks.Lease;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.curator.framework.recipes.nodes.PersistentTtlNode;
import org.apache.curator.framework.recipes.queue.SimpleDistributedQueue;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes of Curator against a real server: what most JVM users run on top of the protocol. */
@Tag("contract")
class CuratorRecipesIT {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static ServerProcess server;

    private final List<CuratorFramework> clients = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private CuratorFramework client;

    @BeforeAll
    static void startServer(@TempDir Path directory) throws Exception {
        server = ServerProcess.of(ServerPairs.subject(), directory)
                .config("tickTime", "500")
                .property("zookeeper.extendedTypesEnabled", "true")
                .property("znode.container.checkIntervalMs", "500")
                .start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connectFirst() {
        client = connect();
    }

    @AfterEach
    void closeAll() {
        threads.shutdownNow();
        clients.forEach(CuratorFramework::close);
    }

    private CuratorFramework connect() {
        CuratorFramework framework = CuratorFrameworkFactory.newClient(
                "127.0.0.1:" + server.clientPort(), 10_000, 10_000, new RetryOneTime(200));
        framework.start();
        clients.add(framework);
        return framework;
    }

    @Test
    void a_mutex_is_held_by_one_at_a_time() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger greatest = new AtomicInteger();
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            InterProcessMutex mutex = new InterProcessMutex(connect(), "/mutex");
            workers.add(threads.submit(() -> {
                for (int round = 0; round < 10; round++) {
                    mutex.acquire();
                    greatest.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                    mutex.release();
                }
                return null;
            }));
        }
        for (Future<?> worker : workers) {
            worker.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(greatest).hasValue(1);
    }

    @Test
    void readers_share_and_a_writer_does_not() throws Exception {
        InterProcessReadWriteLock first = new InterProcessReadWriteLock(client, "/rw");
        InterProcessReadWriteLock second = new InterProcessReadWriteLock(connect(), "/rw");
        assertThat(first.readLock().acquire(5, TimeUnit.SECONDS)).isTrue();
        assertThat(second.readLock().acquire(5, TimeUnit.SECONDS)).isTrue();
        assertThat(second.writeLock().acquire(100, TimeUnit.MILLISECONDS)).isFalse();
        first.readLock().release();
        second.readLock().release();
        assertThat(second.writeLock().acquire(5, TimeUnit.SECONDS)).isTrue();
        second.writeLock().release();
    }

    @Test
    void a_semaphore_leases_as_many_as_it_has() throws Exception {
        InterProcessSemaphoreV2 semaphore = new InterProcessSemaphoreV2(client, "/semaphore", 2);
        Lease first = semaphore.acquire();
        Lease second = semaphore.acquire();
        assertThat(semaphore.acquire(100, TimeUnit.MILLISECONDS)).isNull();
        semaphore.returnLease(first);
        Lease third = semaphore.acquire(5, TimeUnit.SECONDS);
        assertThat(third).isNotNull();
        semaphore.returnLease(second);
        semaphore.returnLease(third);
    }

    @Test
    void a_leader_that_goes_is_followed_by_another() throws Exception {
        LeaderLatch first = new LeaderLatch(client, "/latch", "first");
        first.start();
        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        LeaderLatch second = new LeaderLatch(connect(), "/latch", "second");
        second.start();
        await().atMost(DEADLINE).until(() -> second.getParticipants().size() == 2);
        assertThat(second.hasLeadership()).isFalse();
        first.close();
        assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
        second.close();
    }

    @Test
    void a_cache_follows_a_tree() throws Exception {
        client.create().forPath("/cached", new byte[0]);
        client.create().forPath("/cached/a", new byte[0]);
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        try (CuratorCache cache = CuratorCache.build(connect(), "/cached")) {
            cache.listenable()
                    .addListener(CuratorCacheListener.builder()
                            .forCreates(node -> seen.add("+" + node.getPath()))
                            .forChanges((old, node) -> seen.add("*" + node.getPath()))
                            .forDeletes(node -> seen.add("-" + node.getPath()))
                            .build());
            cache.start();
            await().atMost(DEADLINE).until(() -> cache.size() == 2);
            client.create().forPath("/cached/a/b", new byte[0]);
            // The cache reads a node when it hears of it, so one that goes at once is never in it.
            await().atMost(DEADLINE).until(() -> seen.contains("+/cached/a/b"));
            client.setData().forPath("/cached/a/b", new byte[] {1});
            await().atMost(DEADLINE).until(() -> seen.contains("*/cached/a/b"));
            client.delete().forPath("/cached/a/b");
            await().atMost(DEADLINE).until(() -> seen.contains("-/cached/a/b"));
        }
        assertThat(seen).containsSubsequence("+/cached", "+/cached/a", "+/cached/a/b", "*/cached/a/b", "-/cached/a/b");
    }

    @Test
    @SuppressWarnings("deprecation")
    void a_path_children_cache_follows_one_level() throws Exception {
        client.create().forPath("/children", new byte[0]);
        try (var cache =
                new org.apache.curator.framework.recipes.cache.PathChildrenCache(connect(), "/children", true)) {
            cache.start();
            client.create().forPath("/children/a", "1".getBytes(StandardCharsets.UTF_8));
            await().atMost(DEADLINE).until(() -> cache.getCurrentData("/children/a") != null);
            client.setData().forPath("/children/a", "2".getBytes(StandardCharsets.UTF_8));
            await().atMost(DEADLINE)
                    .until(() -> cache.getCurrentData("/children/a").getData()[0] == '2');
            client.delete().forPath("/children/a");
            await().atMost(DEADLINE).until(() -> cache.getCurrentData("/children/a") == null);
        }
    }

    @Test
    void a_double_barrier_opens_when_all_are_there() throws Exception {
        List<Future<Boolean>> members = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            DistributedDoubleBarrier barrier = new DistributedDoubleBarrier(connect(), "/barrier", 3);
            members.add(
                    threads.submit(() -> barrier.enter(20, TimeUnit.SECONDS) && barrier.leave(20, TimeUnit.SECONDS)));
        }
        for (Future<Boolean> member : members) {
            assertThat(member.get(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_queue_gives_back_in_order() throws Exception {
        SimpleDistributedQueue in = new SimpleDistributedQueue(client, "/queue");
        SimpleDistributedQueue out = new SimpleDistributedQueue(connect(), "/queue");
        for (int i = 0; i < 20; i++) {
            in.offer(new byte[] {(byte) i});
        }
        for (int i = 0; i < 20; i++) {
            assertThat(out.poll(5, TimeUnit.SECONDS)).containsExactly(i);
        }
    }

    @Test
    void a_counter_counts_under_contention() throws Exception {
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            DistributedAtomicLong counter = new DistributedAtomicLong(connect(), "/counter", new RetryOneTime(1));
            workers.add(threads.submit(() -> {
                for (int done = 0; done < 20; ) {
                    done += counter.increment().succeeded() ? 1 : 0;
                }
                return null;
            }));
        }
        for (Future<?> worker : workers) {
            worker.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(new DistributedAtomicLong(client, "/counter", new RetryOneTime(1))
                        .get()
                        .postValue())
                .isEqualTo(60);
    }

    @Test
    void a_persistent_node_comes_back_when_somebody_deletes_it() throws Exception {
        try (PersistentNode node =
                new PersistentNode(client, CreateMode.EPHEMERAL, false, "/persistent", new byte[0])) {
            node.start();
            assertThat(node.waitForInitialCreate(10, TimeUnit.SECONDS)).isTrue();
            CuratorFramework other = connect();
            other.delete().forPath("/persistent");
            await().atMost(DEADLINE).until(() -> other.checkExists().forPath("/persistent") != null);
        }
    }

    @Test
    void a_ttl_node_lives_while_it_is_touched_and_goes_with_its_owner() throws Exception {
        CuratorFramework other = connect();
        try (PersistentTtlNode node = new PersistentTtlNode(client, "/ttl/node", 1_000, new byte[0])) {
            node.start();
            assertThat(node.waitForInitialCreate(10, TimeUnit.SECONDS)).isTrue();
            assertThat(other.checkExists().forPath("/ttl/node")).isNotNull();
        }
        await().atMost(DEADLINE).until(() -> other.checkExists().forPath("/ttl/node") == null);
    }
}
