/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.data.OwnerKind;

/**
 * Switches of request preparation.
 *
 * @param ownerRules {@code extendedTypesEnabled}, {@code emulate353TTLNodes}
 * @param enforceQuota {@code enforceQuota}: hard quotas are enforced
 * @param reconfigEnabled {@code reconfigEnabled}
 * @param digests {@code digest.enabled}: transactions carry the tree's digest
 * @param closeSessionPaths {@code closeSessionTxn.enabled}: closeSession lists its ephemerals
 * @param maxCloseSessionBytes greatest list of paths in a closeSession
 */
public record PrepareConfig(
        OwnerKind.Rules ownerRules,
        boolean enforceQuota,
        boolean reconfigEnabled,
        boolean digests,
        boolean closeSessionPaths,
        int maxCloseSessionBytes) {
    public static final PrepareConfig DEFAULT =
            new PrepareConfig(OwnerKind.Rules.DEFAULT, false, false, true, true, 1 << 20);
}
