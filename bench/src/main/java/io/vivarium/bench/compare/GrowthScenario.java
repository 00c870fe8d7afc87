/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.HeapProbe;
import io.vivarium.bench.process.ProcFs;
import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.process.ServerGroup;
import io.vivarium.bench.report.Metric;
import io.vivarium.bench.report.RunResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * C1 and what is asked of its tree: M1 its memory, S2 a snapshot of it under load, S1 the restart with it. C1 always
 * runs; only what was asked for is reported.
 */
final class GrowthScenario implements Scenario {
    private final Bench bench;
    private final List<Workload> asked;

    GrowthScenario(Bench bench, List<Workload> asked) {
        this.bench = bench;
        this.asked = List.copyOf(asked);
    }

    @Override
    public List<Metric.Value> run(ServerBuild build) throws IOException, InterruptedException {
        List<Metric.Value> values = new ArrayList<>();
        LoadSpec shape = bench.shape(Workload.C1);
        try (ServerGroup servers = bench.start(build, 1)) {
            bench.setup(servers).parents(shape.nodes());
            boolean memory = asked.contains(Workload.M1);
            long heapBefore = memory ? liveHeap(servers) : 0;
            RunResult created = bench.runner(servers).create(Workload.C1, shape);
            if (asked.contains(Workload.C1)) {
                values.addAll(Bench.values("C1", created));
            }
            if (memory) {
                long peak = ProcFs.peakResidentBytes(servers.pids().get(0));
                double perNode = (liveHeap(servers) - heapBefore) / (double) shape.nodes();
                values.add(Metric.lower("M1", "live heap per znode", "bytes", perNode));
                values.add(Metric.lower("M1", "peak resident memory", "MiB", peak / 1048576.0));
            }
            if (asked.contains(Workload.S2)) {
                values.addAll(new SnapshotUnderLoad(bench, servers).run(bench.shape(Workload.S2)));
            }
            if (asked.contains(Workload.S1)) {
                bench.progress().accept("S1: restarting " + build.name());
                values.add(Metric.lower("S1", "restart to serving", "ms", servers.restart() / 1e6));
            }
        }
        return values;
    }

    private static long liveHeap(ServerGroup servers) throws IOException, InterruptedException {
        return HeapProbe.liveHeapBytes(servers.pids().get(0));
    }
}
