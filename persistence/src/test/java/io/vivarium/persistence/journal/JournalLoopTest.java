/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.model.Txns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalLoopTest {
    private static final Path DIR = Path.of("/log/version-2");
    private static final JournalConfig CONFIG = JournalConfig.DEFAULT.withPreAllocBytes(64 << 10);

    private final SimDisk disk = new SimDisk();
    private final List<String> heard = new ArrayList<>();
    private long now;

    private final JournalListener listener = new JournalListener() {
        @Override
        public void synced(long zxid, boolean rests) {
            heard.add("synced " + zxid);
        }

        @Override
        public void snapshotDue() {
            heard.add("snapshotDue");
        }

        @Override
        public void failed(Throwable cause) {
            heard.add("failed " + cause.getMessage());
        }
    };

    @BeforeEach
    void makeDirectory() {
        disk.createDirectories(DIR);
    }

    private JournalLoop loop(FlushPolicy flush, int snapCount, long fileLimit) {
        return new JournalLoop(
                new SegmentedJournal(disk, DIR, CONFIG, -1),
                flush,
                new RollPolicy(snapCount, 0, fileLimit, new SplittableRandom(1)),
                listener,
                () -> now,
                1000,
                JournalMeter.NONE);
    }

    private static void submit(JournalLoop loop, long from, long to) {
        for (long zxid = from; zxid <= to; zxid++) {
            loop.submit(zxid, Txns.bytes(Txns.create(zxid, new byte[20])));
        }
    }

    @Test
    void all_that_waits_is_made_durable_by_one_sync() {
        JournalLoop loop = loop(FlushPolicy.DEFAULT, 100_000, 0);
        assertThat(loop.step()).isEqualTo(JournalLoop.Progress.IDLE);
        submit(loop, 1, 7);
        assertThat(loop.queuedBytes()).isPositive();
        assertThat(loop.step()).isEqualTo(JournalLoop.Progress.WORKED);
        assertThat(heard).containsExactly("synced 7");
        assertThat(disk.syncs()).isEqualTo(1);
        assertThat(loop.queuedBytes()).isZero();
    }

    @Test
    void the_meter_is_told_of_the_wait_the_sync_and_the_whole_way_of_each_record() {
        List<String> costs = new ArrayList<>();
        JournalLoop loop = new JournalLoop(
                new SegmentedJournal(disk, DIR, CONFIG, -1),
                FlushPolicy.DEFAULT,
                new RollPolicy(1000, 0, 0, new SplittableRandom(1)),
                listener,
                () -> now += 100,
                1000,
                new JournalMeter() {
                    @Override
                    public void taken(long waitedNanos) {
                        costs.add("taken after " + waitedNanos);
                    }

                    @Override
                    public void synced(int records, int waiting, long nanos) {
                        costs.add(records + " synced in " + nanos + ", " + waiting + " wait");
                    }

                    @Override
                    public void durable(long nanos) {
                        costs.add("durable after " + nanos);
                    }
                });
        submit(loop, 1, 2);
        loop.step();
        assertThat(costs)
                .containsExactly(
                        "taken after 200",
                        "taken after 200",
                        "2 synced in 100, 0 wait",
                        "durable after 600",
                        "durable after 500");
    }

    @Test
    void a_batch_is_bounded() {
        JournalLoop loop = loop(new FlushPolicy(3, 0, 0), 100_000, 0);
        submit(loop, 1, 7);
        loop.step();
        loop.step();
        loop.step();
        assertThat(heard).containsExactly("synced 3", "synced 6", "synced 7");
    }

    @Test
    void with_a_delay_records_wait_until_it_has_passed() {
        JournalLoop loop = loop(new FlushPolicy(1000, 100, 40), 100_000, 0);
        now = 10;
        submit(loop, 1, 1);
        assertThat(loop.step()).isEqualTo(JournalLoop.Progress.WAITING);
        submit(loop, 2, 2);
        now = 60;
        assertThat(loop.step()).isEqualTo(JournalLoop.Progress.WAITING);
        assertThat(heard).isEmpty();
        now = 100;
        assertThat(loop.step()).isEqualTo(JournalLoop.Progress.WORKED);
        assertThat(heard).containsExactly("synced 2");
    }

    @Test
    void nothing_is_reported_before_it_survives_a_crash() throws IOException {
        JournalLoop loop = loop(FlushPolicy.DEFAULT, 100_000, 0);
        submit(loop, 1, 5);
        loop.step();
        submit(loop, 6, 9);
        disk.crash(new SplittableRandom(1), SimDisk.Loss.SECTORS);
        List<Long> found = new ArrayList<>();
        try (JournalCursor cursor = new JournalReader(disk, DIR, 1 << 20).read(0, 99)) {
            while (cursor.next()) {
                found.add(cursor.zxid());
            }
        }
        assertThat(found).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(heard).containsExactly("synced 5");
    }

    @Test
    void a_roll_ends_the_file_behind_the_record_that_caused_it_and_asks_for_a_snapshot() {
        JournalLoop loop = loop(FlushPolicy.DEFAULT, 2, 0);
        submit(loop, 1, 4);
        loop.step();
        assertThat(heard).containsExactly("snapshotDue", "snapshotDue", "synced 4");
        assertThat(disk.list(DIR)).containsExactly("log.1", "log.3");
    }

    @Test
    void a_full_file_is_ended_after_its_sync_without_a_snapshot() {
        JournalLoop loop = loop(FlushPolicy.DEFAULT, 100_000, 200);
        submit(loop, 1, 1);
        loop.step();
        submit(loop, 2, 4);
        loop.step();
        submit(loop, 5, 5);
        loop.step();
        assertThat(disk.list(DIR)).containsExactly("log.1", "log.5");
        assertThat(heard).containsExactly("synced 1", "synced 4", "synced 5");
    }

    @Test
    void a_failed_sync_is_reported_once_and_never_tried_again() {
        JournalLoop loop = loop(FlushPolicy.DEFAULT, 100_000, 0);
        submit(loop, 1, 2);
        disk.failNextSync(new IOException("I/O error"));
        assertThat(loop.step()).isEqualTo(JournalLoop.Progress.STOPPED);
        submit(loop, 3, 4);
        assertThat(loop.step()).isEqualTo(JournalLoop.Progress.STOPPED);
        loop.close();
        assertThat(heard).containsExactly("failed I/O error");
        assertThat(disk.syncs()).isZero();
    }

    @Test
    void a_task_runs_when_everything_before_it_is_durable() {
        JournalLoop loop = loop(FlushPolicy.DEFAULT, 100_000, 0);
        submit(loop, 1, 3);
        loop.execute(journal -> heard.add("left " + journal.truncateAfter(2)));
        submit(loop, 3, 3);
        loop.step();
        loop.step();
        assertThat(heard).containsExactly("synced 3", "left 2", "synced 3");
    }

    @Test
    void a_slow_sync_is_counted() {
        JournalLoop loop = new JournalLoop(
                new SegmentedJournal(disk, DIR, CONFIG, -1),
                FlushPolicy.DEFAULT,
                new RollPolicy(1000, 0, 0, new SplittableRandom(1)),
                listener,
                () -> now += 2_000_000_000L,
                1000,
                JournalMeter.NONE);
        submit(loop, 1, 1);
        loop.step();
        assertThat(loop.slowSyncs()).isEqualTo(1);
    }

    @Test
    void on_its_own_thread_it_makes_everything_durable_before_it_ends(@TempDir Path temp) throws Exception {
        int records = 20_000;
        CountDownLatch done = new CountDownLatch(1);
        JournalListener counting = new JournalListener() {
            private long last;

            @Override
            public void synced(long zxid, boolean rests) {
                if (zxid <= last) {
                    throw new AssertionError(zxid + " after " + last);
                }
                last = zxid;
                if (zxid == records) {
                    done.countDown();
                }
            }

            @Override
            public void snapshotDue() {}

            @Override
            public void failed(Throwable cause) {
                throw new AssertionError(cause);
            }
        };
        JournalLoop loop = new JournalLoop(
                new SegmentedJournal(new FileDisk(), temp, CONFIG, -1),
                FlushPolicy.DEFAULT,
                new RollPolicy(5000, 0, 0, new SplittableRandom(1)),
                counting,
                System::nanoTime,
                1000,
                JournalMeter.NONE);
        loop.start(work -> new Thread(work, "journal"));
        submit(loop, 1, records);
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        loop.close();
        long expected = 1;
        try (JournalCursor cursor = new JournalReader(new FileDisk(), temp, 1 << 20).read(0, Long.MAX_VALUE)) {
            while (cursor.next()) {
                assertThat(cursor.zxid()).isEqualTo(expected++);
            }
        }
        assertThat(expected).isEqualTo(records + 1);
    }
}
