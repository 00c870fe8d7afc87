/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * A majority of groups, each won by more than half of its weight (spec quorum 11).
 *
 * <p>A group whose weights sum up to zero can never be won and does not count as a group.
 *
 * @param groups group id to the server ids in it
 * @param weights server id to weight, for every server of every group; 0 means that its voice does not count
 */
public record HierarchicalRule(SortedMap<Long, List<Long>> groups, SortedMap<Long, Long> weights)
        implements QuorumRule {
    public static final long DEFAULT_WEIGHT = 1;

    public HierarchicalRule {
        groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    }

    /**
     * The rule for these voters, after the checks of spec operations 1.4 and quorum 11: each voter is in exactly one
     * group, and each member of a group is a voter or has a weight of its own.
     *
     * @param weights only what was configured; missing weights are {@link #DEFAULT_WEIGHT}
     */
    public static HierarchicalRule of(Map<Long, List<Long>> groups, Map<Long, Long> weights, Collection<Long> voters) {
        Set<Long> grouped = new HashSet<>();
        TreeMap<Long, Long> effective = new TreeMap<>(weights);
        TreeMap<Long, List<Long>> sorted = new TreeMap<>();
        for (Map.Entry<Long, List<Long>> group : new TreeMap<>(groups).entrySet()) {
            for (long sid : group.getValue()) {
                if (!grouped.add(sid)) {
                    // No blank before "is": this is the text that operators know.
                    throw new MalformedEnsembleException("Server " + sid + "is in multiple groups");
                }
                if (!voters.contains(sid) && !weights.containsKey(sid)) {
                    throw new MalformedEnsembleException("Server " + sid + " of group." + group.getKey()
                            + " is neither a participant nor has a weight." + sid);
                }
                effective.putIfAbsent(sid, DEFAULT_WEIGHT);
            }
            sorted.put(group.getKey(), List.copyOf(group.getValue()));
        }
        for (long voter : voters) {
            if (!grouped.contains(voter)) {
                throw new MalformedEnsembleException("Server " + voter + "is not in a group");
            }
        }
        return new HierarchicalRule(sorted, effective);
    }

    @Override
    public boolean isQuorum(LongPredicate contains) {
        int counted = 0;
        int won = 0;
        for (List<Long> group : groups.values()) {
            long total = 0;
            long present = 0;
            for (long sid : group) {
                long weight = weightOf(sid);
                total += weight;
                present += contains.test(sid) ? weight : 0;
            }
            counted += total == 0 ? 0 : 1;
            won += present > total / 2 ? 1 : 0;
        }
        return won > counted / 2;
    }

    private long weightOf(long sid) {
        Long weight = weights.get(sid);
        return weight == null ? DEFAULT_WEIGHT : weight;
    }
}
