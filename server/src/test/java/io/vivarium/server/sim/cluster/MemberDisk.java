/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.persistence.journal.FlushPolicy;
import io.vivarium.persistence.journal.JournalConfig;
import io.vivarium.persistence.journal.JournalListener;
import io.vivarium.persistence.journal.JournalLoop;
import io.vivarium.persistence.journal.JournalMeter;
import io.vivarium.persistence.journal.JournalReader;
import io.vivarium.persistence.journal.JournalTask;
import io.vivarium.persistence.journal.RollPolicy;
import io.vivarium.persistence.journal.SegmentedJournal;
import io.vivarium.persistence.purge.Purge;
import io.vivarium.persistence.recovery.DiskProbe;
import io.vivarium.persistence.recovery.MemberHistory;
import io.vivarium.persistence.recovery.MemberRecovery;
import io.vivarium.persistence.recovery.Peers;
import io.vivarium.persistence.recovery.RecoveryConfig;
import io.vivarium.persistence.snapshot.LoadProgress;
import io.vivarium.persistence.snapshot.SnapshotConfig;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.quorum.history.HistoryParts;
import io.vivarium.server.quorum.history.HistoryStore;
import io.vivarium.server.quorum.history.HistoryTransfer;
import io.vivarium.server.quorum.history.LogHistory;
import io.vivarium.server.quorum.history.RecentTxns;
import io.vivarium.server.quorum.history.ReopenPace;
import io.vivarium.server.quorum.history.StoreListener;
import io.vivarium.server.quorum.zab.SyncConfig;
import io.vivarium.server.quorum.zab.SyncPlanner;
import io.vivarium.testkit.sim.EventScheduler;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The threads {@code journal} and {@code snapshot} of one process, on virtual time: what is asked is done a while later, all
 * that waits at once.
 *
 * <p>The while is the time of a sync, so what is asked is lost with the power until it is over. Thread: the test's.
 */
final class MemberDisk {
    private static final JournalConfig JOURNAL =
            new JournalConfig(64 << 10, 4 << 10, JournalConfig.Durability.SYNC, MemberTree.MAX_FIELD_BYTES, 4096);
    private static final long MIN_SYNC_NANOS = 100_000;
    private static final long MAX_SNAPSHOT_PAUSE_NANOS = 200_000_000;
    private static final int RETAINED_SNAPSHOTS = 3;
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    private final SimMachine machine;
    private final SimProcess process;
    private final EventScheduler scheduler;
    private final ReopenPace pace = new ReopenPace();
    private final MemberTree tree;
    private final SnapshotWriter writer;
    private final MemberRecovery recovery;
    private final Consumer<Throwable> failed;
    private final Consumer<HistoryStore.Reopened> reopened;
    private final Supplier<JournalLoop> journals;
    private JournalLoop journal;
    private final HistoryStore store;
    private final long maxSyncNanos;
    private boolean stepPlanned;
    private boolean snapshotPlanned;

    /** What the start found. */
    final MemberHistory found;
    /** The newest transactions that were replayed. */
    final RecentTxns recent;

    /**
     * Reads what is on the disk into the tree.
     *
     * @param replayed told of each transaction of the log
     * @param reopened told that the disk failed and can be used again
     */
    MemberDisk(
            SimMachine machine,
            SimProcess process,
            EventScheduler scheduler,
            MemberTree tree,
            ClusterConfig config,
            Consumer<LoggedTxn> replayed,
            JournalListener journalListener,
            StoreListener storeListener,
            Consumer<HistoryStore.Reopened> reopened,
            Consumer<Throwable> failed)
            throws IOException {
        this.machine = machine;
        this.process = process;
        this.scheduler = scheduler;
        this.tree = tree;
        this.recent = new RecentTxns(config.commitLog());
        this.maxSyncNanos = config.maxSyncMillis() * 1_000_000L;
        this.reopened = reopened;
        this.failed = failed;
        this.writer = new SnapshotWriter(machine.disk, machine.directories.snapshots(), SnapshotConfig.DEFAULT);
        this.recovery = new MemberRecovery(
                machine.disk,
                machine.directories,
                RecoveryConfig.DEFAULT,
                LoadProgress.SILENT,
                config.voters() == 1 && machine.sid == 1 ? Peers.NONE : Peers.SOME);
        this.found = recovery.recover(tree.loader, txn -> {
            tree.loader.apply(txn);
            recent.apply(txn);
            replayed.accept(txn);
        });
        if (found.needsSnapshot()) {
            writer.write(tree.view());
        }
        this.journals = () -> new JournalLoop(
                new SegmentedJournal(machine.disk, machine.directories.logs(), JOURNAL, tree.tree.lastZxid()),
                FlushPolicy.DEFAULT,
                new RollPolicy(config.snapCount(), 0, 0, machine.dice),
                journalListener,
                scheduler::nowNanos,
                1_000,
                JournalMeter.NONE);
        this.journal = journals.get();
        this.store = new HistoryStore(
                new HistoryParts(
                        machine.disk,
                        machine.directories,
                        MemberTree.MAX_FIELD_BYTES,
                        config.commitLog(),
                        recovery,
                        tree.loader,
                        txn -> {
                            tree.loader.apply(txn);
                            replayed.accept(txn);
                        },
                        tree.gate,
                        tree.claim,
                        writer,
                        tree::view),
                this::execute,
                storeListener);
    }

