/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.persistence.journal.JournalReader;
import io.vivarium.persistence.journal.SegmentedJournal;
import io.vivarium.persistence.model.NaiveTree;
import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.model.Txns;
import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.SyncConfig;
import io.vivarium.server.quorum.zab.SyncPlan;
import io.vivarium.server.quorum.zab.SyncPlanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec quorum 1.5, 4, 17.1 and 17.3. */
class HistoryTransferTest {
    private static final DataDirectories DIRS = DataDirectories.of(Path.of("/data"), Path.of("/log"));
    private static final SyncPlanner PLANNER = new SyncPlanner(SyncConfig.DEFAULT);

    private final SimDisk disk = new SimDisk();
    private final GivenServerTree leader = new GivenServerTree();
    private final HistoryTransfer transfer = new HistoryTransfer(
            PLANNER,
            new LogHistory(disk, DIRS, GivenMember.MAX_RECORD),
            new JournalReader(disk, DIRS.logs(), GivenMember.MAX_RECORD),
            leader::view);
    private final RecordedOutlet outlet = new RecordedOutlet();

    @BeforeEach
    void makeDirectories() {
        disk.createDirectories(DIRS.snapshots());
        disk.createDirectories(DIRS.logs());
    }

    private static String stat(String first, String mzxid, String times, String versions, String pzxid) {
        return first + mzxid + times + versions + "0".repeat(16) + pzxid;
    }

