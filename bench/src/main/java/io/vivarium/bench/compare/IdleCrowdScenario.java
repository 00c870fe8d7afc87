/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.HeapProbe;
import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.process.ServerGroup;
import io.vivarium.bench.report.Metric;
import io.vivarium.bench.report.RunResult;
import io.vivarium.bench.run.WorkloadRunner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** F1: what sessions cost that only ping: memory, and time of those that write. */
final class IdleCrowdScenario implements Scenario {
    private final Bench bench;

    IdleCrowdScenario(Bench bench) {
        this.bench = bench;
    }

    @Override
    public List<Metric.Value> run(ServerBuild build) throws IOException, InterruptedException {
        LoadSpec shape = bench.shape(Workload.F1);
        int idle = bench.scale().idleSessions();
        try (ServerGroup servers = bench.start(build, 1, List.of(HeapProbe.TRACK_NATIVE_MEMORY))) {
            bench.setup(servers).nodes(shape.nodes(), shape.dataBytes());
            WorkloadRunner runner = bench.runner(servers);
            long pid = servers.pids().get(0);
            RunResult alone = runner.steady(Workload.F1, shape);
            long before = HeapProbe.liveHeapBytes(pid) + HeapProbe.directBytes(pid);
            long[] with = new long[1];
            RunResult beside = runner.besideCrowd(
                    Workload.F1,
                    shape,
                    idle,
                    () -> with[0] = HeapProbe.liveHeapBytes(pid) + HeapProbe.directBytes(pid));
            List<Metric.Value> values = new ArrayList<>();
            values.addAll(Bench.values("F1 alone", alone));
            values.addAll(Bench.values("F1", beside));
            values.add(Metric.lower(
                    "F1",
                    "p99 beside the crowd",
                    "of alone",
                    beside.latency().p99Micros() / alone.latency().p99Micros()));
            values.add(Metric.lower(
                    "F1", "heap and direct memory per idle session", "bytes", (with[0] - before) / (double) idle));
            return values;
        }
    }
}