    HistoryStore store() {
        return store;
    }

    /** What sends histories from this disk. */
    HistoryTransfer transfer(SyncConfig config) {
        return new HistoryTransfer(
                new SyncPlanner(config),
                new LogHistory(machine.disk, machine.directories, MemberTree.MAX_FIELD_BYTES),
                new JournalReader(machine.disk, machine.directories.logs(), MemberTree.MAX_FIELD_BYTES),
                tree::view);
    }

    void append(long zxid, byte[] payload) {
        journal.submit(zxid, payload);
        planStep();
    }

    /** As the thread {@code disk} does: again and again, until the disk can be written. */
    void reopen(long acknowledgedZxid) {
        pace.begin(scheduler.nowNanos());
        store.claimTree();
        tryToReopen(journal.durableZxid(), acknowledgedZxid);
    }

    /** What {@code DiskReopening} does between two pauses. */
    private void tryToReopen(long durableZxid, long acknowledged) {
        process.after(pace.pauseNanos(), () -> {
            HistoryStore.Reopened history;
            try {
                new DiskProbe(machine.disk, machine.directories, RecoveryConfig.DEFAULT, 0).check();
                history = store.reopen(durableZxid, acknowledged);
            } catch (IOException | UncheckedIOException e) {
                if (machine.diskMayFail && !isPowerGone(e)) {
                    pace.failed(scheduler.nowNanos());
                    tryToReopen(durableZxid, acknowledged);
                } else {
                    failed.accept(e);
                }
                return;
            }
            pace.succeeded(scheduler.nowNanos());
            journal = journals.get();
            reopened.accept(history);
        });
    }

    /** Whether that was the last thing the process has seen. */
    static boolean isPowerGone(Throwable cause) {
        return "the power is gone".equals(cause.getMessage());
    }

    private void execute(JournalTask task) {
        journal.execute(task);
        planStep();
    }

    private void planStep() {
        if (stepPlanned) {
            return;
        }
        stepPlanned = true;
        process.after(machine.dice.nextLong(MIN_SYNC_NANOS, maxSyncNanos) + machine.slowDiskNanos, () -> {
            stepPlanned = false;
            while (journal.step() == JournalLoop.Progress.WORKED) {
                // All that waits.
            }
        });
    }

    /** As the thread {@code snapshot} does: one at a time, and a purge behind it. */
    void snapshotDue() {
        if (snapshotPlanned) {
            return;
        }
        snapshotPlanned = true;
        process.after(machine.dice.nextLong(MAX_SNAPSHOT_PAUSE_NANOS), () -> {
            snapshotPlanned = false;
            try {
                tree.claim.run(() -> writer.write(tree.claim.watched(tree.view())));
                tree.claim.run(() -> new Purge(
                                machine.disk,
                                machine.directories.snapshots(),
                                machine.directories.logs(),
                                machine.wallClock())
                        .run(RETAINED_SNAPSHOTS, NOWHERE));
            } catch (IOException e) {
                // Tried again with the next one that is due, as long as it is only the disk.
                if (!machine.diskMayFail || isPowerGone(e)) {
                    failed.accept(e);
                }
            }
        });
    }

    /** One snapshot now, and nothing else. */
    void writeSnapshot() {
        try {
            writer.write(tree.view());
        } catch (IOException e) {
            failed.accept(e);
        }
    }
}
