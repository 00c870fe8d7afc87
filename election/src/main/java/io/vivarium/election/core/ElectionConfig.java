/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import java.time.Duration;

/**
 * What an operator may choose about elections (spec election 5).
 *
 * @param waitMinNanos pause before a vote is sent again for the first time
 *     ({@code zookeeper.fastleader.minNotificationInterval})
 * @param waitMaxNanos the pause doubles up to this ({@code zookeeper.fastleader.maxNotificationInterval}); stock lets it
 *     grow to a minute, which only delays the repair of what was lost
 * @param finalWaitNanos how long a quorum waits for a better vote while some voter is still silent. Stock waits 200 ms;
 *     a few round trips are enough (spec election 7.4)
 * @param finalWaitMaxNanos the sum of such waits in one round, however many better votes drip in
 * @param reconfig whether a newer configuration in a notification is adopted ({@code reconfigEnabled})
 */
public record ElectionConfig(
        long waitMinNanos, long waitMaxNanos, long finalWaitNanos, long finalWaitMaxNanos, Reconfig reconfig) {
    /** Whether membership may change at run time. */
    public enum Reconfig {
        ENABLED,
        DISABLED
    }

    public static final ElectionConfig DEFAULT = new ElectionConfig(
            Duration.ofMillis(200).toNanos(),
            Duration.ofSeconds(3).toNanos(),
            Duration.ofMillis(30).toNanos(),
            Duration.ofMillis(200).toNanos(),
            Reconfig.DISABLED);

    public ElectionConfig {
        if (waitMinNanos <= 0 || waitMaxNanos < waitMinNanos) {
            throw new IllegalArgumentException("notification wait of " + waitMinNanos + " to " + waitMaxNanos
                    + " ns: the first must be positive and not above the second");
        }
        if (finalWaitNanos < 0 || finalWaitMaxNanos < finalWaitNanos) {
            throw new IllegalArgumentException("final wait of " + finalWaitNanos + " to " + finalWaitMaxNanos
                    + " ns: the first must not be negative nor above the second");
        }
    }

    public ElectionConfig withReconfig(Reconfig other) {
        return new ElectionConfig(waitMinNanos, waitMaxNanos, finalWaitNanos, finalWaitMaxNanos, other);
    }
}
