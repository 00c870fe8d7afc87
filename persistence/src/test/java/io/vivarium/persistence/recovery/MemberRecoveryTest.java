/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import static io.vivarium.persistence.recovery.MemberHistory.Trust.TRUSTED;
import static io.vivarium.persistence.recovery.MemberHistory.Trust.UNTRUSTED;
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
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.txn.LoggedTxn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spec quorum 2.2, persistence 1.4, 6.1: a member with peers heals where a server on its own refuses. */
class MemberRecoveryTest {
    private static final DataDirectories DIRS = DataDirectories.of(Path.of("/data"), Path.of("/log"));
    private static final JournalConfig JOURNAL = JournalConfig.DEFAULT.withPreAllocBytes(4 << 10);

    private final SimDisk disk = new SimDisk();
    private final NaiveTree tree = new NaiveTree();

    /** Two snapshots, at 1:4 and 1:8, and a log of two files up to 1:12; both epochs are 1. */
    @BeforeEach
    void givenAHistory() throws IOException {
        disk.createDirectories(DIRS.snapshots());
        disk.createDirectories(DIRS.logs());
        append(1, 1, 12);
        put("currentEpoch", "1");
        put("acceptedEpoch", "1");
    }

    private void append(long epoch, int from, int to) throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIRS.logs(), JOURNAL, tree.zxid());
        for (int i = from; i <= to; i++) {
            LoggedTxn txn = Txns.create(Zxid.of(epoch, i), new byte[] {(byte) i});
            tree.apply(txn);
            byte[] bytes = Txns.bytes(txn);
            journal.append(txn.zxid(), bytes, 0, bytes.length);
            if (i == 4 || i == 8) {
                journal.sync();
                new SnapshotWriter(disk, DIRS.snapshots(), SnapshotConfig.DEFAULT).write(tree);
            }
            if (i == 6) {
                journal.roll();
            }
        }
        journal.sync();
        journal.close();
    }

    private void put(String name, String text) {
        disk.put(DIRS.snapshots().resolve(name), text.getBytes(StandardCharsets.US_ASCII));
    }

    private void flip(Path file, int offset) throws IOException {
        byte[] bytes = disk.contents(file);
        bytes[offset] ^= 0x55;
        disk.put(file, bytes);
    }

    private MemberHistory recover(NaiveTree into, RecoveryConfig config, Peers peers) throws IOException {
        return new MemberRecovery(disk, DIRS, config, LoadProgress.SILENT, peers).recover(into, into);
    }

    private MemberHistory recover() throws IOException {
        return recover(new NaiveTree(), RecoveryConfig.DEFAULT, Peers.SOME);
    }

    private static MemberHistory loaded(long zxid, long current, long accepted, MemberHistory.Trust trust) {
        return new MemberHistory(zxid, current, accepted, trust, RecoveryResult.Start.LOADED);
    }

    @Test
    void a_whole_history_is_trusted_and_nothing_is_written() throws IOException {
        NaiveTree copy = new NaiveTree();
        var names = disk.list(DIRS.snapshots());
        assertThat(recover(copy, RecoveryConfig.DEFAULT, Peers.SOME)).isEqualTo(loaded(Zxid.of(1, 12), 1, 1, TRUSTED));
        assertThat(copy.treeDigest()).isEqualTo(tree.treeDigest());
        assertThat(disk.list(DIRS.snapshots())).isEqualTo(names);
    }

    @Test
    void a_damaged_newest_snapshot_is_kept_aside_where_the_log_leads_through_it() throws IOException {
        for (Peers peers : Peers.values()) {
            Path newest = DIRS.snapshots().resolve("snapshot.100000008");
            if (disk.exists(newest)) {
                flip(newest, 60);
            }
            NaiveTree copy = new NaiveTree();
            assertThat(recover(copy, RecoveryConfig.DEFAULT, peers)).isEqualTo(loaded(Zxid.of(1, 12), 1, 1, TRUSTED));
            assertThat(copy.treeDigest()).isEqualTo(tree.treeDigest());
            assertThat(disk.list(DIRS.snapshots()))
                    .containsExactly(
                            "acceptedEpoch", "currentEpoch", "damaged-1.snapshot.100000008", "snapshot.100000004");
        }
    }

    @Test
    void an_older_snapshot_does_not_stand_for_one_that_the_log_does_not_lead_to() throws IOException {
        // As a member that took an image at 2:20: the log has nothing of epoch 2 up to there.
        disk.put(DIRS.snapshots().resolve("snapshot.200000014"), new byte[] {1, 2, 3});
        put("acceptedEpoch", "2");
        put("currentEpoch", "2");
        append(2, 21, 22);
        MemberHistory history = recover();
        assertThat(history).isEqualTo(new MemberHistory(0, 2, 2, UNTRUSTED, RecoveryResult.Start.NEW_DATABASE));
        assertThat(disk.list(DIRS.logs()))
                .containsExactly("damaged-1.log.100000001", "damaged-1.log.100000007", "damaged-1.log.200000015");
    }

    @Test
    void a_log_without_a_snapshot_is_believed_where_that_is_asked_for_and_gets_one_first_ZOOKEEPER_3781()
            throws IOException {
        for (String name : disk.list(DIRS.snapshots())) {
            if (name.startsWith("snapshot.")) {
                disk.delete(DIRS.snapshots().resolve(name));
            }
        }
        MemberHistory history = recover(new NaiveTree(), RecoveryConfig.DEFAULT.trustingEmptySnapshot(), Peers.SOME);
        assertThat(history.lastZxid()).isEqualTo(Zxid.of(1, 12));
        assertThat(history.trust()).isEqualTo(TRUSTED);
        assertThat(history.needsSnapshot()).isTrue();
    }

    @Test
    void a_damaged_log_is_kept_aside_and_the_member_starts_untrusted_until_the_mark_goes() throws IOException {
        flip(DIRS.logs().resolve("log.100000007"), 200);
        assertThatThrownBy(() -> recover(new NaiveTree(), RecoveryConfig.DEFAULT, Peers.NONE))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining("log.100000007");
        MemberHistory empty = new MemberHistory(0, 1, 1, UNTRUSTED, RecoveryResult.Start.NEW_DATABASE);
        assertThat(recover()).isEqualTo(empty);
        assertThat(empty.needsSnapshot()).isTrue();
        assertThat(disk.list(DIRS.logs())).containsExactly("damaged-1.log.100000001", "damaged-1.log.100000007");
        assertThat(disk.list(DIRS.snapshots()))
                .containsExactly(
                        "acceptedEpoch",
                        "currentEpoch",
                        "damaged-1.snapshot.100000004",
                        "damaged-1.snapshot.100000008",
                        "history.untrusted");
        assertThat(new String(disk.contents(DIRS.snapshots().resolve("history.untrusted")), StandardCharsets.UTF_8))
                .contains("log.100000007");
        // Again and again, until a sync has completed.
        assertThat(recover()).isEqualTo(empty);
        assertThatThrownBy(() -> recover(new NaiveTree(), RecoveryConfig.DEFAULT, Peers.NONE))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining("history.untrusted");
    }

    @Test
    void a_hole_in_the_log_and_missing_snapshots_heal_the_same_way() throws IOException {
        disk.delete(DIRS.snapshots().resolve("snapshot.100000008"));
        disk.delete(DIRS.logs().resolve("log.100000001"));
        assertThat(recover().trust()).isEqualTo(UNTRUSTED);
        assertThat(disk.list(DIRS.logs())).containsExactly("damaged-1.log.100000007");
        disk.put(DIRS.logs().resolve("log.5"), new byte[100]);
        assertThat(recover().trust()).isEqualTo(UNTRUSTED);
        assertThat(disk.list(DIRS.logs())).containsExactly("damaged-1.log.100000007", "damaged-2.log.5");
    }

    @Test
    void a_history_that_has_vanished_is_not_taken_for_a_new_database() throws IOException {
        for (String name : disk.list(DIRS.logs())) {
            disk.delete(DIRS.logs().resolve(name));
        }
        for (String name : disk.list(DIRS.snapshots())) {
            if (name.startsWith("snapshot")) {
                disk.delete(DIRS.snapshots().resolve(name));
            }
        }
        assertThatThrownBy(() -> recover(new NaiveTree(), RecoveryConfig.DEFAULT, Peers.NONE))
                .hasMessageContaining("had the history of epoch 1");
        assertThat(recover()).isEqualTo(new MemberHistory(0, 1, 1, UNTRUSTED, RecoveryResult.Start.NEW_DATABASE));
        assertThat(disk.exists(DIRS.snapshots().resolve(TrustMark.NAME))).isTrue();
        disk.delete(DIRS.snapshots().resolve("currentEpoch"));
        disk.delete(DIRS.snapshots().resolve("acceptedEpoch"));
        disk.delete(DIRS.snapshots().resolve(TrustMark.NAME));
        assertThat(recover()).isEqualTo(new MemberHistory(0, 0, 0, TRUSTED, RecoveryResult.Start.NEW_DATABASE));
    }

    @Test
    void a_process_that_finds_less_than_it_acknowledged_does_not_trust_it_and_neither_does_the_next()
            throws IOException {
        MemberRecovery recovery =
                new MemberRecovery(disk, DIRS, RecoveryConfig.DEFAULT, LoadProgress.SILENT, Peers.SOME);
        NaiveTree copy = new NaiveTree();
        assertThat(recovery.recover(copy, copy, Zxid.of(1, 12))).isEqualTo(loaded(Zxid.of(1, 12), 1, 1, TRUSTED));
        assertThat(recovery.recover(copy, copy, Zxid.of(1, 13))).isEqualTo(loaded(Zxid.of(1, 12), 1, 1, UNTRUSTED));
        assertThat(recover().trust()).isEqualTo(UNTRUSTED);
    }

    @Test
    void a_directory_that_was_taken_from_under_a_process_is_no_new_database() throws IOException {
        disk.deleteDirectory(DIRS.snapshots());
        disk.deleteDirectory(DIRS.logs());
        MemberRecovery recovery =
                new MemberRecovery(disk, DIRS, RecoveryConfig.DEFAULT, LoadProgress.SILENT, Peers.SOME);
        NaiveTree copy = new NaiveTree();
        MemberHistory found = recovery.recover(copy, copy, Zxid.of(1, 12));
        assertThat(found.lastZxid()).isZero();
        assertThat(found.trust()).isEqualTo(UNTRUSTED);
        assertThat(recover().trust()).isEqualTo(UNTRUSTED);
    }

    @Test
    void records_that_only_the_page_cache_has_are_durable_before_they_are_shown() throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIRS.logs(), JOURNAL, tree.zxid());
        byte[] bytes = Txns.bytes(Txns.create(Zxid.of(1, 13), new byte[] {13}));
        journal.append(Zxid.of(1, 13), bytes, 0, bytes.length);
        // The process is killed: what it wrote is with the kernel, and nothing was synced.
        journal.close();
        assertThat(recover().lastZxid()).isEqualTo(Zxid.of(1, 13));
        disk.crash(new SplittableRandom(1), SimDisk.Loss.TAIL);
        assertThat(recover().lastZxid()).isEqualTo(Zxid.of(1, 13));
    }

    @Test
    void a_member_that_may_not_make_a_database_waits_at_minus_one() throws IOException {
        SimDisk empty = new SimDisk();
        RecoveryConfig waiting = new RecoveryConfig(false, true, false, JournalConfig.DEFAULT_MAX_RECORD_BYTES);
        NaiveTree fresh = new NaiveTree();
        MemberHistory history =
                new MemberRecovery(empty, DIRS, waiting, LoadProgress.SILENT, Peers.SOME).recover(fresh, fresh);
        assertThat(history).isEqualTo(new MemberHistory(-1, 0, 0, UNTRUSTED, RecoveryResult.Start.WAIT_FOR_LEADER));
        assertThat(empty.list(DIRS.snapshots())).containsExactly("acceptedEpoch", "currentEpoch");
        assertThat(history.needsSnapshot()).isFalse();
    }

    @Test
    void a_sync_that_was_cut_off_keeps_the_older_current_epoch() throws IOException {
        append(2, 1, 3);
        put("acceptedEpoch", "2");
        put("currentEpoch.tmp", "2");
        assertThat(recover()).isEqualTo(loaded(Zxid.of(2, 3), 1, 2, TRUSTED));
    }

    @Test
    void missing_epoch_files_are_made_from_the_history() throws IOException {
        disk.delete(DIRS.snapshots().resolve("currentEpoch"));
        disk.delete(DIRS.snapshots().resolve("acceptedEpoch"));
        assertThat(recover()).isEqualTo(loaded(Zxid.of(1, 12), 1, 1, TRUSTED));
        assertThat(disk.list(DIRS.snapshots())).contains("acceptedEpoch", "currentEpoch");
    }

    @Test
    void epoch_files_that_contradict_each_other_cost_the_vote_until_a_sync() throws IOException {
        put("acceptedEpoch", "junk");
        put("currentEpoch", "3");
        assertThatThrownBy(() -> recover(new NaiveTree(), RecoveryConfig.DEFAULT, Peers.NONE))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContaining("junk");
        assertThat(recover()).isEqualTo(loaded(Zxid.of(1, 12), 3, 3, UNTRUSTED));
        assertThat(disk.list(DIRS.snapshots())).contains("damaged-1.acceptedEpoch", "history.untrusted");
        assertThat(recover()).isEqualTo(loaded(Zxid.of(1, 12), 3, 3, UNTRUSTED));
        new TrustMark(disk, DIRS).clear();
        assertThat(recover()).isEqualTo(loaded(Zxid.of(1, 12), 3, 3, TRUSTED));
    }

    @Test
    void a_crash_anywhere_while_healing_never_ends_in_trust() throws IOException {
        boolean finished = false;
        for (int operations = 0; !finished; operations++) {
            for (int seed = 0; seed < 8; seed++) {
                MemberRecoveryTest run = new MemberRecoveryTest();
                run.givenAHistory();
                run.flip(DIRS.logs().resolve("log.100000007"), 200);
                run.disk.powerFailsAfter(operations);
                finished = true;
                try {
                    run.recover();
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("power");
                    finished = false;
                }
                run.disk.crash(new SplittableRandom(seed), SimDisk.Loss.TAIL);
                MemberHistory after = run.recover();
                assertThat(after.trust())
                        .as("operations %d seed %d", operations, seed)
                        .isEqualTo(UNTRUSTED);
                assertThat(after.acceptedEpoch()).isEqualTo(1);
                assertThat(run.disk.list(DIRS.logs()))
                        .as("operations %d seed %d", operations, seed)
                        .hasSize(2)
                        .contains("damaged-1.log.100000007");
            }
        }
    }
}
