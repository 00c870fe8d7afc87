/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.RetryPolicy;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.curator.framework.recipes.queue.SimpleDistributedQueue;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recipes of Curator at work while the leader of three is killed and comes back, again and again: what each promises holds
 * throughout, with sessions that outlive every change of leaders.
 *
 * <pre>
 * workers on threads of their own --kill -9 of the leader--> another leads --> the killed one comes back --> ... --> verdicts
 * </pre>
 *
 * <p>Work whose connection broke is in doubt: a client that gives up at once cannot know, and counts it as such.
 */
class RecipesUnderKillsIT {
    private static final Logger LOG = LoggerFactory.getLogger(RecipesUnderKillsIT.class);
    private static final int KILLS = 3;
    private static final int SESSION_MILLIS = 30_000;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final RetryPolicy PATIENT = new ExponentialBackoffRetry(50, 20, 500);
    /** A broken connection is told to the caller, so that nothing is done twice unnoticed. */
    private static final RetryPolicy NEVER = (count, elapsedMillis, sleeper) -> false;

    private final List<CuratorFramework> clients = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> workers = new ArrayList<>();
    private volatile boolean stopping;
    private String addresses = "";

    @TempDir
    private Path directory;

    /** One piece of work, done over and over. */
    @FunctionalInterface
    private interface Work {
        void once() throws Exception;
    }

    /** How many are where only one may be. */
    private static final class Inside {
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger visits = new AtomicInteger();

        void enter() {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            visits.incrementAndGet();
        }

        void leave() {
            now.decrementAndGet();
        }
    }

    @AfterEach
    void closeAll() {
        stopping = true;
        threads.shutdownNow();
        clients.forEach(CuratorFramework::close);
    }

