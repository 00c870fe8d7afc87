/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.Cleanup;
import io.vivarium.bench.process.HeapProbe;
import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.process.ServerGroup;
import io.vivarium.bench.process.WorkDir;
import io.vivarium.bench.report.RunResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way once: a stock server process, a tree, reads, writes, watches, a restart. */
class LoadAgainstStockIT {
    private static final ServerBuild STOCK = new ServerBuild(
            "stock",
            System.getProperty("java.class.path"),
            "org.apache.zookeeper.server.quorum.QuorumPeerMain",
            List.of(),
            List.of());

    @Test
    void reads_writes_and_watches_of_a_real_server_are_measured(@TempDir Path folder) throws Exception {
        try (Cleanup cleanup = new Cleanup();
                ServerGroup server =
                        ServerGroup.start(STOCK, 1, List.of("-Xmx256m"), List.of(), WorkDir.create(folder, cleanup))) {
            TreeSetup setup = new TreeSetup(server.addresses(), line -> {});
            setup.nodes(2_000, 100);
            setup.nodes(2_000, 100);
            WorkloadRunner runner =
                    new WorkloadRunner(server.addresses(), 1, 30_000, server.cpu(), CpuMeter.UNKNOWN, line -> {});

            RunResult reads = runner.steady(Workload.R1, shape(100, 4));
            assertThat(reads.operations()).isPositive();
            assertThat(reads.errors()).isEmpty();
            assertThat(reads.serverCpuMicrosPerOp()).isNotNull();

            RunResult writes = runner.steady(Workload.W1, shape(0, 4));
            assertThat(writes.writes().count()).isPositive();
            assertThat(writes.errors()).isEmpty();

            WorkloadRunner.WatchResult watches = runner.watches(Workload.M2, shape(100, 5), () -> {});
            assertThat(watches.fired().notifications()).isEqualTo(5_000);

            assertThat(HeapProbe.liveHeapBytes(server.pids().get(0))).isPositive();
            assertThat(server.restart()).isPositive();
            assertThat(runner.steady(Workload.R1, shape(100, 1)).errors()).isEmpty();
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static LoadSpec shape(int readPercent, int sessions) {
        return new LoadSpec(sessions, 16, 0, readPercent, 2_000, 100, 0, 1, 1);
    }
}
