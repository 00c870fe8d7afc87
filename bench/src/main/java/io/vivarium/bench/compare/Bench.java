/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.compare;

import io.vivarium.bench.driver.DriverConfig;
import io.vivarium.bench.load.Limits;
import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.Cleanup;
import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.process.ServerGroup;
import io.vivarium.bench.process.WorkDir;
import io.vivarium.bench.report.Metric;
import io.vivarium.bench.report.RunResult;
import io.vivarium.bench.run.CpuMeter;
import io.vivarium.bench.run.TreeSetup;
import io.vivarium.bench.run.WorkloadRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What all scenarios share: sizes, flags, folders, and where progress goes.
 *
 * @param jvmFlags the same for both sides
 * @param extraConfig lines for both sides' zoo.cfg
 * @param dataParent where data folders go; null is the system's temporary folder
 */
public record Bench(
        Scale scale,
        List<String> jvmFlags,
        List<String> extraConfig,
        int loops,
        @Nullable Path dataParent,
        Cleanup cleanup,
        CpuMeter clientCpu,
        Consumer<String> progress) {

    public Bench {
        Limits.threads("client threads", loops);
    }

    ServerGroup start(ServerBuild build, int members) throws IOException, InterruptedException {
        return start(build, members, List.of());
    }

    /** @param moreFlags of the JVM, for a scenario that needs them on both sides */
    ServerGroup start(ServerBuild build, int members, List<String> moreFlags) throws IOException, InterruptedException {
        List<String> flags = new ArrayList<>(jvmFlags);
        flags.addAll(moreFlags);
        progress.accept("starting " + build.name() + (members == 1 ? "" : ", " + members + " members"));
        return ServerGroup.start(build, members, flags, extraConfig, WorkDir.create(dataParent, cleanup));
    }

    WorkloadRunner runner(ServerGroup servers) {
        return new WorkloadRunner(
                servers.addresses(),
                loops,
                DriverConfig.DEFAULT_SESSION_TIMEOUT_MILLIS,
                servers.cpu(),
                clientCpu,
                progress);
    }

    TreeSetup setup(ServerGroup servers) {
        return new TreeSetup(servers.addresses(), progress);
    }

    /** The shape of a workload at this scale. */
    LoadSpec shape(Workload workload) {
        int nodes;
        switch (workload.kind()) {
            case GROWTH:
                nodes = scale.largeNodes();
                break;
            case LISTING:
                nodes = scale.children();
                break;
            default:
                nodes = scale.nodes();
        }
        int rate = workload.isSteady() ? scale.ratePerSecond() : 0;
        return workload.defaults().over(nodes).at(rate).lasting(scale.warmupSeconds(), scale.seconds());
    }

    /**
     * The values that every measured load gives.
     *
     * @throws IOException if nothing was answered: a ratio to nothing says nothing
     */
    static List<Metric.Value> values(String name, RunResult result) throws IOException {
        if (result.operations() == 0) {
            throw new IOException(name + ": no request was answered in " + Math.round(result.seconds()) + " s; errors: "
                    + result.errors());
        }
        List<Metric.Value> values = new ArrayList<>();
        values.add(Metric.higher(name, "throughput", "ops/s", result.opsPerSecond()));
        Double cpu = result.serverCpuMicrosPerOp();
        if (cpu != null) {
            values.add(Metric.lower(name, "server CPU per op", "us", cpu));
        }
        values.add(Metric.lower(name, "p50", "us", result.latency().p50Micros()));
        values.add(Metric.lower(name, "p99", "us", result.latency().p99Micros()));
        values.add(Metric.lower(name, "p99.9", "us", result.latency().p999Micros()));
        values.add(Metric.lower(name, "max", "us", result.latency().maxMicros()));
        values.add(Metric.lower(name, "errors", "count", (double) result.errorCount()));
        return values;
    }
}
