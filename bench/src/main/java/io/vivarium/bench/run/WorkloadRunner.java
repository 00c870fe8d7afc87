/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

import io.vivarium.bench.driver.DriverConfig;
import io.vivarium.bench.driver.LoadDriver;
import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.RequestSource;
import io.vivarium.bench.load.Requests;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.report.RunResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Runs named workloads against servers that are there. Thread: the caller's; blocks.
 *
 * <p>The tree must stand already ({@link TreeSetup}), except for C1, which builds it.
 */
public final class WorkloadRunner {
    /** Idle sessions of F1. */
    public static final int IDLE_SESSIONS = 20_000;
    /** Watches of each session in M2. */
    public static final int WATCHES_PER_SESSION = 1_000;

    private static final int CONNECT_TIMEOUT_MILLIS = 120_000;
    private static final int FIRE_TIMEOUT_SECONDS = 120;
    private static final int FIRE_SESSIONS = 4;
    private static final int FIRE_DEPTH = 8;

    private final List<InetSocketAddress> servers;
    private final int loops;
    private final int sessionTimeoutMillis;
    private final CpuMeter serverCpu;
    private final CpuMeter clientCpu;
    private final Consumer<String> progress;

    public WorkloadRunner(
            List<InetSocketAddress> servers,
            int loops,
            int sessionTimeoutMillis,
            CpuMeter serverCpu,
            CpuMeter clientCpu,
            Consumer<String> progress) {
        this.servers = List.copyOf(servers);
        this.loops = loops;
        this.sessionTimeoutMillis = sessionTimeoutMillis;
        this.serverCpu = serverCpu;
        this.clientCpu = clientCpu;
        this.progress = progress;
    }

    /** Reads and writes in the proportion of the spec. */
    public RunResult steady(Workload workload, LoadSpec spec) throws IOException, InterruptedException {
        return steady(workload, mix(spec), spec);
    }

    /** Lists the wide parent. */
    public RunResult listing(Workload workload, LoadSpec spec) throws IOException, InterruptedException {
        return steady(workload, new Requests(0).listWide(), spec);
    }

    /**
     * A steady mix while a crowd of sessions does nothing but ping.
     *
     * @param whenConnected runs between the two
     */
    public RunResult besideCrowd(Workload workload, LoadSpec spec, int idleSessions, Meanwhile whenConnected)
            throws IOException, InterruptedException {
        progress.accept("connecting " + idleSessions + " idle sessions");
        try (LoadDriver crowd = open(idleSessions, 1)) {
            whenConnected.run();
            RunResult result = steady(workload, mix(spec), spec);
            long lost = crowd.rotate().errorCount();
            if (lost > 0) {
                throw new IOException("of " + idleSessions + " idle sessions " + lost + " had errors");
            }
            return result;
        }
    }

    /** Creates all nodes of the spec, once. */
    public RunResult create(Workload workload, LoadSpec spec) throws IOException, InterruptedException {
        try (LoadDriver driver = open(spec.sessions(), spec.depth())) {
            return on(driver)
                    .toEnd(
                            workload.name(),
                            workload.title(),
                            new Requests(spec.dataBytes()).createNodes(spec.nodes()),
                            spec);
        }
    }

    /**
     * Sets watches in all sessions and keeps them, for whoever wants to look at the server meanwhile, then fires all.
     *
     * @param whileSet runs between the two
     */
    public WatchResult watches(Workload workload, LoadSpec spec, Meanwhile whileSet)
            throws IOException, InterruptedException {
        if (spec.nodes() < WATCHES_PER_SESSION) {
            throw new IllegalArgumentException(workload + " needs " + WATCHES_PER_SESSION
                    + " nodes, one for each watch of a session, not " + spec.nodes());
        }
        long watches = (long) spec.sessions() * WATCHES_PER_SESSION;
        Requests requests = new Requests(spec.dataBytes());
        try (LoadDriver watchers = open(spec.sessions(), spec.depth());
                LoadDriver writers = open(FIRE_SESSIONS, FIRE_DEPTH)) {
            RunResult added = on(watchers)
                    .toEnd(
                            workload.name() + " add",
                            "getData with watch",
                            requests.watchNodes(WATCHES_PER_SESSION, spec.nodes()),
                            spec);
            if (added.operations() < watches) {
                throw new IOException(
                        added.operations() + " of " + watches + " watches could be set; errors: " + added.errors());
            }
            whileSet.run();
            RunResult fired = on(watchers)
                    .listen(
                            workload.name() + " fire",
                            "setData of each node",
                            spec,
                            () -> writers.start(requests.writeNodesOnce(spec.nodes()), 0),
                            watches,
                            FIRE_TIMEOUT_SECONDS);
            if (fired.notifications() < watches) {
                throw new IOException(fired.notifications() + " of " + watches + " watches fired within "
                        + FIRE_TIMEOUT_SECONDS + " s; errors of the writes: "
                        + writers.rotate().errors());
            }
            return new WatchResult(added, fired);
        }
    }

    /** Setting and firing of watches. */
    public record WatchResult(RunResult added, RunResult fired) {}

    /** Something to do while watches are set, or idle sessions are there. */
    @FunctionalInterface
    public interface Meanwhile {
        void run() throws IOException, InterruptedException;
    }

    /** A random mix for each session, with a seed of its own. */
    public static RequestSource.Factory mix(LoadSpec spec) {
        Requests requests = new Requests(spec.dataBytes());
        return (session, sessions) ->
                requests.mix(spec.readPercent(), spec.nodes(), new SplittableRandom(spec.seed() * 1_000_003 + session));
    }

    /** Connects sessions to the servers of this runner. */
    public LoadDriver open(int sessions, int depth) throws IOException, InterruptedException {
        return LoadDriver.open(
                new DriverConfig(servers, sessions, depth, Math.min(loops, sessions), sessionTimeoutMillis),
                CONNECT_TIMEOUT_MILLIS);
    }

    private RunResult steady(Workload workload, RequestSource.Factory factory, LoadSpec spec)
            throws IOException, InterruptedException {
        try (LoadDriver driver = open(spec.sessions(), spec.depth())) {
            return on(driver).steady(workload.name(), workload.title(), factory, spec);
        }
    }

    private LoadRun on(LoadDriver driver) {
        List<String> names = servers.stream()
                .map(each -> each.getHostString() + ":" + each.getPort())
                .toList();
        return new LoadRun(driver, names, serverCpu, clientCpu, progress);
    }
}
