/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.process.ServerGroup;
import io.vivarium.bench.report.Metric;
import io.vivarium.bench.report.RunResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** S3: does a write get dearer with the size of the tree? */
final class TreeSizeScenario implements Scenario {
    private static final int SMALL = 1_000;

    private final Bench bench;

    TreeSizeScenario(Bench bench) {
        this.bench = bench;
    }

    @Override
    public List<Metric.Value> run(ServerBuild build) throws IOException, InterruptedException {
        RunResult small = writes(build, SMALL);
        RunResult large = writes(build, 2 * bench.scale().largeNodes());
        List<Metric.Value> values = new ArrayList<>();
        values.addAll(Bench.values("S3 small", small));
        values.addAll(Bench.values("S3 large", large));
        values.add(Metric.higher(
                "S3", "throughput kept on the large tree", "of small", large.opsPerSecond() / small.opsPerSecond()));
        return values;
    }

    private RunResult writes(ServerBuild build, int nodes) throws IOException, InterruptedException {
        LoadSpec shape = bench.shape(Workload.S3).over(nodes);
        try (ServerGroup servers = bench.start(build, 1)) {
            bench.setup(servers).nodes(nodes, shape.dataBytes());
            return bench.runner(servers).steady(Workload.S3, shape);
        }
    }
}
