/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import io.vivarium.persistence.disk.DataFileName;
import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskFile;
import io.vivarium.protocol.data.Zxid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal as files {@code log.<zxid of the first record>} in one directory (spec persistence 2).
 *
 * <p>Thread: see {@link TxnJournal}. A file that was there before is never appended to: the first record after a start
 * opens a new one. If a file of that name exists, none of its records was whole, and it is overwritten (trap T6); this
 * is checked.
 */
public final class SegmentedJournal implements TxnJournal {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentedJournal.class);
    private static final int ZERO_BLOCK_BYTES = 64 << 10;

    private final Disk disk;
    private final Path directory;
    private final JournalConfig config;
    private final ByteBuffer buffer;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZERO_BLOCK_BYTES);
    /** Files that were ended but not synced yet, oldest first. */
    private final List<DiskFile> unsynced = new ArrayList<>();

    private @Nullable SegmentWriter current;
    private boolean directoryUnsynced;
    private boolean failed;
    private long lastZxid;
    private long durableZxid;

    /**
     * @param directory the {@code version-2} directory of the logs
     * @param lastZxid what recovery found to be the last record, durable by now; -1 if there is none
     */
    public SegmentedJournal(Disk disk, Path directory, JournalConfig config, long lastZxid) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.lastZxid = lastZxid;
        this.durableZxid = lastZxid;
        this.buffer = ByteBuffer.allocateDirect(config.bufferBytes());
    }

    @Override
    public void append(long zxid, byte[] payload, int offset, int length) throws IOException {
        if (length < SegmentFormat.MIN_PAYLOAD_BYTES || length > config.maxRecordBytes()) {
            throw new IllegalArgumentException("record " + Zxid.toString(zxid) + " of " + length
                    + " bytes is not within " + SegmentFormat.MIN_PAYLOAD_BYTES + ".." + config.maxRecordBytes()
                    + ": it could not be read back");
        }
        if (zxid <= lastZxid) {
            throw new IllegalArgumentException(
                    "record " + Zxid.toString(zxid) + " is not above the last one, " + Zxid.toString(lastZxid));
        }
        begin();
        if (current == null) {
            current = openSegment(zxid);
        }
        current.append(payload, offset, length);
        lastZxid = zxid;
        done();
    }

    @Override
    public void sync() throws IOException {
        begin();
        if (current != null) {
            current.flush();
        }
        boolean really = config.durability() == JournalConfig.Durability.SYNC;
        syncEnded();
        if (really) {
            if (current != null) {
                current.file().sync();
            }
            if (directoryUnsynced) {
                disk.syncDirectory(directory);
                directoryUnsynced = false;
            }
        }
        durableZxid = lastZxid;
        done();
    }

    /** Makes the files durable that were ended, and closes them. */
    private void syncEnded() throws IOException {
        for (DiskFile file : unsynced) {
            if (config.durability() == JournalConfig.Durability.SYNC) {
                file.sync();
            }
            file.close();
        }
        unsynced.clear();
    }

    @Override
    public void roll() throws IOException {
        begin();
        if (current != null) {
            current.finish();
            unsynced.add(current.file());
            current = null;
        }
        done();
    }

    @Override
    public long currentFileBytes() {
        return current == null ? 0 : current.position();
    }

    @Override
    public long truncateAfter(long zxid) throws IOException {
        roll();
        sync();
        begin();
        long last = Truncation.truncateAfter(disk, directory, zxid, config.maxRecordBytes());
        lastZxid = last;
        durableZxid = last;
        done();
        return last;
    }

    @Override
    public JournalCursor read(long fromZxid) throws IOException {
        begin();
        if (current != null) {
            current.flush();
        }
        done();
        return new SegmentCursor(
                disk,
                SegmentFile.listFrom(disk, directory, fromZxid),
                fromZxid,
                Long.MAX_VALUE,
                config.maxRecordBytes());
    }

    @Override
    public long lastZxid() {
        return lastZxid;
    }

    @Override
    public long durableZxid() {
        return durableZxid;
    }

    @Override
    public void prepareAhead() throws IOException {
        if (failed || current == null) {
            return;
        }
        begin();
        if (current.prepareAhead() && config.durability() == JournalConfig.Durability.SYNC) {
            current.file().sync();
        }
        done();
    }

    @Override
    public void close() throws IOException {
        for (DiskFile file : unsynced) {
            file.close();
        }
        unsynced.clear();
        if (current != null) {
            if (!failed) {
                current.flush();
            }
            current.file().close();
            current = null;
        }
    }

    private SegmentWriter openSegment(long zxid) throws IOException {
        // First the old file, then the new one: else a crash could keep records of the new file and lose some of the
        // old
        // one, and the hole would stop the next start although nothing in it was acknowledged.
        syncEnded();
        Path path = directory.resolve(DataFileName.log(zxid));
        if (disk.exists(path)) {
            try (SegmentReader old = SegmentReader.open(disk, path, config.maxRecordBytes())) {
                if (old.next()) {
                    throw new IOException(path + " holds records from " + Zxid.toString(old.zxid())
                            + " on; it will not be overwritten");
                }
            }
        }
        LOG.info("Creating new log file: {}", path.getFileName());
        DiskFile file = disk.create(path);
        directoryUnsynced = true;
        return new SegmentWriter(file, config, buffer, zeros);
    }

    /** Marks the journal broken until {@link #done}: a call that ends in an exception leaves it so for good. */
    private void begin() throws IOException {
        if (failed) {
            throw new IOException("the journal in " + directory + " failed before; what is on the disk is unknown");
        }
        failed = true;
    }

    private void done() {
        failed = false;
    }
}
