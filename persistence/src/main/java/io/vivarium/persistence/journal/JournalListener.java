/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

/**
 * What the journal reports. Thread: {@code journal}; implementations hand over to another thread and return, unless the report
 * says that this one has time.
 */
public interface JournalListener {
    /**
     * Every record up to and including this zxid is durable.
     *
     * @param rests nothing else waits for the disk: this thread has time for what its report brings about
     */
    void synced(long zxid, boolean rests);

    /** A file was ended because enough was written since the last snapshot; take one (spec persistence 2.6). */
    void snapshotDue();

    /**
     * The disk failed, or a task did; the journal has stopped for good and nothing after the last {@link #synced} is durable.
     * Said once, and last of all. Nobody has logged the cause yet.
     */
    void failed(Throwable cause);
}
