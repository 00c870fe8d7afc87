/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file system, cut down to what must survive a crash in a known order.
 *
 * <p>Thread: any. Every method may block. Nothing is durable until {@link DiskFile#sync()} (contents) or
 * {@link #syncDirectory} (names: create, rename, delete) has returned; after a crash any subset of the unsynced changes
 * may have happened. Errors are {@link IOException}s that name the file.
 */
public interface Disk {
    /** Names of the plain files in a directory, sorted; empty if there is no such directory. */
    List<String> list(Path directory) throws IOException;

    boolean exists(Path path);

    boolean isDirectory(Path path);

    boolean isWritable(Path path);

    /** Makes a directory and its parents. */
    void createDirectories(Path directory) throws IOException;

    /** Opens for reading and writing; makes the file or cuts it to zero bytes. */
    DiskFile create(Path file) throws IOException;

    /** Opens an existing file for reading and writing. */
    DiskFile open(Path file) throws IOException;

    /** Opens an existing file for reading only. */
    DiskFile openReadOnly(Path file) throws IOException;

    /** Length in bytes. */
    long size(Path file) throws IOException;

    /** Renames atomically within one directory, over an existing target. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file; no error if it is gone already. */
    void delete(Path file) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException;

    /** How full the volume is that holds a directory. */
    default VolumeSpace space(Path directory) throws IOException {
        return VolumeSpace.UNKNOWN;
    }
}
