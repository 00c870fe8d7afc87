/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.server.tree.TreeView;
import java.util.ArrayDeque;
import java.util.List;

/**
 * When containers and TTL nodes that have had their time are deleted (spec client-protocol 5.6).
 *
 * <p>Thread: {@code core}. Pure: looks for candidates once an interval, first after one interval, and hands them out no
 * faster than the configured rate, so that a million expired nodes do not push clients aside.
 */
public final class ContainerReaper {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_MINUTE = 60_000 * NANOS_PER_MILLI;

    private final TreeView tree;
    private final Config config;
    private final ArrayDeque<String> waiting = new ArrayDeque<>();
    private long nextLookNanos;
    private long nextDeleteNanos;
    private boolean started;

    /**
     * The switches {@code znode.container.*}.
     *
     * @param checkIntervalMillis how often to look; 0 or less: never
     * @param maxPerMinute deletions a minute at the most
     * @param maxNeverUsedMillis how long a container that never had a child is kept; 0 for ever
     */
    public record Config(long checkIntervalMillis, int maxPerMinute, long maxNeverUsedMillis) {
        public static final Config DEFAULT = new Config(60_000, 10_000, 0);
    }

    public ContainerReaper(TreeView tree, Config config) {
        this.tree = tree;
        this.config = config;
    }

    void start(long nowNanos) {
        started = config.checkIntervalMillis() > 0;
        waiting.clear();
        nextLookNanos = nowNanos + config.checkIntervalMillis() * NANOS_PER_MILLI;
        nextDeleteNanos = nowNanos;
    }

    void stop() {
        started = false;
        waiting.clear();
    }

    /** When {@link #due} has something to do next, on the monotonic clock; {@link Long#MAX_VALUE} for never. */
    long nextDeadlineNanos() {
        if (!started) {
            return Long.MAX_VALUE;
        }
        return waiting.isEmpty() ? nextLookNanos : Math.min(nextLookNanos, nextDeleteNanos);
    }

    /** The paths to be deleted now. */
    List<String> due(long nowNanos, long wallMillis) {
        if (!started) {
            return List.of();
        }
        if (nowNanos - nextLookNanos >= 0) {
            nextLookNanos = nowNanos + config.checkIntervalMillis() * NANOS_PER_MILLI;
            waiting.clear();
            waiting.addAll(tree.reapSchedule().candidates(tree, wallMillis, config.maxNeverUsedMillis()));
        }
        if (waiting.isEmpty() || nowNanos - nextDeleteNanos < 0) {
            return List.of();
        }
        nextDeleteNanos = nowNanos + NANOS_PER_MINUTE / Math.max(1, config.maxPerMinute());
        return List.of(waiting.removeFirst());
    }
}
