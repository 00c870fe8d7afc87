/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

import io.vivarium.bench.driver.DriverConfig;
import io.vivarium.bench.driver.LoadDriver;
import io.vivarium.bench.load.IntervalSample;
import io.vivarium.bench.load.NodeNames;
import io.vivarium.bench.load.RequestSource;
import io.vivarium.bench.load.Requests;
import io.vivarium.protocol.data.ErrorCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Creates the tree that a workload runs on; nodes that are there already get data of the right size. Thread: the caller's;
 * blocks.
 */
public final class TreeSetup {
    private static final int SESSIONS = 8;
    private static final int DEPTH = 100;
    private static final int CONNECT_TIMEOUT_MILLIS = 60_000;
    private static final long TICK_NANOS = 1_000_000_000L;

    private final List<InetSocketAddress> servers;
    private final Consumer<String> progress;

    public TreeSetup(List<InetSocketAddress> servers, Consumer<String> progress) {
        this.servers = List.copyOf(servers);
        this.progress = progress;
    }

    /** Makes sure that {@code nodes} nodes exist, each with data of that size. */
    public void nodes(int nodes, int dataBytes) throws IOException, InterruptedException {
        Requests requests = new Requests(dataBytes);
        try (LoadDriver driver = open()) {
            parents(driver, nodes);
            if (run(driver, "create nodes", requests.createNodes(nodes)) > 0) {
                // They are of an earlier run, which may have used another size.
                run(driver, "write nodes", requests.writeNodesOnce(nodes));
            }
        }
    }

    /** Makes sure that the parents of so many nodes exist. */
    public void parents(int nodes) throws IOException, InterruptedException {
        try (LoadDriver driver = open()) {
            parents(driver, nodes);
        }
    }

    /** Makes sure that {@link NodeNames#WIDE} has so many children. */
    public void wideParent(int children) throws IOException, InterruptedException {
        Requests requests = new Requests(0);
        try (LoadDriver driver = open()) {
            run(driver, "create parent", requests.createOne(NodeNames.WIDE));
            run(driver, "create children", requests.createWideChildren(children));
        }
    }

    private LoadDriver open() throws IOException, InterruptedException {
        return LoadDriver.open(DriverConfig.of(servers, SESSIONS, DEPTH), CONNECT_TIMEOUT_MILLIS);
    }

    private void parents(LoadDriver driver, int nodes) throws InterruptedException, IOException {
        Requests requests = new Requests(0);
        run(driver, "create root", requests.createOne(NodeNames.ROOT));
        run(driver, "create parents", requests.createParents(nodes));
    }

    /** Returns how many nodes were there before. */
    private long run(LoadDriver driver, String label, RequestSource.Factory factory)
            throws InterruptedException, IOException {
        driver.rotate();
        Map<String, Long> errors = new TreeMap<>();
        long done = 0;
        driver.start(factory, 0);
        boolean ended = false;
        Patience patience = new Patience(label);
        while (!ended) {
            ended = driver.awaitDone(TICK_NANOS);
            IntervalSample sample = driver.rotate();
            sample.errors().forEach((what, times) -> errors.merge(what, times, Long::sum));
            done += sample.operations();
            if (!ended) {
                progress.accept(label + ": " + done);
                // A refusal is an answer, too.
                patience.tick(sample.operations() + sample.errorCount());
            }
        }
        Long there = errors.remove(ErrorCode.NODE_EXISTS.name());
        if (!errors.isEmpty()) {
            throw new IOException(label + " on " + servers + " failed: " + errors);
        }
        return there == null ? 0 : there;
    }
}
