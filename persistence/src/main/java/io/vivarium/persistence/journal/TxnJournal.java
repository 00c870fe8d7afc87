/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import java.io.Closeable;
import java.io.IOException;

/**
 * The transaction log of this server.
 *
 * <p>Thread: one at a time ({@code journal}, or {@code main} before that starts). Every method may block on the disk.
 * Zxids rise strictly from call to call. After an {@link IOException} of a writing method the state of the disk is
 * unknown: the journal refuses every further call but {@link #durableZxid} and {@link #close}; an fsync is never tried again, because the
 * kernel forgets dirty pages that it could not write. Spec persistence 2.
 */
public interface TxnJournal extends Closeable {
    /** Appends one record to the current file, a new one if none is open. Not durable before {@link #sync}. */
    void append(long zxid, byte[] payload, int offset, int length) throws IOException;

    /** Everything appended so far is durable when this returns; with {@code forceSync=no} it is only written. */
    void sync() throws IOException;

    /**
     * Ends the current file; the next {@link #append} makes it durable and starts another. So what survives a crash is
     * always a prefix of what was appended (stock syncs the two together, and can be left with a hole).
     */
    void roll() throws IOException;

    /** Bytes written to the current file, header included, padding not; 0 if none is open. */
    long currentFileBytes();

    /**
     * Removes every record with a greater zxid, durably, whichever files hold them (spec persistence 2.8, quorum 7.1).
     *
     * <p>Stock keeps the first record at or above {@code zxid}; here nothing above it stays. The caller compares the
     * answer with what it asked for: a smaller one means that the record itself was not in the log. Snapshots above
     * {@code zxid} are to be deleted first. A member that takes an image at some zxid cuts here as well, or records that
     * the image left behind would be replayed over it at the next start.
     *
     * @return the last zxid that is left, -1 if no record is
     */
    long truncateAfter(long zxid) throws IOException;

    /** A cursor before the first record with a zxid at or above {@code fromZxid} (spec persistence 2.5). */
    JournalCursor read(long fromZxid) throws IOException;

    /** Zxid of the last record appended or found on the disk, -1 if there is none. */
    long lastZxid();

    /**
     * Zxid of the last record that is known to be durable, -1 if there is none; with {@code forceSync=no} that was
     * written. Also after a failure: what stands behind it in the files may be there, or be gone, or only seem to be there.
     */
    long durableZxid();

    /** Bytes of work worth doing while nobody waits: writes zeros ahead of the next records. */
    void prepareAhead() throws IOException;

    /** Closes the files; what was not synced may be lost. */
    @Override
    void close() throws IOException;
}
