/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A walk over log records in ascending order of files.
 *
 * <p>Thread: one at a time; may differ from the writer's. Usage: {@code while (cursor.next()) use(cursor.payload())}.
 */
public interface JournalCursor extends Closeable {
    /**
     * Steps to the next record.
     *
     * @return false at the end of the last file
     * @throws DamagedJournalException if the bytes cannot be explained by a write that was cut off (spec persistence
     *     2.4)
     */
    boolean next() throws IOException;

    /** Zxid of the record stood on. */
    long zxid();

    /** Payload of the record stood on; borrowed, valid until the next call of {@link #next}. */
    ByteBuffer payload();

    /** File of the record stood on. */
    Path file();

    /** Offset of the record stood on in its file, bytes. */
    long offset();

    @Override
    void close() throws IOException;
}
