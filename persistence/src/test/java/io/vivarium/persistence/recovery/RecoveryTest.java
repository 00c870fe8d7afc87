/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.persistence.journal.JournalConfig;
import io.vivarium.persistence.journal.SegmentedJournal;
import io.vivarium.persistence.model.NaiveTree;
import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.model.Txns;
import io.vivarium.persistence.snapshot.LoadProgress;
import io.vivarium.persistence.snapshot.SnapshotConfig;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories, starts without snapshot, and damage at every offset of small logs. */
class RecoveryTest {
    private static final DataDirectories DIRECTORIES = DataDirectories.of(Path.of("/data"), Path.of("/log"));
    private static final JournalConfig JOURNAL = JournalConfig.DEFAULT.withPreAllocBytes(8 << 10);

    private final SimDisk disk = new SimDisk();

    private RecoveryResult recover() throws IOException {
        return recover(new NaiveTree(), RecoveryConfig.DEFAULT);
    }

    private RecoveryResult recover(NaiveTree tree, RecoveryConfig config) throws IOException {
        return new Recovery(disk, DIRECTORIES, config, LoadProgress.SILENT).recover(tree, tree);
    }

    private void snapshot(NaiveTree tree) throws IOException {
        disk.createDirectories(DIRECTORIES.snapshots());
        new SnapshotWriter(disk, DIRECTORIES.snapshots(), SnapshotConfig.DEFAULT).write(tree);
    }

    /** Writes the records {@code from..to} into one file. */
    private Path log(long from, long to) throws IOException {
        disk.createDirectories(DIRECTORIES.logs());
        SegmentedJournal journal = new SegmentedJournal(disk, DIRECTORIES.logs(), JOURNAL, from - 1);
        for (long zxid = from; zxid <= to; zxid++) {
            byte[] payload = Txns.bytes(Txns.create(zxid, new byte[5]));
            journal.append(zxid, payload, 0, payload.length);
        }
        journal.sync();
        journal.close();
        return DIRECTORIES.logs().resolve("log." + Long.toHexString(from));
    }

    /** Offset just behind the record {@code zxid} of a log that starts with {@code from}. */
    private static int endOf(long from, long zxid) {
        int offset = 16;
        for (long z = from; z <= zxid; z++) {
            offset += Txns.bytes(Txns.create(z, new byte[5])).length + 13;
        }
        return offset;
    }

    @Test
    void an_empty_server_starts_at_zero() throws IOException {
        NaiveTree tree = new NaiveTree();
        RecoveryResult result = recover(tree, RecoveryConfig.DEFAULT);
        assertThat(result.start()).isEqualTo(RecoveryResult.Start.NEW_DATABASE);
        assertThat(result.lastZxid()).isZero();
        assertThat(tree.treeDigest()).isEqualTo(0x51c6d660L);
    }

    @Test
    void without_autocreate_an_empty_member_waits_unless_the_marker_is_there() throws IOException {
        RecoveryConfig config = new RecoveryConfig(false, true, false, 1 << 20);
        RecoveryResult result = recover(new NaiveTree(), config);
        assertThat(result.start()).isEqualTo(RecoveryResult.Start.WAIT_FOR_LEADER);
        assertThat(result.lastZxid()).isEqualTo(-1);
        Path marker = Path.of("/log/initialize");
        disk.put(marker, new byte[0]);
        assertThat(recover(new NaiveTree(), config).start()).isEqualTo(RecoveryResult.Start.NEW_DATABASE);
        assertThat(disk.exists(marker)).isFalse();
    }

    @Test
    void logs_without_a_snapshot_need_trust_and_must_begin_at_the_beginning() throws IOException {
        log(1, 3);
        assertThatThrownBy(this::recover)
                .hasMessageContaining("No snapshot found, but there are log entries. Something is broken!");
        RecoveryResult result = recover(new NaiveTree(), RecoveryConfig.DEFAULT.trustingEmptySnapshot());
        assertThat(result.start()).isEqualTo(RecoveryResult.Start.LOADED_WITHOUT_SNAPSHOT);
        assertThat(result.lastZxid()).isEqualTo(3);
        disk.delete(DIRECTORIES.logs().resolve("log.1"));
        log(7, 9);
        assertThatThrownBy(() -> recover(new NaiveTree(), RecoveryConfig.DEFAULT.trustingEmptySnapshot()))
                .hasMessageContaining("0x7 is not the next proposal of 0x0");
    }

