/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.OwnerKind;

/**
 * Switches of the tree.
 *
 * @param ownerRules {@code extendedTypesEnabled}, {@code emulate353TTLNodes}
 * @param digests {@code digest.enabled}
 */
public record TreeConfig(OwnerKind.Rules ownerRules, boolean digests) {
    public static final TreeConfig DEFAULT = new TreeConfig(OwnerKind.Rules.DEFAULT, true);
}
