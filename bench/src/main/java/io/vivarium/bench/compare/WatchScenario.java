/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.HeapProbe;
import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.process.ServerGroup;
import io.vivarium.bench.report.Metric;
import io.vivarium.bench.run.WorkloadRunner;
import java.io.IOException;
import java.util.List;

/** M2: what a watch costs in memory, and how fast watches are set and fired. */
final class WatchScenario implements Scenario {
    private static final int WARM_UP_SESSIONS = 50;

    private final Bench bench;

    WatchScenario(Bench bench) {
        this.bench = bench;
    }

    @Override
    public List<Metric.Value> run(ServerBuild build) throws IOException, InterruptedException {
        LoadSpec usual = Workload.M2.defaults();
        LoadSpec shape = new LoadSpec(
                bench.scale().watchSessions(), usual.depth(), 0, 100, usual.nodes(), usual.dataBytes(), 0, 1, 1);
        try (ServerGroup servers = bench.start(build, 1)) {
            bench.setup(servers).nodes(shape.nodes(), shape.dataBytes());
            WorkloadRunner runner = bench.runner(servers);
            LoadSpec small = new LoadSpec(
                    Math.min(WARM_UP_SESSIONS, shape.sessions()), shape.depth(), 0, 100, shape.nodes(), 100, 0, 1, 1);
            runner.watches(Workload.M2, small, () -> {});
            long pid = servers.pids().get(0);
            long heapBefore = HeapProbe.liveHeapBytes(pid);
            long[] heapWith = new long[1];
            WorkloadRunner.WatchResult result =
                    runner.watches(Workload.M2, shape, () -> heapWith[0] = HeapProbe.liveHeapBytes(pid));
            double watches = (double) shape.sessions() * WorkloadRunner.WATCHES_PER_SESSION;
            return List.of(
                    Metric.lower(
                            "M2",
                            "live heap per watch, sessions included",
                            "bytes",
                            (heapWith[0] - heapBefore) / watches),
                    Metric.higher(
                            "M2",
                            "watches set",
                            "per s",
                            watches / result.added().seconds()),
                    Metric.higher(
                            "M2",
                            "watches fired",
                            "per s",
                            watches / result.fired().seconds()));
        }
    }
}
