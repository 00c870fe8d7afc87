/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskFile;
import io.vivarium.persistence.disk.VolumeSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Tries whether a member can work with its directories: they are there, a file can be written and synced in each, and
 * there is room for more than the next record.
 *
 * <p>Room is asked of the file system first and then taken for a moment, since a quota is not always told. Without a
 * reserve a member would come back for a few records and fail again. Thread: any, one at a time; blocks on the disk.
 */
public final class DiskProbe {
    private static final String NAME = "unfinished.probe";
    private static final int WRITTEN_BYTES = 64 << 10;
    /** A small volume need not have room for what a server of default settings takes in advance. */
    private static final int VOLUME_PART = 16;

    private final Disk disk;
    private final DataDirectories directories;
    private final RecoveryConfig config;
    private final long roomBytes;

    /** @param roomBytes what has to be free in each directory, but never more than a sixteenth of its volume */
    public DiskProbe(Disk disk, DataDirectories directories, RecoveryConfig config, long roomBytes) {
        this.disk = disk;
        this.directories = directories;
        this.config = config;
        this.roomBytes = roomBytes;
    }

    /**
     * Returns if all is well.
     *
     * @throws IOException with the file or directory that is not, and why
     */
    public void check() throws IOException {
        directories.check(disk, config);
        Set<Path> each = new LinkedHashSet<>();
        each.add(directories.logs());
        each.add(directories.snapshots());
        for (Path directory : each) {
            checkRoom(directory);
            write(directory.resolve(NAME));
        }
    }

    /** How full the volumes are, for people. */
    public String space() {
        String logs = space(directories.logs());
        return directories.logs().equals(directories.snapshots()) ? logs : logs + ", " + space(directories.snapshots());
    }

    private String space(Path directory) {
        try {
            return directory + ": " + disk.space(directory);
        } catch (IOException e) {
            return directory + ": " + e;
        }
    }

    private void checkRoom(Path directory) throws IOException {
        VolumeSpace space = disk.space(directory);
        long wanted = Math.min(roomBytes, space.totalBytes() / VOLUME_PART);
        if (space.usableBytes() < wanted) {
            throw new IOException(directory + " has no room: " + wanted + " bytes have to be free");
        }
    }

    private void write(Path file) throws IOException {
        try (DiskFile open = disk.create(file)) {
            open.write(ByteBuffer.allocate(WRITTEN_BYTES), 0);
            open.sync();
        } catch (IOException e) {
            try {
                disk.delete(file);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        disk.delete(file);
        disk.syncDirectory(file.toAbsolutePath().getParent());
    }
}
