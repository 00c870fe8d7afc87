/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.protocol.txn.LoggedTxn;

/** Takes the transactions that are replayed at start, in order of the log. Thread: the loader's. */
@FunctionalInterface
public interface TxnSink {
    void apply(LoggedTxn txn);
}
