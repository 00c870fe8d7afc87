/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.journal.DamagedJournalException;
import io.vivarium.persistence.journal.JournalCursor;
import io.vivarium.persistence.journal.JournalReader;
import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.persistence.snapshot.SnapshotFile;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;

/**
 * What of a history on disk would be left if everything above some zxid were taken away; looked at before it is.
 *
 * <p>Taking away is allowed to shorten a history only to where it was asked to. If a record below has rotted, a cut there
 * would silently take what this member has acknowledged; then nothing is cut (spec quorum 7.1).
 *
 * @param base zxid of the snapshot to start from; -1 if there is none
 * @param last zxid of the last transaction that would be left
 * @param whole true if nothing below is missing as far as can be told
 */
record LogPrefix(long base, long last, boolean whole) {

    /**
     * Reads the log from the newest snapshot at or below {@code zxid}. Thread: {@code journal}; nothing may be unsynced.
     *
     * @param journalLast last zxid that the journal has written or found
     */
    static LogPrefix upTo(Disk disk, DataDirectories directories, long zxid, long journalLast, int maxRecordBytes)
            throws IOException {
        long base = base(disk, directories, zxid);
        if (base < 0) {
            return new LogPrefix(base, -1, false);
        }
        long last = base;
        boolean above = false;
        JournalReader reader = new JournalReader(disk, directories.logs(), maxRecordBytes);
        try (JournalCursor cursor = reader.read(base + 1, Long.MAX_VALUE)) {
            while (!above && cursor.next()) {
                above = cursor.zxid() > zxid;
                if (!above) {
                    if (!follows(cursor.zxid(), last)) {
                        return new LogPrefix(base, last, false);
                    }
                    last = cursor.zxid();
                }
            }
        } catch (DamagedJournalException e) {
            // Behind the asked zxid damage does not matter, but then the record above would have been met before it.
            return new LogPrefix(base, last, last == zxid);
        }
        // A reader takes a record with a broken end for the end; the journal knows better.
        return new LogPrefix(base, last, above || last == zxid || last >= journalLast);
    }

    private static long base(Disk disk, DataDirectories directories, long zxid) throws IOException {
        for (SnapshotFile file : SnapshotFile.list(disk, directories.snapshots())) {
            if (file.zxid() <= zxid && file.isPlausible(disk)) {
                return file.zxid();
            }
        }
        return -1;
    }

    private static boolean follows(long zxid, long last) {
        return zxid == last + 1 || Zxid.epoch(zxid) > Zxid.epoch(last);
    }

    /** Whether a cut would end exactly at {@code zxid}; no transaction has the number of an epoch's start. */
    boolean endsAt(long zxid) {
        return whole && (last == zxid || Zxid.counter(zxid) == 0);
    }
}
