/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

/**
 * The shape of a load.
 *
 * @param sessions client sessions, each with its own connection
 * @param depth requests in flight per session
 * @param ratePerSecond arrivals of all sessions together; 0 means closed loop
 * @param readPercent share of reads, 0..100
 * @param nodes nodes of the tree that requests choose from
 * @param dataBytes data of each node
 * @param warmupSeconds run before measuring
 * @param seconds measured
 * @param seed of the choice of nodes
 */
public record LoadSpec(
        int sessions,
        int depth,
        int ratePerSecond,
        int readPercent,
        int nodes,
        int dataBytes,
        int warmupSeconds,
        int seconds,
        long seed) {
    /** Data of each node where nothing else is said. */
    public static final int USUAL_DATA_BYTES = 100;

    public LoadSpec {
        Limits.within("sessions", sessions, 1, 1_000_000);
        Limits.within("depth", depth, 1, 1_000_000);
        Limits.within("rate", ratePerSecond, 0, 100_000_000);
        Limits.within("read percentage", readPercent, 0, 100);
        Limits.within("nodes", nodes, 1, NodeNames.MAX_NODES);
        Limits.within("data size", dataBytes, 0, 1_000_000);
        Limits.within("warm-up seconds", warmupSeconds, 0, 86_400);
        Limits.within("seconds", seconds, 1, 86_400);
    }

    /** The same for other times. */
    public LoadSpec lasting(int newWarmupSeconds, int newSeconds) {
        return new LoadSpec(
                sessions, depth, ratePerSecond, readPercent, nodes, dataBytes, newWarmupSeconds, newSeconds, seed);
    }

    /** The same with so many arrivals per second; 0 is a closed loop. */
    public LoadSpec at(int newRatePerSecond) {
        return new LoadSpec(
                sessions, depth, newRatePerSecond, readPercent, nodes, dataBytes, warmupSeconds, seconds, seed);
    }

    /** The same on a tree of another size. */
    public LoadSpec over(int newNodes) {
        return new LoadSpec(
                sessions, depth, ratePerSecond, readPercent, newNodes, dataBytes, warmupSeconds, seconds, seed);
    }
}
