/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.metrics.SummaryTotal;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * What quantiles are counted from: totals of the last ten minutes or so, kept as they are scraped (spec operations 5.1).
 *
 * <p>Thread: that of reports. Pure: time comes in. Nothing is kept for a server that nobody scrapes.
 */
final class QuantileWindow {
    private static final long STEP_NANOS = 120_000_000_000L;
    private static final int STEPS = 5;

    private record Kept(SummaryTotal total, long nanos) {}

    private final Map<String, ArrayDeque<Kept>> kept = new HashMap<>();

    /** The total at the beginning of the window that ends now with this one. */
    SummaryTotal begin(String name, SummaryTotal now, long nowNanos) {
        ArrayDeque<Kept> steps = kept.computeIfAbsent(name, key -> new ArrayDeque<>(STEPS + 1));
        if (!steps.isEmpty() && steps.getLast().total().count() > now.count()) {
            // Counting has begun anew.
            steps.clear();
        }
        if (steps.isEmpty()) {
            steps.addLast(new Kept(SummaryTotal.none(now.detail()), nowNanos));
        }
        while (steps.size() > 1 && nowNanos - steps.getFirst().nanos() > STEPS * STEP_NANOS) {
            steps.removeFirst();
        }
        SummaryTotal begin = steps.getFirst().total();
        if (nowNanos - steps.getLast().nanos() >= STEP_NANOS) {
            steps.addLast(new Kept(now, nowNanos));
        }
        return begin;
    }
}
