/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.model.Txns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentedJournalTest {
    private static final Path DIR = Path.of("/log/version-2");
    private static final JournalConfig CONFIG = JournalConfig.DEFAULT.withPreAllocBytes(64 << 10);

    private final SimDisk disk = new SimDisk();

    @BeforeEach
    void makeDirectory() {
        disk.createDirectories(DIR);
    }

    private static void append(TxnJournal journal, long zxid, int dataBytes) throws IOException {
        byte[] payload = Txns.bytes(Txns.create(zxid, new byte[dataBytes]));
        journal.append(zxid, payload, 0, payload.length);
    }

    private static List<Long> zxids(JournalCursor cursor) throws IOException {
        List<Long> zxids = new ArrayList<>();
        try (cursor) {
            while (cursor.next()) {
                zxids.add(cursor.zxid());
            }
        }
        return zxids;
    }

    private SegmentedJournal filled() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIR, CONFIG, -1);
        for (long zxid = 1; zxid <= 9; zxid++) {
            append(journal, zxid, 10);
            if (zxid % 3 == 0) {
                journal.roll();
            }
        }
        journal.sync();
        return journal;
    }

    @Test
    void a_file_is_named_by_its_first_record_and_starts_with_the_header() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIR, CONFIG, 0x10);
        append(journal, 0x1f, 10);
        journal.sync();
        assertThat(disk.list(DIR)).containsExactly("log.1f");
        byte[] bytes = disk.contents(DIR.resolve("log.1f"));
        assertThat(bytes).hasSize(65552).startsWith('Z', 'K', 'L', 'G', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void records_come_back_in_order_from_any_zxid_on() throws IOException {
        try (SegmentedJournal journal = filled()) {
            assertThat(disk.list(DIR)).containsExactly("log.1", "log.4", "log.7");
            for (long from = 0; from <= 10; from++) {
                List<Long> expected = new ArrayList<>();
                for (long zxid = Math.max(1, from); zxid <= 9; zxid++) {
                    expected.add(zxid);
                }
                assertThat(zxids(journal.read(from))).as("from %d", from).isEqualTo(expected);
            }
            assertThat(zxids(new JournalReader(disk, DIR, 1 << 20).read(3, 7))).containsExactly(3L, 4L, 5L, 6L, 7L);
        }
    }

    @Test
    void a_reader_sees_what_was_appended_but_not_synced_yet() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIR, CONFIG, -1);
        append(journal, 1, 10);
        assertThat(zxids(journal.read(0))).containsExactly(1L);
    }

    @Test
    void payloads_are_the_bytes_that_were_given_whatever_their_size() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIR, CONFIG, -1);
        SplittableRandom dice = new SplittableRandom(5);
        List<byte[]> written = new ArrayList<>();
        for (long zxid = 1; zxid <= 40; zxid++) {
            byte[] payload = Txns.bytes(Txns.create(zxid, new byte[dice.nextInt(zxid % 5 == 0 ? 900_000 : 300)]));
            journal.append(zxid, payload, 0, payload.length);
            written.add(payload);
            if (dice.nextInt(4) == 0) {
                journal.sync();
            }
        }
        journal.sync();
        try (JournalCursor cursor = journal.read(0)) {
            for (byte[] expected : written) {
                assertThat(cursor.next()).isTrue();
                byte[] found = new byte[cursor.payload().remaining()];
                cursor.payload().slice().get(found);
                assertThat(found).isEqualTo(expected);
            }
            assertThat(cursor.next()).isFalse();
        }
        long size = disk.size(DIR.resolve("log.1"));
        assertThat(size).isGreaterThanOrEqualTo(journal.currentFileBytes());
    }

    @Test
    void the_length_of_a_real_file_follows_the_rule_of_stock(@TempDir Path temp) throws IOException {
        FileDisk real = new FileDisk();
        try (SegmentedJournal journal = new SegmentedJournal(real, temp, CONFIG, -1)) {
            long size = 16;
            long position = 16;
            SplittableRandom dice = new SplittableRandom(3);
            for (long zxid = 1; zxid <= 200; zxid++) {
                int before = (int) journal.currentFileBytes();
                append(journal, zxid, dice.nextInt(3000));
                size = Preallocation.sizeFor(position, size, 64 << 10);
                position += journal.currentFileBytes() - (before == 0 ? 16 : before);
                journal.sync();
                journal.prepareAhead();
                assertThat(Files.size(temp.resolve("log.1"))).isEqualTo(Math.max(size, position));
            }
            assertThat(journal.currentFileBytes()).isEqualTo(position);
        }
    }

    @Test
    void without_preallocation_the_file_is_as_long_as_its_records() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIR, CONFIG.withPreAllocBytes(0), -1);
        append(journal, 1, 10);
        journal.sync();
        journal.prepareAhead();
        assertThat(disk.size(DIR.resolve("log.1"))).isEqualTo(journal.currentFileBytes());
    }

    @Test
    void one_sync_covers_the_files_that_were_rolled_before_it() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIR, CONFIG, -1);
        append(journal, 1, 10);
        journal.roll();
        append(journal, 2, 10);
        journal.sync();
        disk.crash(new SplittableRandom(1), SimDisk.Loss.TAIL);
        assertThat(zxids(new JournalReader(disk, DIR, 1 << 20).read(0, 99))).containsExactly(1L, 2L);
    }

    @Test
    void a_rolled_file_ends_behind_its_last_record() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIR, CONFIG, -1);
        append(journal, 1, 10);
        journal.sync();
        long written = journal.currentFileBytes();
        assertThat(disk.size(DIR.resolve("log.1"))).isGreaterThan(written);
        journal.roll();
        assertThat(disk.size(DIR.resolve("log.1"))).isEqualTo(written);
    }

    /** Else a crash could keep the record of the new file and lose that of the old one. */
    @Test
    void a_rolled_file_is_durable_before_the_next_one_is_written() throws IOException {
        for (int seed = 1; seed <= 50; seed++) {
            SimDisk fresh = new SimDisk();
            fresh.createDirectories(DIR);
            SegmentedJournal journal = new SegmentedJournal(fresh, DIR, CONFIG, -1);
            append(journal, 1, 10);
            journal.roll();
            append(journal, 2, 10);
            // Whoever reads has the record handed to the system first; nobody has asked for a sync.
            journal.read(3).close();
            fresh.crash(new SplittableRandom(seed), SimDisk.Loss.TAIL);
            assertThat(zxids(new JournalReader(fresh, DIR, 1 << 20).read(0, 99)))
                    .as("seed %d", seed)
                    .isNotEqualTo(List.of(2L));
        }
    }

    @Test
    void without_force_sync_nothing_is_synced() throws IOException {
        SegmentedJournal journal =
                new SegmentedJournal(disk, DIR, CONFIG.withDurability(JournalConfig.Durability.WRITE_ONLY), -1);
        append(journal, 1, 10);
        journal.sync();
        journal.prepareAhead();
        assertThat(disk.syncs()).isZero();
        assertThat(zxids(journal.read(0))).containsExactly(1L);
    }

    @Test
    void truncation_leaves_nothing_above_the_zxid_wherever_it_falls() throws IOException {
        for (long keep = 0; keep <= 10; keep++) {
            SimDisk fresh = new SimDisk();
            fresh.createDirectories(DIR);
            SegmentedJournal journal = new SegmentedJournal(fresh, DIR, CONFIG, -1);
            for (long zxid = 1; zxid <= 9; zxid++) {
                append(journal, zxid, 10);
                if (zxid % 3 == 0) {
                    journal.roll();
                }
            }
            long last = Math.min(keep, 9);
            assertThat(journal.truncateAfter(keep)).isEqualTo(last == 0 ? -1 : last);
            fresh.crash(new SplittableRandom(keep), SimDisk.Loss.TAIL);
            List<Long> expected = new ArrayList<>();
            for (long zxid = 1; zxid <= last; zxid++) {
                expected.add(zxid);
            }
            assertThat(zxids(new JournalReader(fresh, DIR, 1 << 20).read(0, 99)))
                    .as("truncated to %d", keep)
                    .isEqualTo(expected);
            SegmentedJournal again = new SegmentedJournal(fresh, DIR, CONFIG, journal.lastZxid());
            append(again, keep + 100, 10);
            again.sync();
            assertThat(zxids(again.read(keep + 1))).containsExactly(keep + 100);
        }
    }

    @Test
    void truncation_to_a_zxid_that_is_not_there_keeps_only_what_is_below() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIR, CONFIG, -1);
        append(journal, 5, 10);
        append(journal, (1L << 32) + 1, 10);
        assertThat(journal.truncateAfter(7)).isEqualTo(5);
        assertThat(zxids(journal.read(0))).containsExactly(5L);
    }

    @Test
    void after_a_failed_sync_the_journal_refuses_everything() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIR, CONFIG, -1);
        append(journal, 1, 10);
        disk.failNextSync(new IOException("no space left on device"));
        assertThatThrownBy(journal::sync).hasMessage("no space left on device");
        assertThatThrownBy(journal::sync).hasMessageContaining("failed before");
        assertThatThrownBy(() -> append(journal, 2, 10)).hasMessageContaining("failed before");
        journal.prepareAhead();
        journal.close();
        assertThat(disk.syncs()).isZero();
    }

    @Test
    void a_file_with_records_is_never_overwritten_but_a_torn_one_is() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIR, CONFIG, -1);
        append(journal, 5, 10);
        journal.sync();
        assertThatThrownBy(() -> append(new SegmentedJournal(disk, DIR, CONFIG, -1), 5, 10))
                .hasMessageContaining("will not be overwritten");
        byte[] torn = disk.contents(DIR.resolve("log.5"));
        torn[40] = 0;
        torn[16 + 12 + torn[16 + 11]] = 0;
        disk.put(DIR.resolve("log.5"), torn);
        SegmentedJournal again = new SegmentedJournal(disk, DIR, CONFIG, 4);
        append(again, 5, 20);
        again.sync();
        assertThat(zxids(again.read(0))).containsExactly(5L);
    }

    @Test
    void records_that_could_not_be_read_back_are_not_written() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIR, CONFIG.withMaxRecordBytes(1000), -1);
        assertThatThrownBy(() -> append(journal, 1, 1000)).hasMessageContaining("32..1000");
        append(journal, 3, 10);
        assertThatThrownBy(() -> append(journal, 3, 10)).hasMessageContaining("is not above the last one");
        assertThat(journal.lastZxid()).isEqualTo(3);
        append(journal, 4, 10);
        assertThat(zxids(journal.read(0))).containsExactly(3L, 4L);
    }
}
