/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskFile;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts everything above a zxid out of the logs (spec persistence 2.8, quorum 7.1).
 *
 * <p>Thread: {@code journal}. Files go newest first and the directory is synced between: whenever it is interrupted, what
 * is left is a prefix of the history.
 */
final class Truncation {
    private static final Logger LOG = LoggerFactory.getLogger(Truncation.class);

    private Truncation() {}

    /** @return the last zxid left, -1 if no record is */
    static long truncateAfter(Disk disk, Path directory, long zxid, int maxRecordBytes) throws IOException {
        List<SegmentFile> files = SegmentFile.list(disk, directory);
        for (int i = files.size() - 1; i >= 0; i--) {
            SegmentFile file = files.get(i);
            if (file.startZxid() > zxid) {
                LOG.info("Truncating to {}: deleting {}", Zxid.toString(zxid), file.path());
                disk.delete(file.path());
                disk.syncDirectory(directory);
                continue;
            }
            long last = cut(disk, file, zxid, maxRecordBytes);
            if (last >= 0) {
                return last;
            }
        }
        return -1;
    }

    /** Cuts one file behind its last record at or below {@code zxid}; returns that record's zxid, -1 if it has none. */
    private static long cut(Disk disk, SegmentFile file, long zxid, int maxRecordBytes) throws IOException {
        long last = -1;
        long keep = SegmentFormat.HEADER_BYTES;
        boolean above = false;
        try (SegmentReader reader = SegmentReader.open(disk, file.path(), maxRecordBytes)) {
            while (!above && reader.next()) {
                above = reader.zxid() > zxid;
                if (!above) {
                    last = reader.zxid();
                    keep = reader.nextOffset();
                }
            }
            if (!above && reader.end() == SegmentEnd.BAD_MAGIC) {
                throw new DamagedJournalException(file.path(), 0, reader.endDetail());
            }
            if (!above && reader.end() == SegmentEnd.CLEAN) {
                return last;
            }
        }
        if (last < 0) {
            LOG.info("Truncating to {}: deleting {}", Zxid.toString(zxid), file.path());
            disk.delete(file.path());
            disk.syncDirectory(file.path().toAbsolutePath().getParent());
            return -1;
        }
        LOG.info("Truncating to {}: cutting {} at offset {}", Zxid.toString(zxid), file.path(), keep);
        try (DiskFile open = disk.open(file.path())) {
            open.truncate(keep);
            open.sync();
        }
        return last;
    }
}
