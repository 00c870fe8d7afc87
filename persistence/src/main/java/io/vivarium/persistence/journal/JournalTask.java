/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import java.io.IOException;

/** Work on the journal thread that must not overtake records: truncation, epoch files. */
@FunctionalInterface
public interface JournalTask {
    /** Everything submitted before is durable when this runs. */
    void run(TxnJournal journal) throws IOException;
}
