/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.journal.FlushPolicy;
import io.vivarium.persistence.journal.JournalConfig;
import io.vivarium.persistence.journal.JournalListener;
import io.vivarium.persistence.journal.JournalLoop;
import io.vivarium.persistence.journal.JournalMeter;
import io.vivarium.persistence.journal.RollPolicy;
import io.vivarium.persistence.journal.SegmentedJournal;
import io.vivarium.persistence.model.NaiveTree;
import io.vivarium.persistence.model.Txns;
import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.persistence.recovery.MemberHistory;
import io.vivarium.persistence.recovery.MemberRecovery;
import io.vivarium.persistence.recovery.Peers;
import io.vivarium.persistence.recovery.RecoveryConfig;
import io.vivarium.persistence.snapshot.LoadProgress;
import io.vivarium.persistence.snapshot.SnapshotConfig;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.Resync;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A member's disk, journal and tree, stepped by the test; answers are lines of text. */
final class GivenMember implements StoreListener, JournalListener {
    static final JournalConfig JOURNAL = JournalConfig.DEFAULT.withPreAllocBytes(4 << 10);
    static final int MAX_RECORD = JournalConfig.DEFAULT_MAX_RECORD_BYTES;
    static final SnapshotConfig SNAPSHOTS = SnapshotConfig.DEFAULT;

    final Disk disk;
    final DataDirectories directories;
    final NaiveTree tree = new NaiveTree();
    final List<String> answers = new ArrayList<>();
    final TreeGate gate = new TreeGate();
    final TreeClaim claim = new TreeClaim();
    /** Digest of the tree after each transaction that was written. */
    final Map<Long, Long> digests = new HashMap<>();

    final MemberHistory begin;
    final JournalLoop journal;
    final HistoryStore store;
    List<Proposal> recent = List.of();

    /** Starts on what is on the disk. */
    GivenMember(Disk disk, DataDirectories directories) throws IOException {
        this.disk = disk;
        this.directories = directories;
        MemberRecovery recovery =
                new MemberRecovery(disk, directories, RecoveryConfig.DEFAULT, LoadProgress.SILENT, Peers.SOME);
        begin = recovery.recover(tree, tree);
        SnapshotWriter writer = new SnapshotWriter(disk, directories.snapshots(), SNAPSHOTS);
        if (begin.needsSnapshot()) {
            writer.write(tree);
        }
        digests.put(tree.zxid(), tree.treeDigest());
        journal = new JournalLoop(
                new SegmentedJournal(disk, directories.logs(), JOURNAL, begin.lastZxid()),
                FlushPolicy.DEFAULT,
                new RollPolicy(1 << 20, 0, 0, new SplittableRandom(1)),
                this,
                () -> 0L,
                1000,
                JournalMeter.NONE);
        store = new HistoryStore(
                new HistoryParts(
                        disk, directories, MAX_RECORD, 500, recovery, tree, tree, gate, claim, writer, () -> tree),
                journal::execute,
                this);
    }

    /** Transactions 1:1 to 1:12, snapshots of 0, 1:4 and 1:8, a log file behind each. */
    GivenMember withHistory() throws IOException {
        for (int i = 1; i <= 12; i++) {
            write(txn(1, i, "old"));
            if (i == 4 || i == 8) {
                step();
                new SnapshotWriter(disk, directories.snapshots(), SNAPSHOTS).write(tree);
                journal.execute(j -> j.roll());
            }
        }
        store.storeEpoch(EpochKind.CURRENT, 1);
        // A leader of the next epoch has been promised to.
        store.storeEpoch(EpochKind.ACCEPTED, 2);
        step();
        answers.clear();
        return this;
    }

    static LoggedTxn txn(long epoch, int counter, String data) {
        return Txns.create(Zxid.of(epoch, counter), data.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Applies and logs. */
    void write(LoggedTxn txn) {
        tree.apply(txn);
        digests.put(txn.zxid(), tree.treeDigest());
        journal.submit(txn.zxid(), Txns.bytes(txn));
    }

    /** The tree becomes what a leader's image holds. */
    void takeImage(long zxid) {
        tree.clear();
        tree.fresh();
        for (int i = 1; i <= 5; i++) {
            tree.apply(txn(Zxid.epoch(zxid), i, "image"));
        }
        tree.loaded(zxid);
    }

    void step() {
        while (journal.step() == JournalLoop.Progress.WORKED) {
            // Until nothing is left to do.
        }
    }

    /** What was answered since the last call. */
    List<String> answered() {
        step();
        List<String> copy = List.copyOf(answers);
        answers.clear();
        return copy;
    }

    @Override
    public void epochStored(EpochKind kind, long epoch) {
        answers.add("epoch " + kind + " " + epoch);
    }

    @Override
    public void historyTruncated(long lastZxid, List<Proposal> recent) {
        this.recent = recent;
        answers.add("truncated " + Zxid.toString(lastZxid));
    }

    @Override
    public void snapshotInstalled(long zxid) {
        answers.add("installed " + Zxid.toString(zxid));
    }

    @Override
    public void reloaded(long lastZxid, Resync resync, List<Proposal> recent) {
        this.recent = recent;
        answers.add("reloaded " + Zxid.toString(lastZxid) + " " + resync);
    }

    @Override
    public void quiesced() {
        answers.add("quiesced");
    }

    @Override
    public void failed(Throwable cause) {
        if (answers.isEmpty() || !answers.get(answers.size() - 1).startsWith("failed")) {
            answers.add("failed " + cause.getMessage());
        }
    }

    @Override
    public void synced(long zxid, boolean rests) {
        answers.add("synced " + Zxid.toString(zxid));
    }

    @Override
    public void snapshotDue() {
        answers.add("snapshot due");
    }
}