    @Test
    void mixed_up_directories_are_refused_with_the_words_of_stock() {
        disk.createDirectories(DIRECTORIES.logs());
        disk.createDirectories(DIRECTORIES.snapshots());
        disk.put(DIRECTORIES.snapshots().resolve("log.1"), new byte[0]);
        assertThatThrownBy(this::recover)
                .hasMessage(
                        "Snapshot directory has log files. Check if dataLogDir and dataDir configuration is correct.");
        disk.put(DIRECTORIES.logs().resolve("snapshot.x"), new byte[0]);
        assertThatThrownBy(this::recover)
                .isInstanceOfSatisfying(RecoveryException.class, e -> assertThat(e.fault())
                        .isEqualTo(RecoveryException.Fault.DIRECTORY))
                .hasMessage(
                        "Log directory has snapshot files. Check if dataLogDir and dataDir configuration is correct.");
    }

    @Test
    void missing_directories_are_refused_when_they_must_not_be_made() {
        RecoveryConfig config = new RecoveryConfig(false, false, true, 1 << 20);
        assertThatThrownBy(() -> recover(new NaiveTree(), config))
                .hasMessage("Missing data directory /log/version-2, automatic data directory creation is disabled"
                        + " (zookeeper.datadir.autocreate is false). Please create this directory manually.");
        disk.createDirectories(DIRECTORIES.logs());
        assertThatThrownBy(() -> recover(new NaiveTree(), config)).hasMessageStartingWith("Missing snap directory");
    }

