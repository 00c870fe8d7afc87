/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.persistence.journal.JournalLoop;
import io.vivarium.persistence.journal.JournalTask;

/**
 * The journal that works now, behind the one name that everybody else knows: a member outlives its journals.
 *
 * <p>What is handed to a journal that has failed is forgotten with it; by its own report everybody knows that. Thread: any.
 */
final class PresentJournal implements AutoCloseable {
    private volatile JournalLoop present;
    private long slowSyncsOfFormer;
    private boolean closed;

    PresentJournal(JournalLoop first) {
        this.present = first;
    }

    void submit(long zxid, byte[] payload) {
        present.submit(zxid, payload);
    }

    void execute(JournalTask task) {
        present.execute(task);
    }

    void start() {
        Foundation.start(present);
    }

    /** Of the journal that failed; for whoever was told of that. */
    long durableZxid() {
        return present.durableZxid();
    }

    /** Another takes the place of one that failed, and starts; nothing of that happens behind {@link #close}. */
    synchronized void replace(JournalLoop next) {
        if (closed) {
            return;
        }
        slowSyncsOfFormer += present.slowSyncs();
        present = next;
        Foundation.start(next);
    }

    /** Of all journals so far. */
    synchronized long slowSyncs() {
        return slowSyncsOfFormer + present.slowSyncs();
    }

    @Override
    public void close() {
        JournalLoop last;
        synchronized (this) {
            closed = true;
            last = present;
        }
        last.close();
    }
}
