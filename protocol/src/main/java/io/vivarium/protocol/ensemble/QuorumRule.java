/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Which sets of servers may decide for the ensemble (spec quorum 11). Pure; any two quorums of one rule share a voter.
 */
public sealed interface QuorumRule permits MajorityRule, HierarchicalRule {
    /**
     * Whether the servers for which {@code contains} holds are a quorum. It is asked for voters only, so whoever else
     * is in the set changes nothing; that is why acks need no filtering before.
     */
    boolean isQuorum(LongPredicate contains);

    /** Whether these servers are a quorum; ids that are no voters do not count. */
    default boolean isQuorum(Set<Long> sids) {
        return isQuorum(sids::contains);
    }
}
