/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

/**
 * When waiting records are made durable, as a pure rule (spec persistence 2.7).
 *
 * @param maxBatchSize {@code zookeeper.maxBatchSize}: sync at the latest with so many waiting; 0 or less: no bound
 * @param flushDelayNanos {@code zookeeper.flushDelay}: sync at the latest so long after the last one; 0 or less: off,
 *     then records wait for nothing but each other
 * @param maxPollNanos {@code zookeeper.maxWriteQueuePollTime}: how long to wait for one more record at most
 */
public record FlushPolicy(int maxBatchSize, long flushDelayNanos, long maxPollNanos) {
    public static final FlushPolicy DEFAULT = new FlushPolicy(1000, 0, 0);

    /** True if {@code pending} records must not wait for more, even if more are at hand. */
    public boolean isDue(int pending, long sinceLastFlushNanos) {
        return pending > 0
                && ((flushDelayNanos > 0 && sinceLastFlushNanos > flushDelayNanos)
                        || (maxBatchSize > 0 && pending >= maxBatchSize));
    }

    /** How long pending records may wait for one more when none is at hand; 0: sync now. */
    public long pollNanos(long sinceLastFlushNanos) {
        return Math.max(0, Math.min(maxPollNanos, flushDelayNanos - sinceLastFlushNanos));
    }
}
