/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

import io.vivarium.bench.load.Limits;
import io.vivarium.bench.load.NodeNames;

/**
 * How large and how long a comparison is.
 *
 * @param warmupSeconds before each measurement
 * @param seconds of each measurement
 * @param ratePerSecond of workloads with a steady mix: an open loop at this rate; 0 is a closed loop, as fast as it goes
 * @param nodes of the tree of steady workloads
 * @param largeNodes that C1 creates, and S3's larger tree has twice
 * @param children of G1's parent
 * @param watchSessions of M2, with a thousand watches each
 * @param idleSessions of F1
 */
public record Scale(
        int warmupSeconds,
        int seconds,
        int ratePerSecond,
        int nodes,
        int largeNodes,
        int children,
        int watchSessions,
        int idleSessions) {

    public Scale {
        Limits.within("warm-up seconds", warmupSeconds, 0, 86_400);
        Limits.within("seconds", seconds, 1, 86_400);
        Limits.within("rate", ratePerSecond, 0, 100_000_000);
        Limits.within("nodes", nodes, 1, NodeNames.MAX_NODES);
        Limits.within("large nodes", largeNodes, 1, NodeNames.MAX_NODES / 2);
        Limits.within("children", children, 1, NodeNames.MAX_NODES);
        Limits.within("watch sessions", watchSessions, 1, 1_000_000);
        Limits.within("idle sessions", idleSessions, 1, 1_000_000);
    }
}
