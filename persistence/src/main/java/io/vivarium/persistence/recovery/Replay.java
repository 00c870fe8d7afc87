/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.journal.Remains;
import io.vivarium.persistence.journal.SegmentEnd;
import io.vivarium.persistence.journal.SegmentFile;
import io.vivarium.persistence.journal.SegmentReader;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.txn.LoggedTxn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Step 4 of the start: every record behind the snapshot goes to the tree (spec persistence 2.4, 2.5, 6.1).
 *
 * <p>Thread: {@code main}. Used once.
 */
final class Replay {
    private final Disk disk;
    private final Path directory;
    private final int maxRecordBytes;
    private final TxnSink sink;
    private final List<String> notes;
    private final long fromZxid;
    private final Continuity continuity;
    private long replayed;
    private String tear = "";

    /** @param snapshotZxid state of the tree so far; 0 if it is a fresh one */
    Replay(Disk disk, Path directory, int maxRecordBytes, TxnSink sink, List<String> notes, long snapshotZxid) {
        this.disk = disk;
        this.directory = directory;
        this.maxRecordBytes = maxRecordBytes;
        this.sink = sink;
        this.notes = notes;
        this.fromZxid = snapshotZxid + 1;
        this.continuity = new Continuity(snapshotZxid);
    }

    long replayed() {
        return replayed;
    }

    long lastZxid() {
        return continuity.last();
    }

    void run() throws IOException {
        List<SegmentFile> files = SegmentFile.listFrom(disk, directory, fromZxid);
        for (int i = 0; i < files.size(); i++) {
            Path path = files.get(i).path();
            RecoveryDecision.Place place =
                    i == files.size() - 1 ? RecoveryDecision.Place.NEWEST : RecoveryDecision.Place.OLDER;
            try (SegmentReader reader = SegmentReader.open(disk, path, maxRecordBytes)) {
                while (reader.next()) {
                    if (reader.zxid() >= fromZxid) {
                        apply(reader);
                    }
                }
                finish(reader, place);
            }
        }
    }

    private void apply(SegmentReader reader) throws RecoveryException {
        LoggedTxn txn;
        try {
            txn = LoggedTxn.read(reader.payload().slice(), maxRecordBytes);
        } catch (MalformedDataException e) {
            // The checksum fits, so this is what was written: no cut-off write, and no reason to go on without it.
            throw RecoveryException.atRecord(
                    reader.path(),
                    reader.offset(),
                    "record " + Zxid.toString(reader.zxid()) + " cannot be read: " + e.getMessage(),
                    remedy());
        }
        switch (continuity.next(reader.zxid())) {
            case GAP:
                throw gap(reader);
            case BACK:
                notes.add(reader.path() + " at offset " + reader.offset() + ": record " + Zxid.toString(reader.zxid())
                        + " is not above the last one, " + Zxid.toString(continuity.last())
                        + "; it is applied again, which changes nothing that it changed before");
                break;
            case NEXT:
                break;
        }
        sink.apply(txn);
        replayed++;
    }

    private RecoveryException gap(SegmentReader reader) {
        boolean sameEpoch = Zxid.epoch(reader.zxid()) == Zxid.epoch(continuity.last());
        String what = "Committed proposal cached out of order: " + Zxid.toString(reader.zxid())
                + " is not the next proposal of " + Zxid.toString(continuity.last())
                + (sameEpoch ? "; the records between them are missing" : "; records between them may be missing");
        if (replayed == 0) {
            what += " (the state before it comes from the snapshot, or is empty if there is none)";
        }
        if (!tear.isEmpty()) {
            what += " (they may have stood in " + tear + ")";
        }
        return RecoveryException.atRecord(
                reader.path(),
                reader.offset(),
                what,
                "Bring back the missing log file, or a snapshot at or behind the gap; if this server is a member of an"
                        + " ensemble with a healthy quorum, move its data directory away and let it sync from the leader");
    }

    private void finish(SegmentReader reader, RecoveryDecision.Place place) throws IOException {
        SegmentEnd end = reader.end();
        Remains remains = isSearched(end) ? Remains.behind(reader, maxRecordBytes) : Remains.NOTHING;
        String where = reader.path() + " at offset " + reader.offset();
        switch (RecoveryDecision.atSegmentEnd(end, place, remains)) {
            case GO_ON:
                return;
            case NOTE:
                tear = where + ": " + reader.endDetail();
                continuity.torn();
                notes.add(tear + ", behind " + Zxid.toString(continuity.last())
                        + "; dropped as the last write, which was cut off and so never acknowledged: no whole record"
                        + " stands behind it");
                return;
            case DROP_FILE:
                notes.add(where + ": " + reader.endDetail() + "; file deleted: it is the newest and no record in it can"
                        + " have been acknowledged without its header");
                disk.delete(reader.path());
                disk.syncDirectory(directory);
                return;
            case REFUSE:
                throw RecoveryException.atRecord(
                        reader.path(),
                        reader.offset(),
                        reader.endDetail() + " (behind " + Zxid.toString(continuity.last()) + ")"
                                + (remains == Remains.LATER_RECORD
                                        ? "; whole records with greater zxids stand behind it, so this is a hole and not"
                                                + " the end"
                                        : ""),
                        remedy());
        }
    }

    private String remedy() {
        return "If this server is a member of an ensemble with a healthy quorum, move its data directory away and let it"
                + " sync from the leader; otherwise cut the file behind its last good record with the log tool (-c -z "
                + Zxid.toString(continuity.last()) + "), which gives up everything behind it";
    }

    /** Ends behind which a whole record changes the decision. */
    private static boolean isSearched(SegmentEnd end) {
        switch (end) {
            case CLEAN, CUT_SHORT, NO_END_BYTE, BLANK_HEADER:
                return true;
            default:
                return false;
        }
    }
}
