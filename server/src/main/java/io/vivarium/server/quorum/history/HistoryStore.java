/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.persistence.epoch.EpochFiles;
import io.vivarium.persistence.journal.JournalTask;
import io.vivarium.persistence.journal.LogTail;
import io.vivarium.persistence.journal.TxnJournal;
import io.vivarium.persistence.recovery.MemberHistory;
import io.vivarium.persistence.recovery.Replacement;
import io.vivarium.persistence.recovery.TrustMark;
import io.vivarium.persistence.snapshot.SnapshotFile;
import io.vivarium.persistence.snapshot.SnapshotSource;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.Resync;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the history of a member on disk, and the tree with it (spec quorum 2.2, 7.1, persistence 2.8).
 *
 * <pre>
 *   storeEpoch       epoch file; with currentEpoch a sync has completed: the mark of distrust goes
 *   truncate z       snapshots above z, log above z, tree; nothing, if a cut would not end at z
 *   installSnapshot  the image, beside the old history; then it takes its place ({@link Replacement})
 *   reload           tree from what is there
 *   reopen           behind a failure: log above what is durable, then as reload, and without a journal
 * </pre>
 *
 * <p>Whatever is interrupted, the next start finds the old history, a prefix of it down to {@code z}, or the new one; or
 * it finds {@link TrustMark} and asks a leader.
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
            // Damage that came to light only now. Whoever opens the disk again finds the mark.
            String words = "The history was cut back to " + Zxid.toString(zxid) + " and reads to "
                    + Zxid.toString(history.lastZxid());
            mark.set(words);
            throw new IOException(words);
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
        SnapshotWriter.Written image = parts.writer().writeReplacement(source);
        journal.truncateAfter(-1);
        Replacement.finish(parts.disk(), parts.directories());
        parts.claim().end();
        LOG.info("Image of {} installed, {} bytes", Zxid.toString(zxid), image.bytes());
        listener.snapshotInstalled(zxid);
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
