/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.journal.LogTail;
import io.vivarium.persistence.journal.SegmentFile;
import io.vivarium.persistence.snapshot.LoadProgress;
import io.vivarium.persistence.snapshot.SnapshotFile;
import io.vivarium.persistence.snapshot.SnapshotReader;
import io.vivarium.persistence.snapshot.SnapshotSink;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start of a server up to a tree in memory (spec persistence 6.1, steps 1 to 5).
 *
 * <pre>
 *   directories fit? -> newest snapshot that reads to its end -> records behind it, in order -> lastZxid
 *                          | none: EmptyStart                       | damage: RecoveryDecision
 * </pre>
 *
 * <p>Thread: {@code main}. Blocks for as long as the files are large. May be run again, for instance after a truncation.
 * Writes nothing but: missing directories, the {@code initialize} marker (deleted when it was needed), log files without
 * a header (deleted), snapshots and copies of logs that were never finished (deleted), and what a {@link Replacement} has
 * begun (finished).
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    /** Older ones are not tried (spec persistence 4.7). */
    private static final int MAX_CANDIDATES = 100;

    private static final long NO_SNAPSHOT = -1;

    private final Disk disk;
    private final DataDirectories directories;
    private final RecoveryConfig config;
    private final LoadProgress progress;

    public Recovery(Disk disk, DataDirectories directories, RecoveryConfig config, LoadProgress progress) {
        this.disk = disk;
        this.directories = directories;
        this.config = config;
        this.progress = progress;
    }

    /**
     * Fills a tree from the files.
     *
     * @throws RecoveryException if the start must not go on; the tree is then in no defined state
     */
    public RecoveryResult recover(SnapshotSink tree, TxnSink txns) throws IOException {
        directories.check(disk, config);
        SnapshotWriter.deleteUnfinished(disk, directories.snapshots());
        LogTail.deleteUnfinished(disk, directories.logs());
        Replacement.finish(disk, directories);
        List<String> notes = new ArrayList<>();
        long snapshotZxid = loadSnapshot(tree, notes);
        RecoveryResult result =
                snapshotZxid == NO_SNAPSHOT ? startEmpty(tree, txns, notes) : replay(txns, snapshotZxid, notes);
        notes.forEach(LOG::warn);
        LOG.info(
                "Database stands at {}: snapshot {}, {} records replayed",
                Zxid.toString(result.lastZxid()),
                snapshotZxid == NO_SNAPSHOT ? "none" : Zxid.toString(snapshotZxid),
                result.replayed());
        return result;
    }

    private long loadSnapshot(SnapshotSink tree, List<String> notes) throws IOException {
        List<SnapshotFile> candidates = SnapshotFile.listPlausible(disk, directories.snapshots(), MAX_CANDIDATES);
        noteUnfinished(candidates, notes);
        if (candidates.isEmpty()) {
            return NO_SNAPSHOT;
        }
        SnapshotReader reader = new SnapshotReader(disk, config.maxRecordBytes(), progress);
        IOException first = null;
        for (SnapshotFile candidate : candidates) {
            tree.clear();
            try {
                reader.read(candidate, tree);
                return candidate.zxid();
            } catch (IOException e) {
                notes.add("Snapshot left out, an older one and the log are used instead: " + e.getMessage());
                first = first == null ? e : first;
            }
        }
        notes.forEach(LOG::warn);
        throw new RecoveryException(
                RecoveryException.Fault.DATABASE,
                "Not able to find valid snapshots in " + directories.snapshots() + ": none of " + candidates.size()
                        + " can be read to its end. Bring one back from a backup together with the logs behind it; if this"
                        + " server is a member of an ensemble with a healthy quorum, move its data directory away and let"
                        + " it sync from the leader",
                first);
    }

    /** Newer files that do not even end like a snapshot are worth a line: the start leans on older ones. */
    private void noteUnfinished(List<SnapshotFile> candidates, List<String> notes) throws IOException {
        for (SnapshotFile file : SnapshotFile.list(disk, directories.snapshots())) {
            if (candidates.contains(file)) {
                return;
            }
            notes.add("Snapshot left out, an older one and the log are used instead: " + file.path()
                    + " was not written to its end (" + disk.size(file.path()) + " bytes)");
        }
    }

    private RecoveryResult startEmpty(SnapshotSink tree, TxnSink txns, List<String> notes) throws IOException {
        tree.clear();
        tree.fresh();
        Path marker = directories.initializeMarker();
        EmptyStart start = EmptyStart.of(
                SegmentFile.list(disk, directories.logs()).isEmpty() ? EmptyStart.Logs.NONE : EmptyStart.Logs.SOME,
                disk.exists(marker) ? EmptyStart.Marker.PRESENT : EmptyStart.Marker.ABSENT,
                config);
        switch (start) {
            case REPLAY:
                notes.add("No snapshot in " + directories.snapshots()
                        + "; the logs are replayed from nothing, as zookeeper.snapshot.trust.empty asks");
                return replayFromNothing(txns, notes);
            case NEW_DATABASE:
                disk.delete(marker);
                return new RecoveryResult(0, NO_SNAPSHOT, 0, RecoveryResult.Start.NEW_DATABASE, notes);
            case WAIT_FOR_LEADER:
                return new RecoveryResult(-1, NO_SNAPSHOT, 0, RecoveryResult.Start.WAIT_FOR_LEADER, notes);
            case REFUSE:
                break;
        }
        throw new RecoveryException(
                RecoveryException.Fault.DATABASE,
                "No snapshot found, but there are log entries. Something is broken! (snapshots in "
                        + directories.snapshots() + ", logs in " + directories.logs()
                        + "). If these logs begin with the very first transaction, as those of a young 3.4 server do, start"
                        + " once with zookeeper.snapshot.trust.empty=true");
    }

    private RecoveryResult replay(TxnSink txns, long snapshotZxid, List<String> notes) throws IOException {
        Replay replay = new Replay(disk, directories.logs(), config.maxRecordBytes(), txns, notes, snapshotZxid);
        replay.run();
        return new RecoveryResult(
                replay.lastZxid(), snapshotZxid, replay.replayed(), RecoveryResult.Start.LOADED, notes);
    }

    private RecoveryResult replayFromNothing(TxnSink txns, List<String> notes) throws IOException {
        Replay replay = new Replay(disk, directories.logs(), config.maxRecordBytes(), txns, notes, 0);
        replay.run();
        return new RecoveryResult(
                replay.lastZxid(), NO_SNAPSHOT, replay.replayed(), RecoveryResult.Start.LOADED_WITHOUT_SNAPSHOT, notes);
    }
}
