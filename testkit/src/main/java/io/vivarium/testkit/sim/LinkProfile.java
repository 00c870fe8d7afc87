/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.sim;

/**
 * How the network behaves on a normal day.
 *
 * @param minDelayNanos shortest time a message is under way
 * @param maxDelayNanos longest time; messages of one direction of one connection never overtake each other
 * @param connectTimeoutNanos how long a dial into silence takes to fail
 */
public record LinkProfile(long minDelayNanos, long maxDelayNanos, long connectTimeoutNanos) {
    /** A local network: 50 µs to 1 ms, dials given up after five seconds. */
    public static final LinkProfile LAN = new LinkProfile(50_000, 1_000_000, 5_000_000_000L);

    public LinkProfile {
        if (minDelayNanos < 0 || maxDelayNanos < minDelayNanos || connectTimeoutNanos <= 0) {
            throw new IllegalArgumentException("delay " + minDelayNanos + " to " + maxDelayNanos
                    + " ns, connect timeout " + connectTimeoutNanos + " ns");
        }
    }
}
