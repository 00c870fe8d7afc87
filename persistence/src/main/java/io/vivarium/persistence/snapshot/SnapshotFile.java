/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import io.vivarium.persistence.disk.DataFileName;
import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A file whose name says snapshot (spec persistence 1.1, 4.6).
 *
 * @param zxid the zxid in the name: what loading this file restores, whatever stands inside (trap T11)
 */
public record SnapshotFile(Path path, long zxid, SnapshotCompression compression) {
    private static final byte[] PLAIN_END = {0, 0, 0, 1, '/'};
    private static final byte[] GZ_START = {0x1f, (byte) 0x8b};
    private static final byte[] SNAPPY_START = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    private static final int PLAIN_MIN_BYTES = 10;

    /** Every snapshot by name, newest first. */
    public static List<SnapshotFile> list(Disk disk, Path directory) throws IOException {
        return list(disk, directory, DataFileName.SNAPSHOT_PREFIX);
    }

    /** Images that are to take the place of everything else ({@link SnapshotWriter#writeReplacement}); one at the most. */
    public static List<SnapshotFile> listReplacements(Disk disk, Path directory) throws IOException {
        return list(disk, directory, SnapshotWriter.REPLACEMENT_PREFIX + DataFileName.SNAPSHOT_PREFIX);
    }

    private static List<SnapshotFile> list(Disk disk, Path directory, String prefix) throws IOException {
        List<SnapshotFile> files = new ArrayList<>();
        for (String name : disk.list(directory)) {
            DataFileName.parse(name, prefix)
                    .ifPresent(parsed -> files.add(new SnapshotFile(
                            directory.resolve(name), parsed.zxid(), SnapshotCompression.of(parsed.suffix()))));
        }
        files.sort(Comparator.comparingLong(SnapshotFile::zxid).reversed());
        return files;
    }

    /** The first {@code limit} that look whole, newest first. */
    public static List<SnapshotFile> listPlausible(Disk disk, Path directory, int limit) throws IOException {
        List<SnapshotFile> files = new ArrayList<>();
        for (SnapshotFile file : list(disk, directory)) {
            if (files.size() == limit) {
                break;
            }
            if (file.isPlausible(disk)) {
                files.add(file);
            }
        }
        return files;
    }

    /**
     * Before a truncation: removes every snapshot that holds what the truncation is to take away (trap T14), durably.
     *
     * <p>Call it before the log is cut: a crash between the two then only repeats the truncation.
     *
     * @return false, with nothing deleted, if no plausible snapshot at or below {@code zxid} would be left to start from;
     *     the member then needs an image from the leader
     */
    public static boolean deleteAbove(Disk disk, Path directory, long zxid) throws IOException {
        List<SnapshotFile> files = list(disk, directory);
        boolean startable = false;
        for (SnapshotFile file : files) {
            startable = startable || (file.zxid <= zxid && file.isPlausible(disk));
        }
        if (!startable) {
            return false;
        }
        for (SnapshotFile file : files) {
            if (file.zxid > zxid) {
                disk.delete(file.path);
            }
        }
        disk.syncDirectory(directory);
        return true;
    }

    /** The cheap test: the last bytes of a plain file, the first of a packed one (spec persistence 4.6). */
    public boolean isPlausible(Disk disk) throws IOException {
        try (DiskFile file = disk.openReadOnly(path)) {
            switch (compression) {
                case GZ:
                    return has(file, 0, GZ_START);
                case SNAPPY:
                    return has(file, 0, SNAPPY_START);
                default:
                    long size = file.size();
                    return size >= PLAIN_MIN_BYTES && has(file, size - PLAIN_END.length, PLAIN_END);
            }
        }
    }

    private static boolean has(DiskFile file, long position, byte[] expected) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(expected.length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, position + bytes.position()) < 0) {
                return false;
            }
        }
        return ByteBuffer.wrap(expected).equals(bytes.flip());
    }
}
