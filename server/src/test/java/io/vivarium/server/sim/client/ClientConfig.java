/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.client;

/**
 * How a simulated client behaves.
 *
 * @param sessionTimeoutMillis what it asks for
 * @param meanPauseNanos mean time between two operations
 * @param maxInFlight operations without an answer; at the limit it waits
 * @param abandonsOneIn one in so many operations is followed by the client's death without a word; 0: never
 */
public record ClientConfig(int sessionTimeoutMillis, long meanPauseNanos, int maxInFlight, int abandonsOneIn) {
    /** Two operations a second, a session of six. */
    public static final ClientConfig USUAL = new ClientConfig(6_000, 500_000_000L, 8, 500);

    public ClientConfig {
        if (sessionTimeoutMillis < 6 || meanPauseNanos <= 0 || maxInFlight <= 0 || abandonsOneIn < 0) {
            throw new IllegalArgumentException("timeout " + sessionTimeoutMillis + " ms, pause " + meanPauseNanos
                    + " ns, in flight " + maxInFlight + ", abandons one in " + abandonsOneIn);
        }
    }
}
