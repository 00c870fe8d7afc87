/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** One open file. Thread: one at a time. All positions are offsets in bytes from the start of the file. */
public interface DiskFile extends Closeable {
    Path path();

    long size() throws IOException;

    /** Reads what fits; returns the number of bytes, -1 at the end of the file. */
    int read(ByteBuffer into, long position) throws IOException;

    /** Writes all of {@code from}; a gap behind the old end reads as zeros. Not durable before {@link #sync}. */
    void write(ByteBuffer from, long position) throws IOException;

    void truncate(long size) throws IOException;

    /** Makes contents and length durable (fdatasync). If it fails, what is on the disk is unknown: never call it again. */
    void sync() throws IOException;

    /** Closes without syncing. */
    @Override
    void close() throws IOException;
}
