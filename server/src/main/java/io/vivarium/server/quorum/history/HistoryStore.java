/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.persistence.epoch.EpochFiles;
import io.vivarium.persistence.journal.JournalTask;
import io.vivarium.persistence.journal.LogTail;
import io.vivarium.persistence.journal.TxnJournal;
import io.vivarium.persistence.recovery.MemberHistory;
import io.vivarium.persistence.recovery.TrustMark;
import io.vivarium.persistence.snapshot.SnapshotFile;
import io.vivarium.persistence.snapshot.SnapshotSource;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.Resync;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the history of a member on disk, and the tree with it (spec quorum 2.2, 7.1, persistence 2.8).
 *
 * <pre>
 *   storeEpoch       epoch file; with currentEpoch a sync has completed: the mark of distrust goes
 *   truncate z       [mark, if z is not where a cut would end: then nothing else]  snapshots above z, log above z, tree
 *   installSnapshot  [mark, if the old history is not whole up to z]  log and snapshots above z, the new snapshot, then
 *                    what it takes the place of
 *   reload           tree from what is there
 *   reopen           behind a failure: log above what is durable, then as reload, and without a journal
 * </pre>
 *
 * <p>Whatever is interrupted, the next start finds the old history, a prefix of it down to {@code z}, or the new one; or
 * it finds {@link TrustMark} and asks a leader. An image takes the place of all older files, because nothing shows that
 * they lead up to it: an older snapshot with the log that follows the image would be a tree that never was.
 *
 * <p>Thread: methods {@code core} or any other, and none blocks; the work is done as tasks of the journal, so it stands in
 * line with appends. An exception of a task ends the journal.
 */
