/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

/**
 * The range of session timeouts a server grants (spec client-protocol 2.2, step 6).
 *
 * @param minMillis shortest, inclusive
 * @param maxMillis longest, inclusive
 */
public record SessionTimeouts(int minMillis, int maxMillis) {
    /** In a configuration: take the default. */
    public static final int DEFAULT = -1;

    private static final int MIN_TICKS = 2;
    private static final int MAX_TICKS = 20;

    public SessionTimeouts {
        if (minMillis > maxMillis) {
            throw new IllegalArgumentException(
                    "minSessionTimeout " + minMillis + " ms is greater than maxSessionTimeout " + maxMillis + " ms");
        }
    }

    /** The configured range, where {@link #DEFAULT} stands for 2 and 20 ticks. */
    public static SessionTimeouts of(int tickMillis, int minMillis, int maxMillis) {
        return new SessionTimeouts(
                minMillis == DEFAULT ? Math.multiplyExact(tickMillis, MIN_TICKS) : minMillis,
                maxMillis == DEFAULT ? Math.multiplyExact(tickMillis, MAX_TICKS) : maxMillis);
    }

    /** What a client gets that asks for this; any number may be asked. */
    public int negotiate(int requestedMillis) {
        return Math.max(minMillis, Math.min(maxMillis, requestedMillis));
    }
}
