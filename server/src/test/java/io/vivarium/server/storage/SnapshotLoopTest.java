/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.model.NaiveTree;
import io.vivarium.persistence.snapshot.SnapshotConfig;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.server.metrics.Recorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotLoopTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private final NaiveTree tree = new NaiveTree();
    private final AtomicLong nodes = new AtomicLong(1000);

    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void noDirectoryYet() {
        directory = parent.resolve("version-2");
        tree.fresh();
    }

    private SnapshotLoop loop(long retryMillis, Supplier<NaiveTree> source) {
        return loop(retryMillis, System::nanoTime, source, true);
    }

    private SnapshotLoop loop(long retryMillis, LongSupplier clock, Supplier<NaiveTree> source, boolean leisurely) {
        return new SnapshotLoop(
                new SnapshotWriter(new FileDisk(), directory, SnapshotConfig.DEFAULT),
                () -> {
                    attempts.incrementAndGet();
                    return source.get();
                },
                nodes::get,
                SnapshotGuard.NONE,
                clock,
                retryMillis,
                faults::add,
                new Recorder(),
                leisurely);
    }

    @Test
    void a_disk_that_takes_no_snapshot_is_tried_again_until_it_does() throws Exception {
        SnapshotLoop loop = loop(5, () -> tree);
        loop.request();
        await().atMost(DEADLINE).until(() -> attempts.get() >= 3);
        assertThat(faults).isEmpty();
        Files.createDirectory(directory);
        await().atMost(DEADLINE).until(() -> Files.exists(directory.resolve("snapshot.0")));
        loop.close();
        assertThat(faults).isEmpty();
    }

    @Test
    void behind_a_snapshot_there_is_a_rest_three_times_as_long_as_it_took() throws Exception {
        assertRest(3_000_000, false, 0);
    }

    @Test
    void a_snapshot_at_leisure_is_rested_from_as_long_as_it_took() throws Exception {
        assertRest(1_000_000, true, 50);
    }

    @Test
    void a_tree_that_has_grown_meanwhile_has_no_leisure() throws Exception {
        assertRest(3_000_000, true, 51);
    }

    /** A snapshot that takes a millisecond, in which so many nodes come to the thousand that there are. */
    private void assertRest(long nanos, boolean leisurely, int newNodes) throws Exception {
        Files.createDirectory(directory);
        AtomicLong now = new AtomicLong();
        AtomicInteger looks = new AtomicInteger();
        SnapshotLoop loop = loop(
                5,
                () -> {
                    looks.incrementAndGet();
                    return now.get();
                },
                () -> {
                    now.addAndGet(1_000_000);
                    nodes.addAndGet(newNodes);
                    return tree;
                },
                leisurely);
        loop.request();
        await().atMost(DEADLINE).until(() -> Files.exists(directory.resolve("snapshot.0")));

        loop.request();
        loop.request();
        for (long rested : new long[] {0, nanos - 1}) {
            now.set(1_000_000 + rested);
            int before = looks.get();
            // It looks again and again, for the clock stands still.
            await().atMost(DEADLINE).until(() -> looks.get() > before + 10);
            assertThat(attempts).hasValue(1);
        }

        now.incrementAndGet();
        await().atMost(DEADLINE).until(() -> attempts.get() == 2);
        loop.close();
        assertThat(attempts).hasValue(2);
        assertThat(faults).isEmpty();
    }

    @Test
    void a_snapshot_that_took_hours_is_not_rested_from_for_hours() {
        assertThat(SnapshotLoop.restBehind(Duration.ofHours(2).toNanos(), false))
                .isEqualTo(Duration.ofMinutes(5).toNanos());
    }

    @Test
    void a_snapshot_that_was_mostly_rest_is_not_rested_from_for_long() {
        assertThat(SnapshotLoop.restBehind(10, true)).isEqualTo(10);
        assertThat(SnapshotLoop.restBehind(10, false)).isEqualTo(30);
    }

    @Test
    void closing_does_not_wait_for_the_next_attempt() {
        SnapshotLoop loop = loop(Duration.ofHours(1).toMillis(), () -> tree);
        loop.request();
        await().atMost(DEADLINE).until(() -> attempts.get() == 1);
        loop.close();
        assertThat(faults).isEmpty();
    }

    @Test
    void what_is_no_fault_of_the_disk_is_reported() {
        SnapshotLoop loop = loop(5, () -> {
            throw new IllegalStateException("the tree is broken");
        });
        loop.request();
        await().atMost(DEADLINE).until(() -> !faults.isEmpty());
        loop.close();
        assertThat(faults).singleElement().satisfies(fault -> assertThat(fault).hasMessage("the tree is broken"));
    }
}
