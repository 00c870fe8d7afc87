/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

/** Is told what the work of the journal costs. Thread: {@code journal}; nothing waits or throws. Times in nanoseconds. */
public interface JournalMeter {
    /** Nobody measures. */
    JournalMeter NONE = new JournalMeter() {
        @Override
        public void taken(long waitedNanos) {}

        @Override
        public void synced(int records, int waiting, long nanos) {}

        @Override
        public void durable(long nanos) {}
    };

    /** A record was taken up, so long after it was submitted. */
    void taken(long waitedNanos);

    /**
     * A sync has ended.
     *
     * @param records what it made durable
     * @param waiting what has been submitted meanwhile and is still to be taken up
     */
    void synced(int records, int waiting, long nanos);

    /** A record is durable, so long after it was submitted. */
    void durable(long nanos);
}
