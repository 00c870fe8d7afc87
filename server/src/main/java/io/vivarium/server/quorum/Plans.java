/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import java.util.EnumMap;
import java.util.Map;

/**
 * When a member means to do what: at most one time for each {@link Plan} (spec quorum 2.1). Pure: whoever looks says what time
 * it is. Thread: core.
 */
final class Plans {
    private static final long NEVER = Long.MAX_VALUE;

    private final Map<Plan, Long> dueNanos = new EnumMap<>(Plan.class);
    private long nextNanos = NEVER;

    void set(Plan plan, long atNanos) {
        dueNanos.put(plan, atNanos);
        findNext();
    }

    void cancel(Plan plan) {
        dueNanos.remove(plan);
        findNext();
    }

    void cancelAll() {
        dueNanos.clear();
        findNext();
    }

    /** Whether the time has come; a plan is given out once. */
    boolean take(Plan plan, long nowNanos) {
        if (nowNanos < nextNanos || dueNanos.getOrDefault(plan, NEVER) > nowNanos) {
            return false;
        }
        cancel(plan);
        return true;
    }

    /** The next time at which something is due, {@link Long#MAX_VALUE} for never. */
    long nextNanos() {
        return nextNanos;
    }

    private void findNext() {
        nextNanos = dueNanos.values().stream().min(Long::compare).orElse(NEVER);
    }
}
