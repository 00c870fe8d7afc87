/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskFile;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the end of a log that somebody stopped writing say no more than the disk holds (spec persistence 2.7).
 *
 * <p>A reader sees the page cache. Behind a process that was killed it may be ahead of the disk, and a sync brings them
 * together. Behind a sync that failed it may differ from the disk for good: the kernel counts pages as clean that it could
 * not write, so a later sync does nothing and succeeds. Only bytes written again are on their way again.
 *
 * <p>Thread: that of a recovery; nobody else may write the log. Everything is durable when a method returns; whatever
 * interrupts it, the log is as before or as asked for.
 */
public final class LogTail {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
    /** Starts the name of a copy in the making; no server takes it for a log. */
    private static final String UNFINISHED_PREFIX = "unfinished.";

    private static final int BLOCK_BYTES = 256 << 10;

    private LogTail() {}

    /** Makes durable what a reader finds in the newest file. Older ones were synced before it was made. */
    public static void sync(Disk disk, Path directory) throws IOException {
        List<SegmentFile> files = SegmentFile.list(disk, directory);
        if (files.isEmpty()) {
            return;
        }
        try (DiskFile file = disk.open(files.get(files.size() - 1).path())) {
            file.sync();
        }
        disk.syncDirectory(directory);
    }

    /**
     * At a start that found nothing wrong: writes the records of the newest file again, each in its place, and makes them
     * durable. The process before may have seen a sync fail and died, which nobody can tell any more; then a sync alone
     * succeeds and does nothing. Behind them the file is cut: once newer files follow, what was a write that never got
     * through could not be told from damage.
     */
    public static void writeAgain(Disk disk, Path directory, int maxRecordBytes) throws IOException {
        List<SegmentFile> files = SegmentFile.list(disk, directory);
        if (files.isEmpty()) {
            return;
        }
        Path path = files.get(files.size() - 1).path();
        long end;
        try (SegmentReader reader = SegmentReader.open(disk, path, maxRecordBytes)) {
            while (reader.next()) {
                // To the end of what makes sense; what stands behind it is no history.
            }
            end = reader.nextOffset();
        }
        try (DiskFile file = disk.open(path)) {
            ByteBuffer block = ByteBuffer.allocateDirect((int) Math.min(BLOCK_BYTES, end));
            for (long at = 0; at < end; ) {
                block.clear().limit((int) Math.min(block.capacity(), end - at));
                if (file.read(block, at) <= 0) {
                    throw new IOException(path + " became shorter than " + end + " bytes while it was written again");
                }
                int count = block.flip().remaining();
                file.write(block, at);
                at += count;
            }
            if (file.size() > end) {
                file.truncate(end);
            }
            file.sync();
        }
        disk.syncDirectory(directory);
    }

    /**
     * After a failure: gives up every record above {@code durableZxid}, and puts a fresh copy in the place of the file that
     * then is the newest. A file that is damaged below stays as it is: recovery judges it.
     *
     * @param durableZxid {@link TxnJournal#durableZxid}
     */
    public static void keepDurable(Disk disk, Path directory, long durableZxid, int maxRecordBytes) throws IOException {
        deleteUnfinished(disk, directory);
        List<SegmentFile> files = SegmentFile.list(disk, directory);
        for (int i = files.size() - 1; i >= 0; i--) {
            SegmentFile file = files.get(i);
            if (file.startZxid() <= durableZxid) {
                long end = endOfDurable(disk, file.path(), durableZxid, maxRecordBytes);
                if (end >= 0) {
                    LOG.info(
                            "Writing {} again up to {}, where it is known to be durable",
                            file.path(),
                            Zxid.toString(durableZxid));
                    copy(disk, file.path(), end);
                }
                return;
            }
            LOG.info("Deleting {}: nothing in it is known to be durable", file.path());
            disk.delete(file.path());
            disk.syncDirectory(directory);
        }
    }

    /** Removes what an interruption of {@link #keepDurable} left behind. */
    public static void deleteUnfinished(Disk disk, Path directory) throws IOException {
        for (String name : disk.list(directory)) {
            if (name.startsWith(UNFINISHED_PREFIX + "log.")) {
                disk.delete(directory.resolve(name));
            }
        }
    }

    /** Offset behind the last record at or below {@code zxid}; -1 if the file stops making sense before. */
    private static long endOfDurable(Disk disk, Path path, long zxid, int maxRecordBytes) throws IOException {
        long last = -1;
        long end = -1;
        try (SegmentReader reader = SegmentReader.open(disk, path, maxRecordBytes)) {
            while (reader.next()) {
                if (reader.zxid() > zxid) {
                    return end;
                }
                last = reader.zxid();
                end = reader.nextOffset();
            }
            return last == zxid || reader.end() == SegmentEnd.CLEAN ? end : -1;
        }
    }

    private static void copy(Disk disk, Path path, long length) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        Path unfinished = directory.resolve(UNFINISHED_PREFIX + path.getFileName());
        try (DiskFile from = disk.openReadOnly(path);
                DiskFile to = disk.create(unfinished)) {
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
            for (long at = 0; at < length; ) {
                block.clear().limit((int) Math.min(BLOCK_BYTES, length - at));
                if (from.read(block, at) <= 0) {
                    throw new IOException(path + " became shorter than " + length + " bytes while it was copied");
                }
                int count = block.flip().remaining();
                to.write(block, at);
                at += count;
            }
            to.sync();
        } catch (IOException e) {
            try {
                disk.delete(unfinished);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        disk.rename(unfinished, path);
        disk.syncDirectory(directory);
    }
}