    @Test
    void locks_latches_caches_queues_and_counters_hold_while_leaders_are_killed() throws Exception {
        try (EnsembleProcesses ensemble = EnsembleProcesses.in(directory)
                .participant(1, Kinds.subject())
                .participant(2, Kinds.subject())
                .participant(3, Kinds.subject())
                .build()) {
            ensemble.startAll().awaitAllServing();
            addresses = ensemble.addresses();

            Inside lock = contendForLock();
            Inside leaders = contendForLatch();
            Counting counting = new Counting();
            Queueing queueing = new Queueing();
            Caching caching = new Caching();
            PersistentNode node = new PersistentNode(
                    connect(PATIENT), CreateMode.EPHEMERAL, false, "/node", "mine".getBytes(StandardCharsets.UTF_8));
            node.start();
            assertThat(node.waitForInitialCreate(20, TimeUnit.SECONDS)).isTrue();
            long owner = ownerOf("/node");
            DistributedBarrier barrier = new DistributedBarrier(connect(PATIENT), "/barrier");
            barrier.setBarrier();
            Future<Boolean> waits = threads.submit(
                    () -> new DistributedBarrier(connect(PATIENT), "/barrier").waitOnBarrier(60, TimeUnit.SECONDS));
            InterProcessMutex held = new InterProcessMutex(connect(PATIENT), "/held");
            held.acquire();
            Future<Boolean> wants = threads.submit(
                    () -> new InterProcessMutex(connect(PATIENT), "/held").acquire(60, TimeUnit.SECONDS));

            for (int kill = 0; kill < KILLS; kill++) {
                int before = lock.visits.get();
                int counted = counting.done.get();
                await("work goes on")
                        .atMost(DEADLINE)
                        .until(() -> lock.visits.get() > before + 3 && counting.done.get() > counted + 3);
                EnsembleMember leader = ensemble.awaitAllServing();
                leader.kill9();
                ensemble.awaitAllServing();
                leader.start();
                ensemble.awaitAllServing();
                assertThat(wants.isDone())
                        .as("somebody else has the lock that is held")
                        .isFalse();
                assertThat(waits.isDone())
                        .as("somebody came through the barrier")
                        .isFalse();
            }

            barrier.removeBarrier();
            held.release();
            assertThat(waits.get(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(wants.get(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            stopping = true;
            for (Future<?> worker : workers) {
                worker.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(lock.most).as("holders of the lock at once").hasValue(1);
            assertThat(leaders.most).as("leaders at once").hasValue(1);
            await("somebody leads").atMost(DEADLINE).until(() -> leaders.now.get() == 1);
            counting.verify();
            queueing.verify();
            caching.verify();
            await("the node is there").atMost(DEADLINE).until(() -> ownerOf("/node") != 0);
            assertThat(ownerOf("/node")).as("the session that owns the node").isEqualTo(owner);
            System.out.printf(
                    "recipes under kills: kills %d, lock held %d times, led %d times, counted %d (%d in doubt), queued %d"
                            + " (%d in doubt), cached %d changes%n",
                    KILLS,
                    lock.visits.get(),
                    leaders.visits.get(),
                    counting.done.get(),
                    counting.doubt.get(),
                    queueing.taken.size(),
                    queueing.doubt.get(),
                    caching.changes.get());
            Trees.assertEqual(ensemble, "after the recipes");
        }
    }

    private CuratorFramework connect(RetryPolicy retries) {
        CuratorFramework client = CuratorFrameworkFactory.newClient(addresses, SESSION_MILLIS, 15_000, retries);
        client.start();
        synchronized (clients) {
            clients.add(client);
        }
        return client;
    }

    private long ownerOf(String path) throws Exception {
        var stat = clients.get(0).checkExists().forPath(path);
        return stat == null ? 0 : stat.getEphemeralOwner();
    }

    /** Until the end; whoever lost its connection begins anew. */
    private void work(Work work) {
        workers.add(threads.submit(() -> {
            while (!stopping) {
                onceOrInterrupted(work);
            }
            return null;
        }));
    }

    private static void onceOrInterrupted(Work work) throws Exception {
        try {
            work.once();
        } catch (KeeperException.ConnectionLossException broken) {
            LOG.debug("to be done anew", broken);
        }
    }

    private Inside contendForLock() {
        Inside inside = new Inside();
        for (int i = 0; i < 3; i++) {
            InterProcessMutex mutex = new InterProcessMutex(connect(PATIENT), "/lock");
            work(() -> {
                mutex.acquire();
                inside.enter();
                inside.leave();
                mutex.release();
            });
        }
        return inside;
    }

    /** Told by the latches: one that is no more sure gives up its lead before it lets go of its place. */
    private Inside contendForLatch() throws Exception {
        Inside inside = new Inside();
        for (int i = 0; i < 3; i++) {
            LeaderLatch latch = new LeaderLatch(connect(PATIENT), "/latch", "latch" + i);
            latch.addListener(new LeaderLatchListener() {
                @Override
                public void isLeader() {
                    inside.enter();
                }

                @Override
                public void notLeader() {
                    inside.leave();
                }
            });
            latch.start();
        }
        return inside;
    }

    /** What was counted is there, and nothing beyond what was tried. */
    private final class Counting {
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicInteger doubt = new AtomicInteger();

        Counting() {
            for (int i = 0; i < 2; i++) {
                DistributedAtomicLong counter =
                        new DistributedAtomicLong(connect(NEVER), "/counter", new RetryOneTime(1));
                work(() -> {
                    try {
                        if (counter.increment().succeeded()) {
                            done.incrementAndGet();
                        }
                    } catch (KeeperException.ConnectionLossException e) {
                        doubt.incrementAndGet();
                    }
                });
            }
        }

        void verify() throws Exception {
            CuratorFramework client = connect(PATIENT);
            client.sync().forPath("/");
            long value = new DistributedAtomicLong(client, "/counter", new RetryOneTime(1))
                    .get()
                    .postValue();
            assertThat(value)
                    .as("%s counted, %s in doubt", done, doubt)
                    .isBetween((long) done.get(), (long) done.get() + doubt.get());
        }
    }

    /** What was offered is taken once, in its order. */
    private final class Queueing {
        private final AtomicInteger doubt = new AtomicInteger();
        private final List<Integer> offered = new ArrayList<>();
        private final Queue<Integer> taken = new ConcurrentLinkedQueue<>();
        private int next;

        Queueing() {
            SimpleDistributedQueue in = new SimpleDistributedQueue(connect(NEVER), "/queue");
            SimpleDistributedQueue out = new SimpleDistributedQueue(connect(NEVER), "/queue");
            work(() -> {
                int number = next++;
                in.offer(Integer.toString(number).getBytes(StandardCharsets.UTF_8));
                offered.add(number);
            });
            work(() -> take(out));
        }

        private byte[] take(SimpleDistributedQueue queue) throws Exception {
            byte[] bytes;
            try {
                bytes = queue.poll();
            } catch (KeeperException.ConnectionLossException e) {
                doubt.incrementAndGet();
                throw e;
            }
            if (bytes != null) {
                taken.add(Integer.parseInt(new String(bytes, StandardCharsets.UTF_8)));
            }
            return bytes;
        }

        void verify() throws Exception {
            SimpleDistributedQueue rest = new SimpleDistributedQueue(connect(PATIENT), "/queue");
            while (take(rest) != null) {
                assertThat(taken.size()).isLessThanOrEqualTo(next);
            }
            assertThat(List.copyOf(taken)).as("taken").doesNotHaveDuplicates().isSorted();
            Set<Integer> lost = new TreeSet<>(offered);
            lost.removeAll(taken);
            assertThat(lost).as("offered and not taken").hasSizeLessThanOrEqualTo(doubt.get());
        }
    }

    /**
     * A cache at each of several clients ends with what is there. Parents stay: a cache that was cut off tells by their count of
     * changes whether to look at the children again, and one made anew behind its back may by chance show the count it knew
     * (Curator 5.9, with any server).
     */
    private final class Caching {
        private final AtomicInteger changes = new AtomicInteger();
        private final List<CuratorCache> caches = new ArrayList<>();

        Caching() {
            for (int i = 0; i < 3; i++) {
                CuratorCache cache = CuratorCache.build(connect(PATIENT), "/cached");
                cache.start();
                caches.add(cache);
            }
            CuratorFramework writer = connect(PATIENT);
            work(() -> {
                int number = changes.incrementAndGet();
                String path = "/cached/" + number % 10 + "/" + number % 3;
                byte[] data = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
                if (number % 7 == 0) {
                    writer.delete().quietly().forPath(path);
                } else {
                    writer.create().orSetData().creatingParentsIfNeeded().forPath(path, data);
                }
            });
        }

        void verify() throws Exception {
            CuratorFramework client = connect(PATIENT);
            client.sync().forPath("/");
            Map<String, String> expected = new TreeMap<>();
            for (String parent : client.getChildren().forPath("/cached")) {
                for (String child : client.getChildren().forPath("/cached/" + parent)) {
                    String path = "/cached/" + parent + "/" + child;
                    expected.put(path, new String(client.getData().forPath(path), StandardCharsets.UTF_8));
                }
            }
            for (CuratorCache cache : caches) {
                await("a cache holds what is there").atMost(DEADLINE).untilAsserted(() -> assertThat(leaves(cache))
                        .isEqualTo(expected));
            }
        }

        private Map<String, String> leaves(CuratorCache cache) {
            Map<String, String> leaves = new TreeMap<>();
            cache.stream()
                    .filter(node -> node.getPath().chars().filter(c -> c == '/').count() == 3)
                    .forEach(node -> leaves.put(node.getPath(), new String(node.getData(), StandardCharsets.UTF_8)));
            return leaves;
        }
    }
}
