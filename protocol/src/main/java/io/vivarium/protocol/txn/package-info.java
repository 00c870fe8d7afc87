/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Transactions as the log and the quorum port carry them.
 *
 * <p>A transaction is {@link io.vivarium.protocol.txn.TxnHeader} + {@link io.vivarium.protocol.txn.Txn} + optional
 * {@link io.vivarium.protocol.txn.TxnDigest}; {@link io.vivarium.protocol.txn.LoggedTxn} reads and writes the three
 * together, with the allowances for older writers. Thread: any, all values immutable. Spec: persistence 3.
 */
@NullMarked
package io.vivarium.protocol.txn;

import org.jspecify.annotations.NullMarked;
