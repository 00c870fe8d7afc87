/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

/**
 * How large and how long a comparison is.
 *
 * @param warmupSeconds before each measurement
 * @param seconds of each measurement
 * @param nodes of the tree of steady workloads
 * @param largeNodes that C1 creates, and S3's larger tree has twice
 * @param children of G1's parent
 * @param watchSessions of M2, with a thousand watches each
 * @param idleSessions of F1
 */
public record Scale(
        int warmupSeconds, int seconds, int nodes, int largeNodes, int children, int watchSessions, int idleSessions) {
    public static final Scale FULL = new Scale(5, 15, 200_000, 1_000_000, 100_000, 1_000, 20_000);

    public Scale {
        positive("seconds", seconds);
        positive("nodes", nodes);
        positive("large nodes", largeNodes);
        positive("children", children);
        positive("watch sessions", watchSessions);
        positive("idle sessions", idleSessions);
    }

    private static void positive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " " + value + " is below 1");
        }
    }
}
