/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.persistence.recovery.DataDirectories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Bytes in the data directories, for {@code dirs} and {@code conf} (spec operations 3.2).
 *
 * <p>Thread: one that may wait for the disk.
 *
 * @param snapshots bytes in the directory of snapshots
 * @param logs bytes in the directory of logs; the same as snapshots if there is one directory
 */
record DirectorySizes(long snapshots, long logs) {
    static DirectorySizes of(DataDirectories directories) {
        return new DirectorySizes(sizeOf(directories.snapshots()), sizeOf(directories.logs()));
    }

    String dirs() {
        return "datadir_size: " + snapshots + "\nlogdir_size: " + logs + "\n";
    }

    private static long sizeOf(Path directory) {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                bytes += sizeOfFile(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the sizes of the files in " + directory, e);
        }
        return bytes;
    }

    /** Files come and go while the directory is read; one that is gone has no size. */
    private static long sizeOfFile(Path file) throws IOException {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
