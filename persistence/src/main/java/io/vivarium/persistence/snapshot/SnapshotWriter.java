/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import io.vivarium.persistence.disk.DataFileName;
import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskOutputStream;
import io.vivarium.protocol.txn.TxnDigest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Writes snapshot files (spec persistence 4.1, 4.8).
 *
 * <p>Thread: {@code snapshot}. Stock writes straight into the final name without fsync, so a crash can cost the newest
 * snapshot (trap T22). Here the file gets a name that nobody takes for a snapshot, is synced, renamed over the final
 * name, and the directory is synced: a name {@code snapshot.*} always stands for a whole file.
 */
public final class SnapshotWriter {
    /** Starts the name of a file in the making; neither {@code snapshot.*} nor {@code log.*} (traps T12, T19). */
    static final String UNFINISHED_PREFIX = "unfinished.";

    /** Starts the name of a finished image that has not taken its place yet. */
    static final String REPLACEMENT_PREFIX = "installing-";

    private final Disk disk;
    private final Path directory;
    private final SnapshotConfig config;

    /** @param directory the {@code version-2} directory of the snapshots */
    public SnapshotWriter(Disk disk, Path directory, SnapshotConfig config) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
    }

    /**
     * A snapshot file that is complete and durable.
     *
     * @param zxid the zxid in its name
     * @param bytes its length on the disk
     * @param lastZxid last applied zxid when the walk ended; the file holds no effect above it
     */
    public record Written(Path file, long zxid, long bytes, long lastZxid) {}

    /** Writes the tree down; the file is durable when this returns. A failed attempt leaves no file behind. */
    public Written write(SnapshotSource source) throws IOException {
        return write(source, "");
    }

    /** As {@link #write}, under a name that tells a start to let it take the place of the history that stands there. */
    public Written writeReplacement(SnapshotSource source) throws IOException {
        return write(source, REPLACEMENT_PREFIX);
    }

    /** Where a replacement belongs. */
    public static Path placeOf(Path replacement) {
        return replacement.resolveSibling(
                String.valueOf(replacement.getFileName()).substring(REPLACEMENT_PREFIX.length()));
    }

    private Written write(SnapshotSource source, String prefix) throws IOException {
        long zxid = source.lastZxid();
        String name = DataFileName.snapshot(zxid, config.compression().suffix());
        Path unfinished = directory.resolve(UNFINISHED_PREFIX + name);
        Path finished = directory.resolve(prefix + name);
        try {
            long[] lastZxid = new long[1];
            long bytes = writeTo(unfinished, source, lastZxid);
            disk.rename(unfinished, finished);
            disk.syncDirectory(directory);
            return new Written(finished, zxid, bytes, lastZxid[0]);
        } catch (IOException e) {
            try {
                disk.delete(unfinished);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** Removes what a crash in the middle of {@link #write} left behind. */
    public static void deleteUnfinished(Disk disk, Path directory) throws IOException {
        for (String name : disk.list(directory)) {
            if (name.startsWith(UNFINISHED_PREFIX + DataFileName.SNAPSHOT_PREFIX + ".")) {
                disk.delete(directory.resolve(name));
            }
        }
    }

    private long writeTo(Path file, SnapshotSource source, long[] lastZxid) throws IOException {
        try (DiskOutputStream raw = new DiskOutputStream(disk.create(file))) {
            OutputStream packed = config.compression().pack(new Unclosed(raw));
            writeTo(packed, source, lastZxid);
            // Closing is what writes the last block of a packed stream; the file itself stays open for its sync.
            packed.close();
            raw.sync();
            return raw.size();
        }
    }

    private void writeTo(OutputStream packed, SnapshotSource source, long[] lastZxid) throws IOException {
        SealedOutput out = new SealedOutput(packed);
        out.writeHeader();
        new SnapshotBodyWriter(out).write(source);
        out.writeSeal();
        long digestZxid = source.digestZxid();
        long digest = source.treeDigest();
        if (config.writeDigest() == SnapshotConfig.Part.WRITTEN) {
            out.writeDigest(digestZxid, TxnDigest.VERSION, digest);
            out.writeSeal();
        }
        lastZxid[0] = source.lastZxidNow();
        if (config.writeLastZxid() == SnapshotConfig.Part.WRITTEN) {
            out.writeLastZxid(lastZxid[0]);
            out.writeSeal();
        }
        out.flush();
    }

    /** Keeps the file open when the packing stream closes. */
    private static final class Unclosed extends java.io.FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() {}
    }
}
