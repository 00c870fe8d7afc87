/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.epoch.EpochDecision;
import io.vivarium.persistence.epoch.EpochFiles;
import io.vivarium.persistence.epoch.StoredEpoch;
import io.vivarium.persistence.journal.LogTail;
import io.vivarium.persistence.journal.SegmentFile;
import io.vivarium.persistence.snapshot.LoadProgress;
import io.vivarium.persistence.snapshot.SnapshotFile;
import io.vivarium.persistence.snapshot.SnapshotSink;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start of a member of an ensemble, and the same again between two roles (spec persistence 6.1, quorum 2.2, 2.3).
 *
 * <pre>
 *   Recovery --&gt; MemberDecision: trust, distrust, put aside, refuse --&gt; EpochDecision --&gt; MemberHistory
 * </pre>
 *
 * <p>Thread: {@code main} at start, {@code journal} later, {@code disk} behind a failure. What it gives up it marks first,
 * durably ({@link TrustMark}), so that no crash makes a poorer history look like a whole one; what it puts aside it never
 * deletes ({@link KeptAside}).
 */
public final class MemberRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(MemberRecovery.class);
    private static final long NOTHING_ACKNOWLEDGED = -1;
    private static final String WAITS =
            ". This member takes part in no election and counts in no quorum until a leader has sent it a history";

    private final Disk disk;
    private final DataDirectories directories;
    private final int maxRecordBytes;
    private final Recovery recovery;
    private final EpochFiles epochFiles;
    private final TrustMark mark;
    private final Peers peers;

    public MemberRecovery(
            Disk disk, DataDirectories directories, RecoveryConfig config, LoadProgress progress, Peers peers) {
        this.disk = disk;
        this.directories = directories;
        this.maxRecordBytes = config.maxRecordBytes();
        this.recovery = new Recovery(disk, directories, config, progress);
        this.epochFiles = new EpochFiles(disk, directories.snapshots());
        this.mark = new TrustMark(disk, directories);
        this.peers = peers;
    }

    /** What the files gave: a result, or why there is none. */
    private record Attempt(
            MemberDecision.Found found,
            @Nullable RecoveryResult result,
            String words,
            List<Path> skipped,
            @Nullable RecoveryException refusal) {}

    /**
     * As {@link #recover(SnapshotSink, TxnSink, long)} for a process that has acknowledged nothing yet, and knows nothing of
     * what the disk told the one before.
     */
    public MemberHistory recover(SnapshotSink tree, TxnSink txns) throws IOException {
        MemberHistory history = recover(tree, txns, NOTHING_ACKNOWLEDGED);
        LogTail.writeAgain(disk, directories.logs(), maxRecordBytes);
        return history;
    }

    /**
     * Fills a tree from the files, and settles the epoch files. The log is as durable as it was read when this returns.
     *
     * @param acknowledgedZxid up to where the history is known to have been durable; less than that is not trusted
     * @throws RecoveryException if neither these files nor peers can give a history
     */
    public MemberHistory recover(SnapshotSink tree, TxnSink txns, long acknowledgedZxid) throws IOException {
        Attempt attempt = attempt(tree, txns, acknowledgedZxid);
        // A process that was killed leaves records that only the page cache has; nobody may be shown those.
        LogTail.sync(disk, directories.logs());
        MemberDecision.Mark marked = mark.isSet() ? MemberDecision.Mark.PRESENT : MemberDecision.Mark.ABSENT;
        MemberDecision decision = MemberDecision.of(attempt.found(), marked, peers);
        RecoveryResult result = attempt.result();
        switch (decision) {
            case SET_ALL_ASIDE:
                result = beginWithNothing(attempt, tree, txns);
                break;
            case SET_SNAPSHOTS_ASIDE:
                LOG.warn(
                        "{}; the log leads through all of them, so nothing is lost. They are kept as {}",
                        attempt.words(),
                        names(KeptAside.put(disk, directories, attempt.skipped())));
                break;
            case DISTRUST:
                mark.set(attempt.words());
                LOG.warn(
                        "{} ({} stands beside the epoch files){}",
                        marked == MemberDecision.Mark.PRESENT
                                ? "A former start or sync found the history incomplete"
                                : attempt.words(),
                        mark.file(),
                        WAITS);
                break;
            case WAIT:
                LOG.info("There is no database in {} and none may be made here{}", directories.snapshots(), WAITS);
                break;
            case REFUSE:
                throw refusal(attempt, marked);
            case TRUST:
                break;
        }
        if (result == null) {
            throw new IllegalStateException(decision + " without a history");
        }
        boolean trusted = decision == MemberDecision.TRUST || decision == MemberDecision.SET_SNAPSHOTS_ASIDE;
        return withEpochs(result, trusted);
    }

    private Attempt attempt(SnapshotSink tree, TxnSink txns, long acknowledgedZxid) throws IOException {
        List<SnapshotFile> snapshots = SnapshotFile.list(disk, directories.snapshots());
        Set<Long> unseen = new HashSet<>();
        snapshots.forEach(file -> unseen.add(file.zxid()));
        RecoveryResult result;
        try {
            result = recovery.recover(tree, txn -> {
                unseen.remove(txn.zxid());
                txns.apply(txn);
            });
        } catch (RecoveryException e) {
            if (e.fault() == RecoveryException.Fault.DIRECTORY) {
                throw e;
            }
            return new Attempt(MemberDecision.Found.DAMAGED, null, String.valueOf(e.getMessage()), List.of(), e);
        }
        Attempt judged = judge(result, snapshots, unseen);
        return result.lastZxid() < acknowledgedZxid ? lacking(judged, result, acknowledgedZxid) : judged;
    }

    /** What was found is whole in itself, and still not what it was. */
    private Attempt lacking(Attempt judged, RecoveryResult result, long acknowledgedZxid) {
        String words = "The history in " + directories.snapshots() + " and " + directories.logs() + " ends at "
                + Zxid.toString(result.lastZxid()) + ", and this server has acknowledged up to "
                + Zxid.toString(acknowledgedZxid);
        switch (judged.found()) {
            case SOUND:
                return new Attempt(MemberDecision.Found.VANISHED, result, words, List.of(), null);
            case FELL_BACK:
                return new Attempt(
                        MemberDecision.Found.BROKEN_OFF, result, judged.words() + ". " + words, judged.skipped(), null);
            default:
                return judged;
        }
    }

    private Attempt judge(RecoveryResult result, List<SnapshotFile> snapshots, Set<Long> unseen) throws IOException {
        if (result.start() == RecoveryResult.Start.WAIT_FOR_LEADER) {
            return new Attempt(MemberDecision.Found.WAITING, result, "there is no database", List.of(), null);
        }
        StoredEpoch current = epochFiles.current();
        if (result.start() == RecoveryResult.Start.NEW_DATABASE && current.epoch() > 0) {
            return new Attempt(
                    MemberDecision.Found.VANISHED,
                    result,
                    "There is neither snapshot nor log in " + directories.snapshots() + " and " + directories.logs()
                            + ", but " + EpochFiles.CURRENT + " says that this server had the history of epoch "
                            + current,
                    List.of(),
                    null);
        }
        List<SnapshotFile> newer = snapshots.stream()
                .filter(file -> file.zxid() > result.snapshotZxid())
                .filter(file -> disk.exists(file.path()))
                .toList();
        if (newer.isEmpty()) {
            return new Attempt(MemberDecision.Found.SOUND, result, "", List.of(), null);
        }
        List<Path> skipped = newer.stream().map(SnapshotFile::path).toList();
        String words = "Snapshots " + names(skipped) + " are damaged";
        boolean bridged = newer.stream().noneMatch(file -> unseen.contains(file.zxid()));
        return bridged
                ? new Attempt(MemberDecision.Found.FELL_BACK, result, words, skipped, null)
                : new Attempt(
                        MemberDecision.Found.BROKEN_OFF,
                        result,
                        words + ", and the log behind the older one, up to " + Zxid.toString(result.lastZxid())
                                + ", does not lead through them",
                        skipped,
                        null);
    }

    /** The mark first, then the newest file first: a crash leaves a marked directory with fewer files in it. */
    private RecoveryResult beginWithNothing(Attempt attempt, SnapshotSink tree, TxnSink txns) throws IOException {
        mark.set(attempt.words());
        List<Path> files = new ArrayList<>();
        List<SegmentFile> logs = new ArrayList<>(SegmentFile.list(disk, directories.logs()));
        Collections.reverse(logs);
        logs.forEach(file -> files.add(file.path()));
        SnapshotFile.list(disk, directories.snapshots()).forEach(file -> files.add(file.path()));
        List<Path> kept = KeptAside.put(disk, directories, files);
        LOG.error(
                "The history of this member cannot be used: {}. Kept aside, to be deleted by hand: {} ({} tells the same"
                        + " to the next start){}",
                attempt.words(),
                names(kept),
                mark.file(),
                WAITS);
        return recovery.recover(tree, txns);
    }

    private RecoveryException refusal(Attempt attempt, MemberDecision.Mark marked) {
        if (attempt.refusal() != null) {
            return attempt.refusal();
        }
        String what = marked == MemberDecision.Mark.PRESENT
                ? mark.file() + " says that the history here may lack what this server has acknowledged"
                : attempt.words();
        return new RecoveryException(
                RecoveryException.Fault.DATABASE,
                what
                        + ", and no other member votes that could hold it. Bring back the files from a backup; or, to go on"
                        + " with what is here and lose the rest, remove "
                        + mark.file().getFileName() + ", "
                        + EpochFiles.CURRENT + " and " + EpochFiles.ACCEPTED + " in " + directories.snapshots());
    }

    private MemberHistory withEpochs(RecoveryResult result, boolean trusted) throws IOException {
        StoredEpoch current = epochFiles.current();
        StoredEpoch accepted = epochFiles.accepted();
        // A member that must not vote stands at -1, which belongs to no epoch.
        long zxidEpoch = Math.max(0, Zxid.epoch(result.lastZxid()));
        EpochDecision decision = EpochDecision.of(current, accepted, zxidEpoch);
        boolean lost = decision.promises() == EpochDecision.Promises.LOST;
        if (lost) {
            if (peers == Peers.NONE) {
                throw new RecoveryException(
                        RecoveryException.Fault.DATABASE,
                        "The epoch files in " + directories.snapshots() + " contradict each other or the log: "
                                + decision.note() + ", and no other member votes that could tell the truth. Remove "
                                + EpochFiles.CURRENT + " and " + EpochFiles.ACCEPTED
                                + " to take both from the history");
            }
            mark.set(decision.note());
            LOG.error(
                    "The epoch files contradict each other or the log: {}. They say {} and {} now{}{}",
                    decision.note(),
                    decision.current(),
                    decision.accepted(),
                    keepUnreadable(current, accepted),
                    WAITS);
        } else if (!decision.note().isEmpty()) {
            LOG.info(
                    "Epoch files: {}; going on with {} and {}",
                    decision.note(),
                    decision.current(),
                    decision.accepted());
        }
        epochFiles.settle(decision);
        return new MemberHistory(
                result.lastZxid(),
                decision.current(),
                decision.accepted(),
                trusted && !lost ? MemberHistory.Trust.TRUSTED : MemberHistory.Trust.UNTRUSTED,
                result.start());
    }

    /** Epoch files that hold no epoch are evidence, too. */
    private String keepUnreadable(StoredEpoch current, StoredEpoch accepted) throws IOException {
        List<Path> files = new ArrayList<>();
        if (current.state() == StoredEpoch.State.UNREADABLE) {
            files.add(directories.snapshots().resolve(EpochFiles.CURRENT));
        }
        if (accepted.state() == StoredEpoch.State.UNREADABLE) {
            files.add(directories.snapshots().resolve(EpochFiles.ACCEPTED));
        }
        return files.isEmpty() ? "" : ", kept aside as " + names(KeptAside.put(disk, directories, files));
    }

    private static String names(List<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
