/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.bench.driver.DriverConfig;
import io.vivarium.bench.driver.EchoServer;
import io.vivarium.bench.driver.LoadDriver;
import io.vivarium.bench.load.IntervalSample;
import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.report.RunResult;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.jute.JuteWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    void an_open_loop_counts_what_a_silent_server_has_not_answered_when_measuring_ends() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                SilentSession session = new SilentSession(silent);
                LoadDriver driver = LoadDriver.open(
                        DriverConfig.of(
                                List.of(new InetSocketAddress(silent.getInetAddress(), silent.getLocalPort())), 1, 4),
                        30_000)) {
            long start = System.nanoTime();
            driver.start(WorkloadRunner.mix(shape(1, 4, 1_000)), 1_000);
            driver.awaitDone(300_000_000);
            IntervalSample waiting = driver.waiting();
            long millis = (System.nanoTime() - start) / 1_000_000;

            assertThat(session.isOpen()).isTrue();
            session.hangUp();
            assertThat(driver.rotate().operations()).isZero();
            // One is due each millisecond, four of them were sent; the first has waited longest, the last hardly.
            assertThat(waiting.operations()).isBetween(299L, millis + 1);
            assertThat(waiting.all().getMaxValue()).isBetween(295_000_000L, (millis + 1) * 1_000_000);
            assertThat(waiting.all().getValueAtPercentile(50))
                    .isLessThan(waiting.all().getMaxValue() * 2 / 3);
        }
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

    /** Grants one session and never answers it. */
    private static final class SilentSession implements AutoCloseable {
        private final CompletableFuture<Socket> socket;

        SilentSession(ServerSocket server) {
            socket = CompletableFuture.supplyAsync(() -> {
                try {
                    Socket accepted = server.accept();
                    new DataInputStream(accepted.getInputStream()).readInt();
                    JuteWriter out = new JuteWriter(64);
                    int mark = out.beginFrame();
                    ConnectReply.accepted(30_000, 1, new byte[ConnectReply.PASSWORD_BYTES], false, true)
                            .write(out);
                    out.endFrame(mark);
                    accepted.getOutputStream().write(out.toByteArray());
                    return accepted;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        boolean isOpen() {
            return !socket.join().isClosed();
        }

        void hangUp() throws IOException {
            socket.join().close();
        }

        @Override
        public void close() throws IOException {
            hangUp();
        }
    }

    private WorkloadRunner runner(int loops) {
        return new WorkloadRunner(List.of(address), loops, 30_000, CpuMeter.UNKNOWN, CpuMeter.UNKNOWN, line -> {});
    }

    private static LoadSpec shape(int sessions, int depth, int rate) {
        return new LoadSpec(sessions, depth, rate, 80, 1_000, 100, 0, 1, 1);
    }
}
