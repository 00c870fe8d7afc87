/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

/**
 * What the preparation of a transaction has found out about the one node that it changes. It saves the search for the node and
 * the sums over its old and new state; nothing but time depends on it (docs/adr/0011). Thread: any; immutable.
 *
 * @param digestChange what the change adds to the digest of the tree
 */
public record Foreseen(Place place, long digestChange) {}
