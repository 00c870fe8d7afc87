/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The znodes in memory: a compact tree, what is indexed beside it, and the rules by which transactions change it.
 *
 * <p>{@link io.vivarium.server.tree.TreeView} is the read side, {@link io.vivarium.server.tree.TxnApplier} the only way to
 * change anything that is served. There are no locks here: one thread at a time, {@code core} or whoever fills the tree anew,
 * changes it while it holds the exclusive side of the gate; readers, the snapshot thread among them, hold the shared side. No
 * IO, no clock, no threads. Spec: persistence 3.6, 4.2 to 4.5 and 5; client-protocol 5.5, 5.6, 6, 11. Start reading at {@link io.vivarium.server.tree.ZnodeTree}, then
 * {@link io.vivarium.server.tree.PackedNode} for the form in which nodes are kept.
 */
@NullMarked
package io.vivarium.server.tree;

import org.jspecify.annotations.NullMarked;
