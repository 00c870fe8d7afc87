/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.model.Txns;
import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.persistence.recovery.MemberHistory;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.Proposal;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spec quorum 2.2, 7.1 and persistence 2.8, with nothing going wrong but what is on the disk. */
class HistoryStoreTest {
    private static final DataDirectories DIRS = DataDirectories.of(Path.of("/data"), Path.of("/log"));
    private static final long Z6 = Zxid.of(1, 6);

    private final SimDisk disk = new SimDisk();

    private GivenMember member() throws IOException {
        return new GivenMember(disk, DIRS);
    }

    private void damage(String log, int offset) throws IOException {
        byte[] bytes = disk.contents(DIRS.logs().resolve(log));
        bytes[offset] ^= 0x55;
        disk.put(DIRS.logs().resolve(log), bytes);
    }

    @Test
    void answers_come_in_the_order_of_the_questions() throws IOException {
        GivenMember member = member();
        member.write(GivenMember.txn(1, 1, "x"));
        member.store.storeEpoch(EpochKind.ACCEPTED, 7);
        member.write(GivenMember.txn(1, 2, "x"));
        member.store.storeEpoch(EpochKind.CURRENT, 7);
        member.store.quiesce();
        assertThat(member.answered())
                .containsExactly(
                        "synced 0x100000001", "epoch ACCEPTED 7", "synced 0x100000002", "epoch CURRENT 7", "quiesced");
        GivenMember again = member();
        assertThat(again.begin)
                .isEqualTo(new MemberHistory(Zxid.of(1, 2), 7, 7, MemberHistory.Trust.TRUSTED, again.begin.start()));
    }

    @Test
    void a_truncation_takes_snapshots_log_and_tree_back() throws IOException {
        GivenMember member = member().withHistory();
        member.store.truncate(Z6);
        assertThat(member.answered()).containsExactly("truncated 0x100000006");
        assertThat(member.tree.zxid()).isEqualTo(Z6);
        assertThat(member.tree.treeDigest()).isEqualTo(member.digests.get(Z6));
        assertThat(disk.list(DIRS.snapshots()))
                .doesNotContain("snapshot.100000008")
                .contains("snapshot.100000004");
        assertThat(member.recent)
                .containsExactly(
                        new Proposal(Zxid.of(1, 5), Txns.bytes(GivenMember.txn(1, 5, "old"))),
                        new Proposal(Z6, Txns.bytes(GivenMember.txn(1, 6, "old"))));
        // The journal goes on from there.
        member.write(GivenMember.txn(1, 7, "new"));
        member.write(GivenMember.txn(2, 1, "new"));
        assertThat(member.answered()).containsExactly("synced 0x200000001");
        assertThat(member().tree.treeDigest()).isEqualTo(member.tree.treeDigest());
    }

    @Test
    void a_truncation_to_the_start_of_an_epoch_ends_below_it() throws IOException {
        GivenMember member = member().withHistory();
        member.write(GivenMember.txn(2, 1, "x"));
        member.step();
        member.answers.clear();
        member.store.truncate(Zxid.of(2, 0));
        assertThat(member.answered()).containsExactly("truncated 0x10000000c");
        assertThat(member().begin.trust()).isEqualTo(MemberHistory.Trust.TRUSTED);
    }

    @Test
    void where_no_snapshot_is_low_enough_nothing_is_touched_and_the_answer_does_not_fit() throws IOException {
        GivenMember member = member().withHistory();
        disk.delete(DIRS.snapshots().resolve("snapshot.0"));
        disk.delete(DIRS.snapshots().resolve("snapshot.100000004"));
        member.store.truncate(Z6);
        assertThat(member.answered()).containsExactly("truncated 0x10000000c");
        assertThat(member.tree.zxid()).isEqualTo(Zxid.of(1, 12));
        GivenMember again = member();
        assertThat(again.begin.lastZxid()).isEqualTo(Zxid.of(1, 12));
        assertThat(again.begin.trust()).isEqualTo(MemberHistory.Trust.TRUSTED);
    }

    @Test
    void where_the_transaction_itself_is_missing_or_rotten_nothing_is_touched_and_the_answer_does_not_fit()
            throws IOException {
        GivenMember member = member().withHistory();
        member.store.truncate(Zxid.of(1, 20));
        assertThat(member.answered()).containsExactly("truncated 0x100000015");
        assertThat(member().begin.lastZxid()).isEqualTo(Zxid.of(1, 12));

        // The newest snapshot is above: what is rotten is not needed, but for a cut.
        damage("log.100000005", 100);
        GivenMember rotten = member();
        assertThat(rotten.begin.trust()).isEqualTo(MemberHistory.Trust.TRUSTED);
        rotten.store.truncate(Z6);
        assertThat(rotten.answered()).containsExactly("truncated 0x10000000c");
        assertThat(member().begin.lastZxid()).isEqualTo(Zxid.of(1, 12));
        assertThat(member().begin.trust()).isEqualTo(MemberHistory.Trust.TRUSTED);
    }

