/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.report.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One server's life: started on an empty folder, prepared, loaded with workloads that share the preparation, ended.
 * Thread: the caller's; blocks for as long as that takes.
 */
@FunctionalInterface
public interface Scenario {
    List<Metric.Value> run(ServerBuild build) throws IOException, InterruptedException;

    /** The fewest scenarios that cover the workloads asked for. */
    static List<Scenario> covering(Set<Workload> asked, Bench bench) {
        List<Scenario> scenarios = new ArrayList<>();
        List<Workload> steady = of(asked, Workload.Kind.STEADY);
        steady.addAll(of(asked, Workload.Kind.LISTING));
        if (!steady.isEmpty()) {
            scenarios.add(new SteadyScenario(bench, 1, steady));
        }
        List<Workload> growth = of(asked, Workload.Kind.GROWTH);
        if (!growth.isEmpty()) {
            scenarios.add(new GrowthScenario(bench, growth));
        }
        if (asked.contains(Workload.M2)) {
            scenarios.add(new WatchScenario(bench));
        }
        if (asked.contains(Workload.S3)) {
            scenarios.add(new TreeSizeScenario(bench));
        }
        if (asked.contains(Workload.F1)) {
            scenarios.add(new IdleCrowdScenario(bench));
        }
        List<Workload> ensemble = of(asked, Workload.Kind.ENSEMBLE);
        if (!ensemble.isEmpty()) {
            scenarios.add(new SteadyScenario(bench, 3, ensemble));
        }
        return scenarios;
    }

    private static List<Workload> of(Set<Workload> asked, Workload.Kind kind) {
        List<Workload> found = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            if (workload.kind() == kind && asked.contains(workload)) {
                found.add(workload);
            }
        }
        return found;
    }
}
