/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.model.Txns;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spec persistence 2.7: what a failed sync leaves in the page cache is not what the disk has. */
class LogTailTest {
    private static final Path DIR = Path.of("/log/version-2");
    private static final JournalConfig CONFIG = JournalConfig.DEFAULT.withPreAllocBytes(64 << 10);
    private final IOException ioError = new IOException("I/O error");

    private final SimDisk disk = new SimDisk();

    @BeforeEach
    void makeDirectory() {
        disk.createDirectories(DIR);
    }

    private SegmentedJournal journal() {
        return new SegmentedJournal(disk, DIR, CONFIG, -1);
    }

    private static void append(TxnJournal journal, long from, long to) throws IOException {
        for (long zxid = from; zxid <= to; zxid++) {
            byte[] bytes = Txns.bytes(Txns.create(zxid, new byte[20]));
            journal.append(zxid, bytes, 0, bytes.length);
        }
    }

    private List<Long> records() throws IOException {
        List<Long> zxids = new ArrayList<>();
        try (JournalCursor cursor = journal().read(0)) {
            while (cursor.next()) {
                zxids.add(cursor.zxid());
            }
        }
        return zxids;
    }

    private void keep(long zxid) throws IOException {
        LogTail.keepDurable(disk, DIR, zxid, CONFIG.maxRecordBytes());
    }

    private void crash() {
        disk.crash(new SplittableRandom(1), SimDisk.Loss.TAIL);
    }

    @Test
    void a_reader_believes_what_a_failed_sync_left_and_a_later_sync_does_not_help() throws IOException {
        SegmentedJournal journal = journal();
        append(journal, 1, 3);
        journal.sync();
        append(journal, 4, 6);
        disk.failNextSync(ioError);
        assertThatThrownBy(journal::sync).isSameAs(ioError);
        assertThat(journal.durableZxid()).isEqualTo(3);
        LogTail.sync(disk, DIR);
        assertThat(records()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        crash();
        assertThat(records()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void what_a_reader_believes_is_durable_once_it_is_written_again() throws IOException {
        SegmentedJournal journal = journal();
        append(journal, 1, 3);
        journal.sync();
        append(journal, 4, 6);
        disk.failNextSync(ioError);
        assertThatThrownBy(journal::sync).isSameAs(ioError);
        LogTail.writeAgain(disk, DIR, CONFIG.maxRecordBytes());
        crash();
        assertThat(records()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void what_does_not_read_is_cut_off_when_the_end_is_written_again() throws IOException {
        SegmentedJournal journal = journal();
        append(journal, 1, 3);
        journal.sync();
        Path file = DIR.resolve("log.1");
        byte[] whole = disk.contents(file);
        int end = whole.length;
        while (whole[end - 1] == 0) {
            end--;
        }
        byte[] torn = whole.clone();
        torn[end - 1] = 0;
        disk.put(file, torn);
        assertThat(records()).containsExactly(1L, 2L);
        LogTail.writeAgain(disk, DIR, CONFIG.maxRecordBytes());
        crash();
        assertThat(disk.contents(file))
                .hasSizeLessThan(end)
                .isEqualTo(Arrays.copyOf(whole, disk.contents(file).length));
        assertThat(records()).containsExactly(1L, 2L);
    }

    @Test
    void a_new_epoch_behind_a_tear_in_an_older_file_is_damage_to_a_reader() throws IOException {
        SegmentedJournal journal = journal();
        append(journal, 1, 3);
        journal.roll();
        append(journal, Zxid.of(1, 1), Zxid.of(1, 2));
        journal.sync();
        Path older = DIR.resolve("log.1");
        byte[] torn = disk.contents(older);
        torn[torn.length - 1] = 0;
        assertThat(records()).hasSize(5);
        disk.put(older, torn);
        assertThatThrownBy(this::records)
                .isInstanceOf(DamagedJournalException.class)
                .hasMessageStartingWith(older + " at offset ")
                .hasMessageEndingWith("without its end byte, behind 0x2");
        torn = Arrays.copyOf(disk.contents(DIR.resolve("log.1")), torn.length + 100);
        torn[torn.length - 101] = 'B';
        torn[torn.length - 1] = 7;
        disk.put(older, torn);
        assertThatThrownBy(this::records).hasMessageContaining("padding, behind 0x3");
    }

    @Test
    void what_is_not_known_to_be_durable_is_given_up_and_the_rest_written_again() throws IOException {
        SegmentedJournal journal = journal();
        append(journal, 1, 3);
        journal.sync();
        append(journal, 4, 6);
        disk.failNextSync(ioError);
        assertThatThrownBy(journal::sync).isSameAs(ioError);
        keep(3);
        assertThat(records()).containsExactly(1L, 2L, 3L);
        crash();
        assertThat(records()).containsExactly(1L, 2L, 3L);
        assertThat(disk.list(DIR)).containsExactly("log.1");
    }

    @Test
    void files_that_begin_behind_it_go_and_files_before_it_stay() throws IOException {
        SegmentedJournal journal = journal();
        append(journal, 1, 3);
        journal.roll();
        append(journal, 4, 6);
        journal.sync();
        journal.roll();
        append(journal, 7, 8);
        journal.sync();
        byte[] oldest = disk.contents(DIR.resolve("log.1"));
        keep(5);
        assertThat(records()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(disk.list(DIR)).containsExactly("log.1", "log.4");
        assertThat(disk.contents(DIR.resolve("log.1"))).isEqualTo(oldest);
        keep(-1);
        assertThat(disk.list(DIR)).isEmpty();
    }

    @Test
    void a_file_that_is_damaged_below_is_left_to_recovery() throws IOException {
        SegmentedJournal journal = journal();
        append(journal, 1, 6);
        journal.sync();
        byte[] bytes = disk.contents(DIR.resolve("log.1"));
        bytes[200] ^= 0x55;
        disk.put(DIR.resolve("log.1"), bytes);
        keep(6);
        assertThat(disk.contents(DIR.resolve("log.1"))).isEqualTo(bytes);
    }

    @Test
    void interrupted_anywhere_it_leaves_at_least_the_durable_records() throws IOException {
        boolean finished = false;
        for (int operations = 0; !finished; operations++) {
            for (int seed = 0; seed < 6; seed++) {
                SimDisk fresh = new SimDisk();
                fresh.createDirectories(DIR);
                SegmentedJournal journal = new SegmentedJournal(fresh, DIR, CONFIG, -1);
                append(journal, 1, 3);
                journal.sync();
                append(journal, 4, 6);
                fresh.failNextSync(ioError);
                assertThatThrownBy(journal::sync).isSameAs(ioError);
                fresh.powerFailsAfter(operations);
                try {
                    LogTail.keepDurable(fresh, DIR, 3, CONFIG.maxRecordBytes());
                    finished = true;
                } catch (IOException e) {
                    finished = false;
                }
                fresh.crash(new SplittableRandom(seed), SimDisk.Loss.SECTORS);
                LogTail.keepDurable(fresh, DIR, 3, CONFIG.maxRecordBytes());
                try (JournalCursor cursor = new SegmentedJournal(fresh, DIR, CONFIG, -1).read(0)) {
                    for (long zxid = 1; zxid <= 3; zxid++) {
                        assertThat(cursor.next())
                                .as("operations %d, seed %d", operations, seed)
                                .isTrue();
                        assertThat(cursor.zxid()).isEqualTo(zxid);
                    }
                    assertThat(cursor.next()).isFalse();
                }
                assertThat(fresh.list(DIR)).containsExactly("log.1");
            }
        }
    }
}
