/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.bench.driver.DriverConfig;
import io.vivarium.bench.driver.EchoServer;
import io.vivarium.bench.driver.LoadDriver;
import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.report.RunResult;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadAgainstEchoIT {
    @TempDir
    private Path folder;

    private EchoServer server;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws IOException {
        serve(null);
    }

    private void serve(@Nullable Path syncFolder) throws IOException {
        server = EchoServer.start(0, 100, 1, syncFolder);
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void a_closed_loop_over_two_event_loops_measures_without_errors() throws Exception {
        RunResult result = runner(2).steady(Workload.X1, shape(8, 4, 0));

        assertThat(result.operations()).isPositive();
        assertThat(result.errors()).isEmpty();
        assertThat(result.reads().count()).isGreaterThan(result.writes().count());
        assertThat(result.timeLine()).hasSize(1);
    }

    @Test
    void an_open_loop_keeps_its_rate_whatever_the_server_could_do() throws Exception {
        RunResult result = runner(2).steady(Workload.R1, shape(7, 4, 2_000));

        // Unpaced, the echo server answers a thousand times as many. A busy machine may shift some across the window.
        assertThat(result.operations() / result.seconds()).isBetween(1_000.0, 3_000.0);
        assertThat(result.errors()).isEmpty();
    }

    @Test
    void a_sweep_ends_by_itself_with_every_request_answered() throws Exception {
        RunResult result = runner(1).create(Workload.C1, shape(3, 10, 0));

        assertThat(result.operations()).isEqualTo(1_000);
    }

    @Test
    void writes_are_answered_behind_a_sync_where_that_is_asked_for() throws Exception {
        server.close();
        serve(folder);

        RunResult result = runner(2).steady(Workload.X1, shape(8, 4, 0));

        assertThat(result.errors()).isEmpty();
        assertThat(result.writes().count()).isPositive();
        assertThat(result.reads().count()).isGreaterThan(result.writes().count());
        byte[] frame = new byte[8];
        try (InputStream log = Files.newInputStream(folder.resolve("echo.log"))) {
            assertThat(log.readNBytes(frame, 0, frame.length)).isEqualTo(frame.length);
        }
        assertThat(ByteBuffer.wrap(frame).getInt())
                .as("the length of the first write")
                .isPositive();
    }

    @Test
    void a_server_that_is_not_there_is_reported_with_the_reason() throws Exception {
        server.close();

        assertThatThrownBy(() -> LoadDriver.open(DriverConfig.of(List.of(address), 2, 1), 400))
                .hasMessageContaining("only 0 of 2 sessions connected to")
                .hasMessageContaining("last failure");
    }

    private WorkloadRunner runner(int loops) {
        return new WorkloadRunner(List.of(address), loops, 30_000, CpuMeter.UNKNOWN, CpuMeter.UNKNOWN, line -> {});
    }

    private static LoadSpec shape(int sessions, int depth, int rate) {
        return new LoadSpec(sessions, depth, rate, 80, 1_000, 100, 0, 1, 1);
    }
}
