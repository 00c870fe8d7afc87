/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench;

import io.vivarium.bench.driver.DriverConfig;
import io.vivarium.bench.load.Limits;
import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.ProcFs;
import io.vivarium.bench.report.ResultFiles;
import io.vivarium.bench.report.RunPage;
import io.vivarium.bench.report.RunResult;
import io.vivarium.bench.run.CpuMeter;
import io.vivarium.bench.run.TreeSetup;
import io.vivarium.bench.run.WorkloadRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs one workload against servers that are there. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs a workload against running servers of any ZooKeeper-compatible kind.",
            "It creates its nodes below /bench (and /bench-wide for G1) and leaves them there for the next run."
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Option(names = "--workload", required = true, paramLabel = "NAME", description = "See 'zkBench.sh list'.")
    @SuppressWarnings("NullAway.Init") // Required.
    private String workloadName;

    @Option(
            names = "--servers",
            defaultValue = "127.0.0.1:2181",
            paramLabel = "HOST:PORT,...",
            description = "Dealt to the sessions in turn. Default: ${DEFAULT-VALUE}")
    private String servers = "";

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Option(names = "--loops", defaultValue = "1", paramLabel = "N", description = "Client threads. Default: 1")
    private int loops;

    @Option(
            names = "--session-timeout",
            defaultValue = "" + DriverConfig.DEFAULT_SESSION_TIMEOUT_MILLIS,
            paramLabel = "MILLIS",
            description = "Asked of the server. Default: ${DEFAULT-VALUE}")
    private int sessionTimeoutMillis;

    @Option(
            names = "--idle",
            defaultValue = "" + WorkloadRunner.IDLE_SESSIONS,
            paramLabel = "N",
            description = "Idle sessions of F1. Default: ${DEFAULT-VALUE}")
    private int idleSessions;

    @Option(
            names = "--server-pid",
            split = ",",
            paramLabel = "PID",
            description = "Server processes on this machine: adds their processor time per operation.")
    private List<Long> pids = new ArrayList<>();

    @Option(names = "--no-prepare", description = "The nodes are there; create none.")
    private boolean unprepared;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result as JSON.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Writes a page with latency and throughput over time.")
    private @Nullable Path html;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Workload workload = Workload.of(workloadName);
        if (!workload.runsAgainstAnyServer()) {
            throw new IllegalArgumentException(workload
                    + " starts and stops servers itself; it runs in 'zkBench.sh compare --workloads " + workload + "'");
        }
        LoadSpec shape = load.applyTo(workload.defaults());
        Limits.threads("client threads", loops);
        for (long pid : pids) {
            if (ProcFs.cpuNanos(pid) < 0) {
                throw new IllegalArgumentException("no process " + pid + " whose processor time could be read");
            }
        }
        List<InetSocketAddress> addresses = DriverConfig.parseServers(servers);
        WorkloadRunner runner = new WorkloadRunner(
                addresses, loops, sessionTimeoutMillis, serverCpu(), ownCpu(), line -> show(out, line));
        if (!unprepared) {
            prepare(workload, shape, new TreeSetup(addresses, line -> show(out, line)));
        }
        RunResult result = run(workload, shape, runner);
        summary(out, result);
        write(result);
        return result.operations() == 0 && result.notifications() == 0 ? 1 : 0;
    }

    private RunResult run(Workload workload, LoadSpec shape, WorkloadRunner runner)
            throws IOException, InterruptedException {
        switch (workload.kind()) {
            case GROWTH:
                return runner.create(workload, shape);
            case LISTING:
                return runner.listing(workload, shape);
            case IDLE_CROWD:
                return runner.besideCrowd(workload, shape, idleSessions, () -> {});
            case WATCHES:
                WorkloadRunner.WatchResult watches = runner.watches(workload, shape, () -> {});
                summary(spec.commandLine().getOut(), watches.added());
                return watches.fired();
            default:
                return runner.steady(workload, shape);
        }
    }

    private static void prepare(Workload workload, LoadSpec shape, TreeSetup setup)
            throws IOException, InterruptedException {
        switch (workload.kind()) {
            case GROWTH:
                setup.parents(shape.nodes());
                break;
            case LISTING:
                setup.wideParent(shape.nodes());
                break;
            default:
                setup.nodes(shape.nodes(), shape.dataBytes());
        }
    }

    private void write(RunResult result) throws IOException {
        Path jsonFile = json;
        if (jsonFile != null) {
            ResultFiles.write(jsonFile, ResultFiles.json(result));
        }
        Path htmlFile = html;
        if (htmlFile != null) {
            ResultFiles.write(htmlFile, RunPage.html(result));
        }
    }

    private CpuMeter serverCpu() {
        return () -> {
            long sum = 0;
            for (long pid : pids) {
                long nanos = ProcFs.cpuNanos(pid);
                if (nanos < 0) {
                    return -1;
                }
                sum += nanos;
            }
            return pids.isEmpty() ? -1 : sum;
        };
    }

    static CpuMeter ownCpu() {
        long pid = ProcessHandle.current().pid();
        return () -> ProcFs.cpuNanos(pid);
    }

    static void show(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    static void summary(PrintWriter out, RunResult result) {
        show(
                out,
                String.format(
                        Locale.ROOT,
                        "%s: %,d operations in %.1f s = %,.0f per second%s; latency us p50 %.0f p99 %.0f p99.9 %.0f max %.0f"
                                + "%s%s%s%s",
                        result.workload(),
                        result.operations(),
                        result.seconds(),
                        result.opsPerSecond(),
                        asked(result),
                        result.latency().p50Micros(),
                        result.latency().p99Micros(),
                        result.latency().p999Micros(),
                        result.latency().maxMicros(),
                        cost("; server CPU", result.serverCpuMicrosPerOp()),
                        cost("; client CPU", result.clientCpuMicrosPerOp()),
                        result.notifications() == 0
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "; %,d notifications = %,.0f per second",
                                        result.notifications(),
                                        result.notifications() / result.seconds()),
                        result.errors().isEmpty() ? "" : "; errors " + result.errors()));
    }

    private static String asked(RunResult result) {
        int rate = result.spec().ratePerSecond();
        return rate == 0
                ? ""
                : String.format(Locale.ROOT, " of %,d asked, %,d not answered at the end", rate, result.unanswered());
    }

    private static String cost(String what, @Nullable Double micros) {
        return micros == null ? "" : String.format(Locale.ROOT, "%s %.2f us/op", what, micros);
    }
}
