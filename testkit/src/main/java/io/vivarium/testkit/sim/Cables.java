/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is wrong with the cables between machines, one direction at a time: cut, or slow.
 *
 * <p>Asked for every message, so a network without faults pays for a look at two empty maps. Thread: the test's.
 */
final class Cables {
    private final Map<String, Set<String>> cuts = new HashMap<>();
    private final Map<String, Map<String, Long>> slow = new HashMap<>();

    void cut(String from, String to) {
        cuts.computeIfAbsent(from, host -> new HashSet<>()).add(to);
    }

    boolean isCut(String from, String to) {
        if (cuts.isEmpty()) {
            return false;
        }
        Set<String> unheard = cuts.get(from);
        return unheard != null && unheard.contains(to);
    }

    void slow(String from, String to, long extraNanos) {
        slow.computeIfAbsent(from, host -> new HashMap<>()).put(to, extraNanos);
    }

    long extraNanos(String from, String to) {
        if (slow.isEmpty()) {
            return 0;
        }
        Map<String, Long> targets = slow.get(from);
        return targets == null ? 0 : targets.getOrDefault(to, 0L);
    }

    void mend(String from, String to) {
        Set<String> unheard = cuts.get(from);
        if (unheard != null) {
            unheard.remove(to);
            if (unheard.isEmpty()) {
                cuts.remove(from);
            }
        }
        Map<String, Long> targets = slow.get(from);
        if (targets != null) {
            targets.remove(to);
            if (targets.isEmpty()) {
                slow.remove(from);
            }
        }
    }

    void mendAll() {
        cuts.clear();
        slow.clear();
    }
}
