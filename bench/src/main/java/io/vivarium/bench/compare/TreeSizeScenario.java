/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.process.ServerGroup;
import io.vivarium.bench.report.Metric;
import io.vivarium.bench.report.RunResult;
import io.vivarium.bench.report.Spread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * S3: does a write get dearer with the size of the tree? A server with few nodes and one with many stand side by side and are
 * written to in short turns, each half as long as other measurements, for a machine that gets faster and slower by itself tells
 * more of the difference than the tree does. The median of the turns counts.
 */
final class TreeSizeScenario implements Scenario {
    private static final int SMALL = 1_000;
    private static final int TURNS = 5;
    private static final int LEAD_SECONDS = 1;

    private final Bench bench;

    TreeSizeScenario(Bench bench) {
        this.bench = bench;
    }

    @Override
    public List<Metric.Value> run(ServerBuild build) throws IOException, InterruptedException {
        LoadSpec shape = bench.shape(Workload.S3);
        LoadSpec ofFew = shape.over(SMALL);
        LoadSpec ofMany = shape.over(2 * bench.scale().largeNodes());
        try (ServerGroup few = ready(build, ofFew);
                ServerGroup many = ready(build, ofMany)) {
            Map<Metric, List<Double>> turns = new LinkedHashMap<>();
            for (int turn = 0; turn < TURNS; turn++) {
                RunResult small = turn(few, ofFew);
                RunResult large = turn(many, ofMany);
                List<Metric.Value> values = new ArrayList<>();
                values.addAll(Bench.values("S3 small", small));
                values.addAll(Bench.values("S3 large", large));
                values.add(Metric.higher(
                        "S3",
                        "throughput kept on the large tree",
                        "of small",
                        large.opsPerSecond() / small.opsPerSecond()));
                for (Metric.Value value : values) {
                    turns.computeIfAbsent(value.metric(), metric -> new ArrayList<>())
                            .add(value.value());
                }
            }
            return turns.entrySet().stream()
                    .map(each -> new Metric.Value(
                            each.getKey(), Spread.of(each.getValue()).median()))
                    .toList();
        }
    }

    /** A server with its nodes that has been written to for a while. */
    private ServerGroup ready(ServerBuild build, LoadSpec shape) throws IOException, InterruptedException {
        ServerGroup servers = bench.start(build, 1);
        boolean ready = false;
        try {
            bench.setup(servers).nodes(shape.nodes(), shape.dataBytes());
            bench.runner(servers).steady(Workload.S3, shape.lasting(shape.warmupSeconds(), 1));
            ready = true;
            return servers;
        } finally {
            if (!ready) {
                servers.close();
            }
        }
    }

    private RunResult turn(ServerGroup servers, LoadSpec shape) throws IOException, InterruptedException {
        int seconds = Math.max(1, shape.seconds() / 2);
        return bench.runner(servers).steady(Workload.S3, shape.lasting(LEAD_SECONDS, seconds));
    }
}