public final class HistoryStore {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryStore.class);

    /** Between two roles the files are what this process has made of them, or damaged, which recovery sees. */
    private static final long NOTHING_ACKNOWLEDGED = -1;

    private final HistoryParts parts;
    private final Consumer<JournalTask> journalTasks;
    private final StoreListener listener;
    private final EpochFiles epochFiles;
    private final TrustMark mark;

    /** @param journalTasks {@code JournalLoop::execute} */
    public HistoryStore(HistoryParts parts, Consumer<JournalTask> journalTasks, StoreListener listener) {
        this.parts = parts;
        this.journalTasks = journalTasks;
        this.listener = listener;
        this.epochFiles = new EpochFiles(parts.disk(), parts.directories().snapshots());
        this.mark = new TrustMark(parts.disk(), parts.directories());
    }

    /** Replaces an epoch file. Answer: {@link StoreListener#epochStored}. */
    public void storeEpoch(EpochKind kind, long epoch) {
        perform(journal -> {
            if (kind == EpochKind.ACCEPTED) {
                epochFiles.storeAccepted(epoch);
            } else {
                epochFiles.storeCurrent(epoch);
                // The history of this epoch is durable by now, so it can be trusted from here on.
                mark.clear();
            }
            listener.epochStored(kind, epoch);
        });
    }

    /** Removes everything above {@code zxid}. Answer: {@link StoreListener#historyTruncated}. */
    public void truncate(long zxid) {
        perform(journal -> truncate(zxid, journal));
    }

    /**
     * Makes the tree, which stands at {@code zxid} and does not change meanwhile, the history on disk. Answer: {@link
     * StoreListener#snapshotInstalled}.
     */
    public void installSnapshot(long zxid) {
        perform(journal -> install(zxid, journal));
    }

    /** Makes the tree anew from what is on disk. Answer: {@link StoreListener#reloaded}. */
    public void reload() {
        perform(journal -> {
            parts.claim().take();
            settle(journal);
            RecentTxns recent = new RecentTxns(parts.recentTxns());
            MemberHistory history = load(journal, recent);
            parts.claim().end();
            listener.reloaded(history.lastZxid(), resync(history), recent.proposals());
        });
    }

    /**
     * A history that was read again behind a failure.
     *
     * @param lastZxid where it ends
     * @param resync whether it can be shown to a leader
     * @param recent its newest transactions, oldest first
     */
    public record Reopened(long lastZxid, Resync resync, List<Proposal> recent) {}

    /** The disk failed: nobody writes the tree down until {@link #reopen} has made it anew. Thread: any. */
    public void claimTree() {
        parts.claim().claim();
    }

    /**
     * Makes the tree anew from what is on disk behind a failure, without a journal: what was not durable is given up, so that
     * what is left is on the disk and does not only look so.
     *
     * <p>Thread: one that may block, while no journal is at work. May be called again if it fails.
     *
     * @param durableZxid {@link TxnJournal#durableZxid} of the journal that failed
     * @param acknowledgedZxid a history that ends before is marked, and is not to be trusted
     */
    public Reopened reopen(long durableZxid, long acknowledgedZxid) throws IOException {
        parts.claim().take();
        LogTail.keepDurable(parts.disk(), parts.directories().logs(), durableZxid, parts.maxRecordBytes());
        RecentTxns recent = new RecentTxns(parts.recentTxns());
        MemberHistory history = recover(recent, acknowledgedZxid);
        if (history.needsSnapshot()) {
            parts.writer().write(parts.source().get());
        }
        parts.claim().end();
        return new Reopened(history.lastZxid(), resync(history), recent.proposals());
    }

    /** Answer: {@link StoreListener#quiesced}, behind all answers to what was asked before. */
    public void quiesce() {
        perform(journal -> listener.quiesced());
    }

    /** How a history presents itself to a leader. */
    public static Resync resync(MemberHistory history) {
        return history.trust() == MemberHistory.Trust.TRUSTED ? Resync.FROM_HISTORY : Resync.FROM_SNAPSHOT;
    }

    private void perform(JournalTask task) {
        journalTasks.accept(journal -> {
            try {
                task.run(journal);
            } catch (IOException | RuntimeException | Error e) {
                listener.failed(e);
                throw e;
            }
        });
    }

    private void truncate(long zxid, TxnJournal journal) throws IOException {
        parts.claim().take();
        settle(journal);
        LogPrefix prefix = prefix(zxid, journal);
        if (!prefix.endsAt(zxid)) {
            mark.set("The history could not be cut back to " + Zxid.toString(zxid) + ": what is left would begin at "
                    + Zxid.toString(prefix.base()) + " and end at " + Zxid.toString(prefix.last()));
            LOG.warn(
                    "The history cannot be cut back to {}: from the newest snapshot below, {}, the log leads to {}. It"
                            + " stays as it is, and the leader is asked for an image",
                    Zxid.toString(zxid),
                    Zxid.toString(prefix.base()),
                    Zxid.toString(prefix.last()));
            parts.claim().end();
            listener.historyTruncated(notCut(zxid, journal.lastZxid()), List.of());
            return;
        }
        if (!SnapshotFile.deleteAbove(parts.disk(), parts.directories().snapshots(), zxid)) {
            throw new IOException("the snapshot of " + Zxid.toString(prefix.base()) + " in "
                    + parts.directories().snapshots() + " has gone while the history was cut back to "
                    + Zxid.toString(zxid));
        }
        journal.truncateAfter(zxid);
        RecentTxns recent = new RecentTxns(parts.recentTxns());
        MemberHistory history = load(journal, recent);
        parts.claim().end();
        if (history.lastZxid() != prefix.last()) {
            // Damage that came to light only now; what was found is in the log, and the mark is set if it matters.
            mark.set("The history was cut back to " + Zxid.toString(zxid) + " and reads to "
                    + Zxid.toString(history.lastZxid()));
            listener.historyTruncated(notCut(zxid, history.lastZxid()), List.of());
            return;
        }
        LOG.info("History cut back to {}, as the leader asks", Zxid.toString(zxid));
        listener.historyTruncated(history.lastZxid(), recent.proposals());
    }

    /** An answer that no core takes for the end it asked for, be that an epoch's start or a transaction. */
    private static long notCut(long zxid, long last) {
        return Math.max(last, zxid + 1);
    }

    private void install(long zxid, TxnJournal journal) throws IOException {
        parts.claim().take();
        SnapshotSource source = parts.source().get();
        if (source.lastZxid() != zxid) {
            throw new IllegalStateException("the tree stands at " + Zxid.toString(source.lastZxid())
                    + " where a snapshot of " + Zxid.toString(zxid) + " is to be installed");
        }
        settle(journal);
        giveUpAbove(zxid, journal);
        SnapshotWriter.Written written = parts.writer().write(source);
        journal.truncateAfter(-1);
        deleteAllBut(written.file());
        parts.claim().end();
        LOG.info("Image of {} installed, {} bytes: {}", Zxid.toString(zxid), written.bytes(), written.file());
        listener.snapshotInstalled(zxid);
    }

    /** Leaves the old history up to {@code zxid}, so that nothing of it would be taken for what follows the image. */
    private void giveUpAbove(long zxid, TxnJournal journal) throws IOException {
        if (prefix(zxid, journal).whole()) {
            SnapshotFile.deleteAbove(parts.disk(), parts.directories().snapshots(), zxid);
            journal.truncateAfter(zxid);
            return;
        }
        if (journal.lastZxid() > 0 || !snapshots().isEmpty()) {
            mark.set("The history here was to be replaced by an image of " + Zxid.toString(zxid)
                    + ", and is not whole up to there");
        }
        journal.truncateAfter(-1);
    }

    private void deleteAllBut(Path kept) throws IOException {
        for (SnapshotFile file : snapshots()) {
            if (!file.path().equals(kept)) {
                parts.disk().delete(file.path());
            }
        }
        parts.disk().syncDirectory(parts.directories().snapshots());
    }

    private List<SnapshotFile> snapshots() throws IOException {
        return SnapshotFile.list(parts.disk(), parts.directories().snapshots());
    }

    private LogPrefix prefix(long zxid, TxnJournal journal) throws IOException {
        return LogPrefix.upTo(parts.disk(), parts.directories(), zxid, journal.lastZxid(), parts.maxRecordBytes());
    }

    /** Every record is durable and no file is open, so files are what they seem to be. */
    private static void settle(TxnJournal journal) throws IOException {
        journal.roll();
        journal.sync();
    }

    private MemberHistory recover(RecentTxns recent, long acknowledgedZxid) throws IOException {
        long stamp = parts.gate().enterExclusive();
        try {
            return parts.recovery()
                    .recover(
                            parts.tree(),
                            txn -> {
                                parts.txns().apply(txn);
                                recent.apply(txn);
                            },
                            acknowledgedZxid);
        } finally {
            parts.gate().leaveExclusive(stamp);
        }
    }

    private MemberHistory load(TxnJournal journal, RecentTxns recent) throws IOException {
        MemberHistory history = recover(recent, NOTHING_ACKNOWLEDGED);
        // The journal's own position follows the files, of which some may be gone.
        journal.truncateAfter(history.lastZxid());
        if (history.needsSnapshot()) {
            parts.writer().write(parts.source().get());
        }
        return history;
    }
}
