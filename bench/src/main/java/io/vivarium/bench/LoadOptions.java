/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench;

import io.vivarium.bench.load.LoadSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that change the shape of a load; what is not given stays as the workload has it. */
final class LoadOptions {
    @Option(names = "--sessions", paramLabel = "N", description = "Client sessions, one connection each.")
    @Nullable
    Integer sessions;

    @Option(names = "--depth", paramLabel = "N", description = "Requests in flight per session.")
    @Nullable
    Integer depth;

    @Option(
            names = "--rate",
            paramLabel = "PER_SECOND",
            description = "Open loop: so many arrivals per second over all sessions, latency counted from when each was"
                    + " due. Without it: closed loop.")
    @Nullable
    Integer rate;

    @Option(names = "--read-percent", paramLabel = "0..100", description = "Share of reads in a mix.")
    @Nullable
    Integer readPercent;

    @Option(names = "--nodes", paramLabel = "N", description = "Nodes to choose from (C1: to create).")
    @Nullable
    Integer nodes;

    @Option(names = "--size", paramLabel = "BYTES", description = "Data of each node.")
    @Nullable
    Integer size;

    @Option(names = "--warmup", paramLabel = "SECONDS", description = "Run before measuring.")
    @Nullable
    Integer warmup;

    @Option(names = "--seconds", paramLabel = "SECONDS", description = "Measured time.")
    @Nullable
    Integer seconds;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the choice of nodes.")
    @Nullable
    Long seed;

    LoadSpec applyTo(LoadSpec base) {
        Long chosenSeed = seed;
        return new LoadSpec(
                or(sessions, base.sessions()),
                or(depth, base.depth()),
                or(rate, base.ratePerSecond()),
                or(readPercent, base.readPercent()),
                or(nodes, base.nodes()),
                or(size, base.dataBytes()),
                or(warmup, base.warmupSeconds()),
                or(seconds, base.seconds()),
                chosenSeed == null ? base.seed() : chosenSeed);
    }

    private static int or(@Nullable Integer given, int usual) {
        return given == null ? usual : given;
    }
}