    @Test
    void a_directory_that_cannot_be_made_is_named(@TempDir Path temp) throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        DataDirectories directories = DataDirectories.of(file, temp);
        NaiveTree tree = new NaiveTree();
        assertThatThrownBy(() -> new Recovery(
                                new io.vivarium.persistence.disk.FileDisk(),
                                directories,
                                RecoveryConfig.DEFAULT,
                                LoadProgress.SILENT)
                        .recover(tree, tree))
                .hasMessage("Unable to create snap directory " + file.resolve("version-2"));
    }

    @Test
    void the_newest_log_cut_anywhere_gives_every_whole_record() throws IOException {
        snapshot(new NaiveTree());
        Path path = log(1, 6);
        byte[] whole = disk.contents(path);
        for (int length = endOf(1, 6) + 20; length >= 0; length--) {
            disk.put(path, Arrays.copyOf(whole, length));
            int records = 0;
            while (records < 6 && endOf(1, records + 1) <= length) {
                records++;
            }
            RecoveryResult result = recover();
            assertThat(result.lastZxid()).as("cut at %d", length).isEqualTo(records);
            // The first four bytes of a record are zeros, as padding is; a file without records ends behind its header.
            int left = length - (records == 0 ? 16 : endOf(1, records));
            boolean silent = records == 6 || (left >= 0 && left <= 4);
            assertThat(result.notes()).as("cut at %d", length).hasSize(silent ? 0 : 1);
            assertThat(disk.exists(path)).isEqualTo(length >= 16);
        }
    }

    @Test
    void the_newest_log_zeroed_from_anywhere_gives_every_whole_record() throws IOException {
        snapshot(new NaiveTree());
        Path path = log(1, 6);
        byte[] whole = disk.contents(path);
        for (int from = endOf(1, 6); from >= 0; from--) {
            byte[] zeroed = whole.clone();
            Arrays.fill(zeroed, from, zeroed.length, (byte) 0);
            disk.put(path, zeroed);
            int records = 0;
            while (records < 6 && endOf(1, records + 1) <= from) {
                records++;
            }
            if (from > 0 && from < 4) {
                // Part of the magic number: stock refuses, and no order of writes explains it.
                assertThatThrownBy(this::recover).hasMessageContaining("invalid magic number");
                continue;
            }
            assertThat(recover().lastZxid()).as("zero from %d", from).isEqualTo(records);
        }
    }

    @Test
    void a_flipped_byte_in_the_log_is_refused_or_costs_only_the_last_record() throws IOException {
        snapshot(new NaiveTree());
        Path path = log(1, 6);
        byte[] whole = disk.contents(path);
        for (int i = 16; i < endOf(1, 6); i++) {
            byte[] broken = whole.clone();
            broken[i] ^= 0x55;
            disk.put(path, broken);
            long last;
            try {
                last = recover().lastZxid();
            } catch (RecoveryException e) {
                assertThat(e.fault()).isEqualTo(RecoveryException.Fault.DATABASE);
                assertThat(e).hasMessageStartingWith(path + " at offset ").hasMessageContaining("log tool");
                continue;
            }
            // A length or an end byte of the very last record: it looks like a write that was cut off.
            assertThat(last).as("byte %d", i).isEqualTo(5);
            assertThat(i).isGreaterThanOrEqualTo(endOf(1, 5));
        }
    }

    @Test
    void a_torn_record_in_an_older_file_is_fine_if_the_next_file_repeats_it() throws IOException {
        snapshot(new NaiveTree());
        Path older = log(1, 4);
        byte[] torn = Arrays.copyOf(disk.contents(older), endOf(1, 4) - 3);
        disk.put(older, torn);
        log(4, 8);
        RecoveryResult result = recover();
        assertThat(result.lastZxid()).isEqualTo(8);
        assertThat(result.notes()).hasSize(1);
    }

    @Test
    void a_torn_record_in_an_older_file_that_is_missed_is_refused_by_name() throws IOException {
        snapshot(new NaiveTree());
        Path older = log(1, 4);
        disk.put(older, Arrays.copyOf(disk.contents(older), endOf(1, 4) - 3));
        Path newer = log(5, 8);
        assertThatThrownBy(this::recover)
                .hasMessageStartingWith(newer + " at offset 16")
                .hasMessageContaining("0x5 is not the next proposal of 0x3")
                .hasMessageContaining("they may have stood in " + older + " at offset " + endOf(1, 3));
    }

    @Test
    void a_new_epoch_behind_a_torn_record_is_refused_by_name() throws IOException {
        snapshot(new NaiveTree());
        Path older = log(1, 4);
        byte[] torn = Arrays.copyOf(disk.contents(older), endOf(1, 4) - 3);
        long second = 1L << 32;
        Path newer = log(second + 1, second + 4);
        disk.put(older, torn);
        assertThatThrownBy(this::recover)
                .hasMessageStartingWith(newer + " at offset 16")
                .hasMessageContaining(
                        "0x100000001 is not the next proposal of 0x3; records between them may be missing")
                .hasMessageContaining("they may have stood in " + older + " at offset " + endOf(1, 3));
        disk.put(older, Arrays.copyOf(torn, endOf(1, 3)));
        assertThat(recover().lastZxid()).isEqualTo(second + 4);
    }

    @Test
    void an_older_file_without_a_header_is_refused() throws IOException {
        snapshot(new NaiveTree());
        log(1, 4);
        disk.put(DIRECTORIES.logs().resolve("log.5"), new byte[7]);
        log(6, 8);
        assertThatThrownBy(this::recover).hasMessageContaining("log.5").hasMessageContaining("7 bytes of header");
    }

    @Test
    void a_gap_between_snapshot_and_log_is_refused() throws IOException {
        NaiveTree tree = new NaiveTree();
        for (long zxid = 1; zxid <= 4; zxid++) {
            tree.apply(Txns.create(zxid, new byte[5]));
        }
        snapshot(tree);
        log(6, 8);
        assertThatThrownBy(this::recover)
                .hasMessageContaining("0x6 is not the next proposal of 0x4")
                .hasMessageContaining("the state before it comes from the snapshot");
    }

    @Test
    void a_new_epoch_may_begin_behind_any_record() throws IOException {
        snapshot(new NaiveTree());
        log(1, 4);
        long epoch = 3L << 32;
        log(epoch + 1, epoch + 2);
        assertThat(recover().lastZxid()).isEqualTo(epoch + 2);
    }

    @Test
    void records_that_come_twice_are_applied_twice_and_noted() throws IOException {
        snapshot(new NaiveTree());
        log(1, 6);
        log(5, 8);
        RecoveryResult result = recover();
        assertThat(result.lastZxid()).isEqualTo(8);
        assertThat(result.notes()).hasSize(2).allMatch(note -> note.contains("is not above the last one"));
    }

    @Test
    void an_older_snapshot_and_its_log_stand_in_for_a_damaged_newer_one() throws IOException {
        NaiveTree tree = new NaiveTree();
        snapshot(tree);
        log(1, 6);
        for (long zxid = 1; zxid <= 4; zxid++) {
            tree.apply(Txns.create(zxid, new byte[5]));
        }
        snapshot(tree);
        Path newest = DIRECTORIES.snapshots().resolve("snapshot.4");
        byte[] broken = disk.contents(newest);
        broken[60] ^= 1;
        disk.put(newest, broken);
        RecoveryResult result = recover();
        assertThat(result.snapshotZxid()).isZero();
        assertThat(result.lastZxid()).isEqualTo(6);
        assertThat(result.notes()).singleElement().asString().contains(newest.toString());
        disk.delete(DIRECTORIES.snapshots().resolve("snapshot.0"));
        assertThatThrownBy(this::recover).hasMessageContaining("Not able to find valid snapshots in /data/version-2");
    }

    @Test
    void leftovers_of_an_interrupted_snapshot_are_removed() throws IOException {
        snapshot(new NaiveTree());
        Path leftover = DIRECTORIES.snapshots().resolve("unfinished.snapshot.5.gz");
        disk.put(leftover, new byte[9]);
        recover();
        assertThat(disk.exists(leftover)).isFalse();
    }
}
