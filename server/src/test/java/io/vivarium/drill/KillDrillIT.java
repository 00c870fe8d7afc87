/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vivarium.drill.Worker.Role;
import io.vivarium.testkit.process.ServerDistribution;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our server under load is killed without warning and started again on what it left, round after round.
 *
 * <pre>
 * load --kill -9--> copy for stock (each third round) --> restart --> every subtree is that of a prefix --> sessions
 * </pre>
 *
 * <p>After each restart: every acknowledged write is there and none is there twice, of the unacknowledged ones a prefix
 * per session; sessions that were open resume, those that were closed or expired are gone with their ephemerals. Containers
 * and TTL nodes survive like all others until they are empty or their time is over; in the end the server has deleted
 * those, and nothing else. Each third round the stock server starts on a copy of the crashed directory and must show the same tree, stats included.
 * {@code -Ddrill.rounds} (default 6), {@code -Ddrill.seconds} (begins no round after that; default: no bound) and
 * {@code -Ddrill.seed} steer it; the moment of the kill is the machine's.
 */
class KillDrillIT {
    private static final int WORKERS = 6;
    private static final int LEAST_WRITES = 150;
    private static final int WRITES_SPREAD = 1_000;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int STOCK_EVERY = 3;

    private final int rounds = Integer.getInteger("drill.rounds", 6);
    private final long endNanos =
            System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.getInteger("drill.seconds", 86_400));
    private final long seed = Long.getLong("drill.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Semaphore acknowledged = new Semaphore(0);
    private final AtomicBoolean killed = new AtomicBoolean();
    private final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    private final List<Worker> workers = new ArrayList<>();
    private final List<Long> recoveryMillis = new ArrayList<>();
    private Map<Worker, Future<?>> working = Map.of();
    private long writes;
    private long inDoubt;
    private int lost;
    private int ephemeralsLeft;
    private int comparisons;

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void acknowledged_writes_survive_kill_9(@TempDir Path directory) throws Exception {
        try (ServerProcess server = configured(ServerDistribution.ours(), directory.resolve("ours"))
                .property("znode.container.checkIntervalMs", "400")
                .start()) {
            for (int i = 0; i < WORKERS; i++) {
                workers.add(new Worker(server.clientPort(), "/w" + i, new Random(random.nextLong()), acknowledged));
            }
            for (int round = 1; round <= rounds && System.nanoTime() - endNanos < 0; round++) {
                load(round);
                crash(server);
                verify(server, round, directory);
            }
            awaitReaping(server);
        } finally {
            report();
        }
    }

    private static ServerProcess.Builder configured(ServerDistribution distribution, Path directory) {
        return ServerProcess.of(distribution, directory)
                .config("tickTime", "200")
                .config("maxSessionTimeout", "60000")
                .config("maxClientCnxns", "0")
                .config("snapCount", "200")
                .config("preAllocSize", "64")
                .property("zookeeper.extendedTypesEnabled", "true")
                .property("zookeeper.preAllocSize", "64")
                .property("zookeeper.snapCount", "200")
                .property("zookeeper.4lw.commands.whitelist", "*");
    }

    /** One of the workers closes its session; now and then another one is left to expire, but not when stock watches. */
    private Role role(int worker, int round) {
        if (worker == round % WORKERS) {
            return Role.CLOSES;
        }
        return worker == (round + 1) % WORKERS && round % STOCK_EVERY == 1 ? Role.EXPIRES : Role.RESUMES;
    }

    private void load(int round) throws Exception {
        killed.set(false);
        acknowledged.drainPermits();
        List<DrillConnection> connections = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            connections.add(workers.get(i).begin(role(i, round)));
        }
        working = new LinkedHashMap<>();
        for (int i = 0; i < WORKERS; i++) {
            Worker worker = workers.get(i);
            DrillConnection connection = connections.get(i);
            working.put(worker, threads.submit(() -> {
                worker.work(connection);
                assertThat(killed.get() || worker.mayEndEarly())
                        .as("%s: the server broke the connection by itself", worker.root())
                        .isTrue();
            }));
        }
    }

    private void crash(ServerProcess server) throws Exception {
        int target = LEAST_WRITES + random.nextInt(WRITES_SPREAD);
        boolean reached = acknowledged.tryAcquire(target, DEADLINE.toSeconds(), TimeUnit.SECONDS);
        killed.set(true);
        server.kill9();
        for (Future<?> each : working.values()) {
            each.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(reached).as("%s writes within %s", target, DEADLINE).isTrue();
        writes += target + acknowledged.drainPermits();
        inDoubt += workers.stream().mapToInt(Worker::inDoubt).sum();
    }

    private void verify(ServerProcess server, int round, Path directory) throws Exception {
        List<ServerProcess> stock = new ArrayList<>();
        try {
            if (round % STOCK_EVERY == 0) {
                stock.add(onCopy("3.9.5", server, directory.resolve("stock" + round)));
                if (round == STOCK_EVERY) {
                    stock.add(onCopy("3.5.7", server, directory.resolve("old-stock" + round)));
                }
            }
            long start = System.nanoTime();
            server.restart();
            recoveryMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            TreeDump dump = settledDump(server);
            for (ServerProcess other : stock) {
                assertSameTree(dump, TreeDump.of(other.awaitServing().clientPort()), other, round);
                comparisons++;
            }
            settle(dump, round);
            for (Worker worker : workers) {
                worker.verifySession();
            }
            countForeignEphemerals(dump);
        } finally {
            stock.forEach(ServerProcess::close);
        }
    }

    private void settle(TreeDump dump, int round) {
        long now = System.currentTimeMillis();
        for (Worker worker : workers) {
            int missing = worker.settle(dump.below(worker.root()), now);
            lost += missing;
            assertThat(missing)
                    .as("round %s, seed %s: %s\nserver: %s", round, seed, worker, dump.below(worker.root()))
                    .isZero();
        }
    }

    /** Nobody writes any more: what is empty or over goes, and all else stays. */
    private void awaitReaping(ServerProcess server) {
        await("empty containers and expired TTL nodes go").atMost(DEADLINE).untilAsserted(() -> {
            settle(TreeDump.of(server.clientPort()), rounds);
            assertThat(workers).noneMatch(Worker::awaitsReaping);
        });
    }

    /** What the server holds; when a session was left to expire, after that. */
    private TreeDump settledDump(ServerProcess server) throws IOException {
        List<Long> expiring = workers.stream()
                .filter(worker -> worker.role() == Role.EXPIRES)
                .map(Worker::session)
                .toList();
        if (expiring.isEmpty()) {
            return TreeDump.of(server.clientPort());
        }
        return await("ephemerals of an abandoned session go")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> TreeDump.of(server.clientPort()), dump -> dump.nodes().values().stream()
                        .noneMatch(node -> expiring.contains(node.stat().ephemeralOwner())));
    }

    private void countForeignEphemerals(TreeDump dump) {
        List<Long> live = workers.stream().map(Worker::session).toList();
        List<String> left = dump.nodes().entrySet().stream()
                .filter(node -> node.getValue().stat().ephemeralOwner() != 0)
                .filter(node -> !live.contains(node.getValue().stat().ephemeralOwner()))
                .map(Map.Entry::getKey)
                .toList();
        ephemeralsLeft += left.size();
        assertThat(left).as("ephemerals of sessions that are gone").isEmpty();
    }

    private static ServerProcess onCopy(String version, ServerProcess ours, Path directory) throws IOException {
        Path data = directory.resolve("data");
        try (Stream<Path> files = Files.walk(ours.dataDirectory())) {
            for (Path file : files.toList()) {
                Path copy = data.resolve(ours.dataDirectory().relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else if (Files.size(file) > 0) {
                    // A log that the crash left empty is refused before 3.9.3 (spec persistence 7) and says nothing.
                    Files.copy(file, copy);
                }
            }
        }
        return configured(ServerDistribution.stock(version), directory).launch();
    }

    /** Equal, stats included, but for what our server has reaped since it was started on the same files. */
    private void assertSameTree(TreeDump ours, TreeDump stock, ServerProcess other, int round) {
        long now = System.currentTimeMillis();
        Set<String> reaped = stock.nodes().keySet().stream()
                .filter(path -> !ours.nodes().containsKey(path))
                .filter(path -> workers.stream().anyMatch(worker -> worker.mayBeGone(path, now)))
                .collect(Collectors.toSet());
        Set<String> bereft = reaped.stream()
                .map(path -> path.substring(0, path.lastIndexOf('/')))
                .collect(Collectors.toSet());
        Map<String, String> differences = Stream.concat(ours.nodes().keySet().stream(), stock.nodes().keySet().stream())
                .distinct()
                .filter(path -> !reaped.contains(path))
                .filter(path -> !compared(ours, path, bereft).equals(compared(stock, path, bereft)))
                .collect(Collectors.toMap(
                        path -> path,
                        path -> ours.nodes().get(path) + "\n   stock "
                                + stock.nodes().get(path) + "\n"));
        assertThat(differences)
                .as(
                        "round %s, seed %s: tree of %s",
                        round, seed, other.distribution().name())
                .isEmpty();
    }

    private static Optional<TreeDump.Seen> compared(TreeDump dump, String path, Set<String> bereft) {
        Optional<TreeDump.Seen> seen = Optional.ofNullable(dump.nodes().get(path));
        return bereft.contains(path) ? seen.map(TreeDump.Seen::withoutChildren) : seen;
    }

    private void report() {
        List<Long> sorted = recoveryMillis.stream().sorted().toList();
        System.out.printf(
                "kill drill: seed %d, rounds %d, acknowledged writes %d, lost %d, in doubt %d, ephemerals left %d,"
                        + " trees equal to stock's %d, recovery p50 %s ms, max %s ms,"
                        + " ACL changes %d, reaped %d%n",
                seed,
                recoveryMillis.size(),
                writes,
                lost,
                inDoubt,
                ephemeralsLeft,
                comparisons,
                sorted.isEmpty() ? "-" : sorted.get(sorted.size() / 2),
                sorted.isEmpty() ? "-" : sorted.get(sorted.size() - 1),
                workers.stream().mapToInt(Worker::aclChanges).sum(),
                workers.stream().mapToInt(Worker::reaped).sum());
    }
}