    @Test
    void an_image_takes_the_place_of_everything() throws IOException {
        for (long zxid : new long[] {Zxid.of(2, 20), Zxid.of(2, 0), Zxid.of(1, 6)}) {
            SimDisk other = new SimDisk();
            GivenMember member = new GivenMember(other, DIRS).withHistory();
            member.takeImage(zxid);
            long digest = member.tree.treeDigest();
            member.store.installSnapshot(zxid);
            assertThat(member.answered()).containsExactly("installed " + Zxid.toString(zxid));
            assertThat(other.list(DIRS.logs())).isEmpty();
            assertThat(other.list(DIRS.snapshots()))
                    .containsExactly("acceptedEpoch", "currentEpoch", "snapshot." + Long.toHexString(zxid));
            GivenMember again = new GivenMember(other, DIRS);
            assertThat(again.tree.treeDigest()).isEqualTo(digest);
            assertThat(again.begin.lastZxid()).isEqualTo(zxid);
            assertThat(again.begin.trust()).isEqualTo(MemberHistory.Trust.TRUSTED);
            member.write(GivenMember.txn(2, 21, "new"));
            assertThat(member.answered()).containsExactly("synced 0x200000015");
        }
    }

    @Test
    void a_member_on_its_image_is_trusted_again_when_the_epoch_is_stored() throws IOException {
        member().withHistory();
        damage("log.100000009", 100);
        GivenMember member = member();
        assertThat(member.begin.trust()).isEqualTo(MemberHistory.Trust.UNTRUSTED);
        assertThat(member.begin.lastZxid()).isZero();
        member.takeImage(Zxid.of(2, 20));
        member.store.storeEpoch(EpochKind.ACCEPTED, 2);
        member.store.installSnapshot(Zxid.of(2, 20));
        member.step();
        assertThat(member().begin.trust()).isEqualTo(MemberHistory.Trust.UNTRUSTED);
        member.store.storeEpoch(EpochKind.CURRENT, 2);
        member.step();
        GivenMember again = member();
        assertThat(again.begin.trust()).isEqualTo(MemberHistory.Trust.TRUSTED);
        assertThat(again.tree.treeDigest()).isEqualTo(member.tree.treeDigest());
        assertThat(disk.list(DIRS.logs()))
                .containsExactly("damaged-1.log.100000001", "damaged-1.log.100000005", "damaged-1.log.100000009");
    }

    @Test
    void a_reload_brings_back_what_is_on_the_disk_after_an_image_that_broke_off() throws IOException {
        GivenMember member = member().withHistory();
        member.tree.clear();
        member.store.reload();
        assertThat(member.answered()).containsExactly("reloaded 0x10000000c FROM_HISTORY");
        assertThat(member.tree.treeDigest()).isEqualTo(member.digests.get(Zxid.of(1, 12)));
        assertThat(member.recent).hasSize(4);
        member.write(GivenMember.txn(1, 13, "x"));
        assertThat(member.answered()).containsExactly("synced 0x10000000d");
    }

    @Test
    void damage_that_a_reload_meets_is_kept_aside_and_the_journal_starts_over() throws IOException {
        GivenMember member = member().withHistory();
        damage("log.100000009", 100);
        member.store.reload();
        assertThat(member.answered()).containsExactly("reloaded 0x0 FROM_SNAPSHOT");
        // An image may be older than what the journal had written.
        member.takeImage(Z6);
        member.store.installSnapshot(Z6);
        member.step();
        member.write(GivenMember.txn(1, 7, "x"));
        assertThat(member.answered()).containsExactly("installed 0x100000006", "synced 0x100000007");
    }

    @Test
    void a_snapshot_of_the_wrong_moment_is_an_own_fault_that_stops_the_journal() throws IOException {
        GivenMember member = member().withHistory();
        member.store.installSnapshot(Zxid.of(2, 1));
        member.store.quiesce();
        assertThat(member.answered())
                .singleElement()
                .asString()
                .contains("0x10000000c")
                .contains("0x200000001");
    }

    @Test
    void works_on_a_real_file_system(@TempDir Path dir) throws IOException {
        DataDirectories real = DataDirectories.of(dir.resolve("data"), dir.resolve("log"));
        GivenMember member = new GivenMember(new FileDisk(), real).withHistory();
        member.store.truncate(Z6);
        member.write(GivenMember.txn(1, 7, "new"));
        member.store.reload();
        member.store.storeEpoch(EpochKind.ACCEPTED, 2);
        assertThat(member.answered())
                .containsExactly(
                        "truncated 0x100000006",
                        "synced 0x100000007",
                        "reloaded 0x100000007 FROM_HISTORY",
                        "epoch ACCEPTED 2");
        member.takeImage(Zxid.of(2, 20));
        member.store.installSnapshot(Zxid.of(2, 20));
        member.store.storeEpoch(EpochKind.CURRENT, 2);
        assertThat(member.answered()).containsExactly("installed 0x200000014", "epoch CURRENT 2");
        member.journal.close();
        GivenMember again = new GivenMember(new FileDisk(), real);
        assertThat(again.tree.treeDigest()).isEqualTo(member.tree.treeDigest());
        assertThat(again.begin.trust()).isEqualTo(MemberHistory.Trust.TRUSTED);
        again.journal.close();
    }
}