    private static String text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return String.format("%08x", bytes.length) + HexFormat.of().formatHex(bytes);
    }

    /** The capture of spec quorum 17.1, from the session count to the signature; of its nodes those shown in full. Order among siblings is free. */
    private static String capturedImage() {
        String zero = "0".repeat(16);
        return "00000000"
                + "00000002"
                + "0000000000000001 00000001 00000001 00000005 776f726c64 00000006 616e796f6e65"
                + "0000000000000002 00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65"
                + "00000000 00000000 ffffffffffffffff"
                + stat(zero, zero, zero + zero, "00000000 00000002 00000000", "0000000100000003")
                + text("/zookeeper") + "00000000" + "ffffffffffffffff"
                + stat(zero, zero, zero + zero, "000000000000000000000000", zero)
                + text("/zookeeper/config") + text("server.1=127.0.0.1:21311:21321:participant\nversion=0")
                + "0000000000000001"
                + stat(zero, zero, zero + zero, "ffffffff00000000ffffffff", zero)
                + "00000002 2f61 00000005 7468726565 0000000000000002"
                + stat(
                        "0000000100000002",
                        "0000000100000004",
                        "000001a1fbbeeb7f000001a1fbbeeba4",
                        "000000010000000000000000",
                        "0000000100000002")
                + "00000001 2f"
                + "0000000a 42656e57617348657265";
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void an_image_is_taken_and_given_byte_by_byte_as_captured() throws IOException {
        ByteBuffer in = bytes(capturedImage() + "0000000a0000000100000000");
        assertThat(leader.imageLoader(0x100000006L).accept(in)).isTrue();
        // The next packet stays where it is.
        assertThat(in.remaining()).isEqualTo(12);
        assertThat(leader.tree.lastZxid()).isEqualTo(0x100000006L);
        assertThat(leader.tree.find("/a").data()).isEqualTo("three".getBytes(StandardCharsets.UTF_8));
        transfer.run(new SyncPlan.Snapshot(0x100000006L, "test"), outlet);
        assertThat(outlet.hex())
                .isEqualTo("0000000f" + "0000000100000006" + "ffffffff" + "ffffffff"
                        + capturedImage().replace(" ", ""));
        assertThat(outlet.ended).isTrue();
    }

    @Test
    void an_image_may_come_in_pieces_of_any_size() {
        byte[] image = bytes(capturedImage()).array();
        for (int cut = 0; cut < image.length; cut++) {
            GivenServerTree learner = new GivenServerTree();
            ImageLoader loader = learner.imageLoader(7);
            ByteBuffer in = ByteBuffer.wrap(image).limit(cut);
            assertThat(loader.accept(in)).as("cut at %d", cut).isFalse();
            assertThat(loader.accept(in.limit(image.length)))
                    .as("cut at %d", cut)
                    .isTrue();
            assertThat(learner.tree.nodeCount()).isEqualTo(4);
            assertThat(learner.tree.lastZxid()).isEqualTo(7);
        }
    }

    @Test
    void another_signature_is_no_image() {
        for (String end : List.of("0000000a42656e57617348657266", "0000000b42656e5761734865726500", "ffffffff")) {
            String image = capturedImage().replace("0000000a 42656e57617348657265", end);
            assertThatThrownBy(() -> leader.imageLoader(7).accept(bytes(image)))
                    .isInstanceOf(MalformedDataException.class)
                    .hasMessageContaining("image ends with");
        }
        // The gate is free again.
        leader.gate.leaveExclusive(leader.gate.enterExclusive());
    }

    @Test
    void an_image_is_never_older_than_what_follows_it() {
        assertThatThrownBy(() -> transfer.run(new SyncPlan.Snapshot(1, "test"), outlet))
                .hasMessageContaining("the tree stands at 0x0");
        assertThat(outlet.packets).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void a_tree_that_changes_during_the_walk_arrives_whole_after_replay(long seed) throws IOException {
        SplittableRandom dice = new SplittableRandom(seed);
        Txns txns = new Txns(dice);
        NaiveTree model = new NaiveTree();
        for (long zxid = 1; zxid <= 300; zxid++) {
            leader.loader.apply(txns.next(model, zxid));
        }
        List<LoggedTxn> later = new ArrayList<>();
        leader.betweenHolds = () -> {
            for (int i = dice.nextInt(4); i > 0; i--) {
                LoggedTxn txn = txns.next(model, model.zxid() + 1);
                later.add(txn);
                long stamp = leader.gate.enterExclusive();
                leader.loader.apply(txn);
                leader.gate.leaveExclusive(stamp);
            }
        };
        transfer.run(new SyncPlan.Snapshot(300, "test"), outlet);

        long zxid = outlet.packets.get(0).zxid();
        GivenServerTree learner = new GivenServerTree();
        ImageLoader loader = learner.imageLoader(zxid);
        byte[] image = outlet.wire.toByteArray();
        ByteBuffer in = ByteBuffer.wrap(image).position(QuorumPacket.MIN_SIZE).limit(QuorumPacket.MIN_SIZE);
        boolean complete = false;
        while (!complete) {
            in.limit(Math.min(image.length, in.limit() + 1 + dice.nextInt(500)));
            complete = loader.accept(in);
        }
        assertThat(in.position()).isEqualTo(image.length);
        later.stream().filter(txn -> txn.zxid() > zxid).forEach(learner.loader::apply);
        assertThat(learner.tree.digest()).as("seed %d", seed).isEqualTo(leader.tree.digest());
        assertThat(learner.tree.digest()).as("seed %d", seed).isEqualTo(model.treeDigest());
        assertThat(learner.sessions.timeouts()).as("seed %d", seed).isEqualTo(leader.sessions.timeouts());
    }

    @Test
    void a_diff_is_sent_as_captured() throws IOException {
        byte[] txn = bytes("0200000e13a70000 00000000 000000010000000a 000001a1fbbf7c50 fffffff6 00002710"
                        + "00000002 00000001f83c36bb")
                .array();
        transfer.run(
                new SyncPlan.Stream(PacketType.DIFF, 0x10000000eL, null, List.of(new Proposal(0x10000000aL, txn))),
                outlet);
        assertThat(outlet.hex())
                .isEqualTo(("0000000d 000000010000000e ffffffff ffffffff"
                                + "00000002 000000010000000a 00000030 0200000e13a70000 00000000 000000010000000a"
                                + "000001a1fbbf7c50 fffffff6 00002710 00000002 00000001f83c36bb ffffffff"
                                + "00000004 000000010000000a ffffffff ffffffff")
                        .replace(" ", ""));
        assertThat(outlet.ended).isTrue();
    }

    // ---- From disk

    private static Proposal proposal(long zxid) {
        return new Proposal(zxid, Txns.bytes(Txns.create(zxid, new byte[] {(byte) zxid})));
    }

    /** A log of 1:1 to 1:{@code last}, three records in a file. */
    private void givenLog(int last) throws IOException {
        SegmentedJournal journal = new SegmentedJournal(disk, DIRS.logs(), GivenMember.JOURNAL, -1);
        for (int i = 1; i <= last; i++) {
            Proposal proposal = proposal(Zxid.of(1, i));
            journal.append(proposal.zxid(), proposal.txn(), 0, proposal.txn().length);
            if (i % 3 == 0) {
                journal.roll();
            }
        }
        journal.sync();
        journal.close();
    }

    private static SyncPlan.ReadDisk readDisk(long position) {
        return new SyncPlan.ReadDisk(
                position, Zxid.of(1, 11), List.of(proposal(Zxid.of(1, 10)), proposal(Zxid.of(1, 11))));
    }

    private static List<QuorumPacket> pairs(QuorumPacket operation, int from, int to) {
        List<QuorumPacket> packets = new ArrayList<>(List.of(operation));
        for (int i = from; i <= to; i++) {
            Proposal proposal = proposal(Zxid.of(1, i));
            packets.add(QuorumPacket.of(PacketType.PROPOSAL, proposal.zxid(), proposal.txn()));
            packets.add(QuorumPacket.of(PacketType.COMMIT, proposal.zxid()));
        }
        return packets;
    }

    @Test
    void what_memory_lacks_comes_from_disk_first() throws IOException {
        givenLog(11);
        transfer.run(readDisk(Zxid.of(1, 5)), outlet);
        assertThat(outlet.packets).isEqualTo(pairs(QuorumPacket.of(PacketType.DIFF, Zxid.of(1, 11)), 6, 11));
        assertThat(outlet.ended).isTrue();
    }

    @Test
    void where_the_log_does_not_reach_back_an_image_is_sent() throws IOException {
        givenLog(11);
        leader.loader.loaded(Zxid.of(1, 11));
        disk.delete(DIRS.logs().resolve("log.100000001"));
        disk.delete(DIRS.logs().resolve("log.100000004"));
        transfer.run(readDisk(Zxid.of(1, 5)), outlet);
        assertThat(outlet.packets).containsExactly(QuorumPacket.of(PacketType.SNAP, Zxid.of(1, 11)));
    }

    @Test
    void where_the_log_is_damaged_an_image_is_sent() throws IOException {
        givenLog(11);
        leader.loader.loaded(Zxid.of(1, 11));
        Path damaged = DIRS.logs().resolve("log.100000007");
        byte[] bytes = disk.contents(damaged);
        bytes[60] ^= 0x55;
        disk.put(damaged, bytes);
        transfer.run(readDisk(Zxid.of(1, 5)), outlet);
        assertThat(outlet.packets).containsExactly(QuorumPacket.of(PacketType.SNAP, Zxid.of(1, 11)));
    }

    @Test
    void a_snapshot_tells_of_an_epoch_that_the_log_lacks() throws IOException {
        LogHistory history = new LogHistory(disk, DIRS, GivenMember.MAX_RECORD);
        disk.put(DIRS.snapshots().resolve("snapshot.200000000"), new byte[100]);
        assertThat(history.hasSnapshotBetween(Zxid.of(1, 11), Zxid.of(3, 1)))
                .as("the start of an epoch is no transaction")
                .isFalse();
        disk.put(DIRS.snapshots().resolve("snapshot.200000001"), new byte[100]);
        assertThat(history.hasSnapshotBetween(Zxid.of(1, 11), Zxid.of(3, 1))).isTrue();
        assertThat(history.hasSnapshotBetween(Zxid.of(2, 1), Zxid.of(3, 1))).isFalse();
        assertThat(history.hasSnapshotBetween(Zxid.of(1, 11), Zxid.of(2, 1))).isFalse();
    }

    @Test
    void a_hole_between_decision_and_reading_is_not_passed_on() throws IOException {
        givenLog(11);
        SyncPlan.Stream plan = (SyncPlan.Stream)
                PLANNER.resolve(readDisk(Zxid.of(1, 2)), new LogHistory(disk, DIRS, GivenMember.MAX_RECORD));
        disk.delete(DIRS.logs().resolve("log.100000004"));
        assertThatThrownBy(() -> transfer.run(plan, outlet))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("goes from 0x100000003 to 0x100000007");
        assertThat(outlet.ended).isFalse();
    }

    @Test
    void the_log_answers_as_the_walk_asks() throws IOException {
        givenLog(11);
        LogHistory log = new LogHistory(disk, DIRS, GivenMember.MAX_RECORD);
        long fileBytes = disk.size(DIRS.logs().resolve("log.100000007"));
        assertThat(log.newestSnapshotBytes()).isZero();
        disk.put(DIRS.snapshots().resolve("snapshot.5"), new byte[5]);
        disk.put(DIRS.snapshots().resolve("snapshot.6"), new byte[6]);
        assertThat(log.newestSnapshotBytes()).isEqualTo(6);
        assertThat(log.logBytesBehind(Zxid.of(1, 8)))
                .isEqualTo(disk.size(DIRS.logs().resolve("log.10000000a")));
        // A file that begins with the zxid itself is not yet the one below it.
        assertThat(log.logBytesBehind(Zxid.of(1, 7))).isGreaterThanOrEqualTo(fileBytes);
        assertThat(zxids(log, Zxid.of(1, 8), 2)).containsExactly(Zxid.of(1, 7), Zxid.of(1, 8));
        assertThat(zxids(log, Zxid.of(1, 7), 9)).hasSize(8).startsWith(Zxid.of(1, 4));
        assertThat(zxids(log, 0, 99)).hasSize(11);
    }

    private static List<Long> zxids(LogHistory log, long from, int count) {
        List<Long> zxids = new ArrayList<>();
        log.forEachZxidFrom(from, zxid -> {
            zxids.add(zxid);
            return zxids.size() < count;
        });
        return zxids;
    }
}
