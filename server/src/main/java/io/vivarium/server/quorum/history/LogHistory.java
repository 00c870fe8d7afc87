/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.journal.JournalCursor;
import io.vivarium.persistence.journal.JournalReader;
import io.vivarium.persistence.journal.SegmentFile;
import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.persistence.snapshot.SnapshotFile;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.quorum.zab.DiskHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's log on disk, as it stands beside the journal that writes it (spec quorum 4, "Disk walk").
 *
 * <p>Thread: any that sends histories. A file that a purge takes away meanwhile, or that is damaged, ends the
 * history as far as it can be sent.
 */
public final class LogHistory implements DiskHistory {
    private static final Logger LOG = LoggerFactory.getLogger(LogHistory.class);

    private final Disk disk;
    private final DataDirectories directories;
    private final JournalReader reader;

    /** @param maxRecordBytes greatest record that is believed */
    public LogHistory(Disk disk, DataDirectories directories, int maxRecordBytes) {
        this.disk = disk;
        this.directories = directories;
        this.reader = new JournalReader(disk, directories.logs(), maxRecordBytes);
    }

    @Override
    public long newestSnapshotBytes() {
        try {
            List<SnapshotFile> files = SnapshotFile.list(disk, directories.snapshots());
            return files.isEmpty() ? 0 : disk.size(files.get(0).path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long logBytesBehind(long zxid) {
        try {
            long bytes = 0;
            List<SegmentFile> files = filesFrom(zxid);
            for (int i = 1; i < files.size(); i++) {
                bytes += disk.size(files.get(i).path());
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void forEachZxidFrom(long zxid, LongPredicate visitor) {
        try {
            List<SegmentFile> files = filesFrom(zxid);
            if (files.isEmpty()) {
                return;
            }
            try (JournalCursor cursor = reader.read(files.get(0).startZxid(), Long.MAX_VALUE)) {
                while (cursor.next() && visitor.test(cursor.zxid())) {
                    // The visitor did the work.
                }
            }
        } catch (IOException e) {
            // One learner more gets an image. Were its sync to fail, it would ask again, and fail again.
            LOG.warn("The log on disk cannot be sent to a learner from there on: {}", e.toString());
        }
    }

    /** The start of an epoch is no transaction. */
    @Override
    public boolean hasSnapshotBetween(long zxid, long laterZxid) {
        try {
            return SnapshotFile.list(disk, directories.snapshots()).stream()
                    .mapToLong(SnapshotFile::zxid)
                    .anyMatch(taken -> taken > zxid && taken < laterZxid && Zxid.counter(taken) != 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The newest file whose name is below the zxid, else the oldest; and those behind it. */
    private List<SegmentFile> filesFrom(long zxid) throws IOException {
        return SegmentFile.listFrom(disk, directories.logs(), zxid - 1);
    }
}
