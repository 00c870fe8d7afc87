/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import io.vivarium.persistence.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads logs beside the writer: history for learners, tools.
 *
 * <p>Thread: any. Reading a file that grows is safe up to the last synced zxid, which the caller gives as the end.
 */
public final class JournalReader {
    private final Disk disk;
    private final Path directory;
    private final int maxRecordBytes;

    /** @param directory the {@code version-2} directory of the logs */
    public JournalReader(Disk disk, Path directory, int maxRecordBytes) {
        this.disk = disk;
        this.directory = directory;
        this.maxRecordBytes = maxRecordBytes;
    }

    /** A cursor over the records from {@code fromZxid} to {@code toZxid}, both included. */
    public JournalCursor read(long fromZxid, long toZxid) throws IOException {
        return new SegmentCursor(
                disk, SegmentFile.listFrom(disk, directory, fromZxid), fromZxid, toZxid, maxRecordBytes);
    }

    /** Bytes on the disk of all files that can hold records at or above {@code fromZxid}, padding included. */
    public long sizeFrom(long fromZxid) throws IOException {
        long bytes = 0;
        for (SegmentFile file : SegmentFile.listFrom(disk, directory, fromZxid)) {
            bytes += disk.size(file.path());
        }
        return bytes;
    }

    /** The first zxid that the logs can still give, by file name; -1 if there is no log. */
    public long firstZxid() throws IOException {
        var files = SegmentFile.list(disk, directory);
        return files.isEmpty() ? -1 : files.get(0).startZxid();
    }
}
