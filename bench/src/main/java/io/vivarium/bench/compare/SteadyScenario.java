/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.process.ServerGroup;
import io.vivarium.bench.report.Metric;
import io.vivarium.bench.report.RunResult;
import io.vivarium.bench.run.WorkloadRunner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** R1 to X1 and G1 on one server, or E1 to E3 on three: one tree, one workload after the other. */
final class SteadyScenario implements Scenario {
    private final Bench bench;
    private final int members;
    private final List<Workload> workloads;

    SteadyScenario(Bench bench, int members, List<Workload> workloads) {
        this.bench = bench;
        this.members = members;
        this.workloads = List.copyOf(workloads);
    }

    @Override
    public List<Metric.Value> run(ServerBuild build) throws IOException, InterruptedException {
        try (ServerGroup servers = bench.start(build, members)) {
            WorkloadRunner runner = bench.runner(servers);
            if (workloads.stream().anyMatch(workload -> workload.kind() != Workload.Kind.LISTING)) {
                bench.setup(servers)
                        .nodes(bench.scale().nodes(), Workload.R1.defaults().dataBytes());
            }
            List<Metric.Value> values = new ArrayList<>();
            for (Workload workload : workloads) {
                values.addAll(Bench.values(workload.name(), run(workload, servers, runner)));
            }
            return values;
        }
    }

    private RunResult run(Workload workload, ServerGroup servers, WorkloadRunner runner)
            throws IOException, InterruptedException {
        LoadSpec shape = bench.shape(workload);
        if (workload.kind() == Workload.Kind.LISTING) {
            bench.setup(servers).wideParent(shape.nodes());
            return runner.listing(workload, shape);
        }
        return runner.steady(workload, shape);
    }
}
