/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The transaction log: segments, group commit, rolling.
 *
 * <p>Knows zxids and payload bytes, never the tree: what a payload means is the business of
 * {@link io.vivarium.persistence.recovery}. {@link io.vivarium.persistence.journal.TxnJournal} is the port,
 * {@link io.vivarium.persistence.journal.SegmentedJournal} the files, {@link io.vivarium.persistence.journal.JournalLoop}
 * the thread {@code journal}; decisions are in the pure {@link io.vivarium.persistence.journal.FlushPolicy} and
 * {@link io.vivarium.persistence.journal.RollPolicy}. Spec: persistence 2. Start reading at {@code TxnJournal}.
 */
@NullMarked
package io.vivarium.persistence.journal;

import org.jspecify.annotations.NullMarked;
