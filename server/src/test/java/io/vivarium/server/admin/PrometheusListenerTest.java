/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.server.metrics.Counter;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.metrics.Summary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that Prometheus scrapes, over loopback (spec operations 5.1). */
class PrometheusListenerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path dataDir;

    private AdminFixture fixture;
    private PrometheusListener listener;
    private InetSocketAddress address;

    @BeforeEach
    void start() throws Exception {
        fixture = new AdminFixture(AdminFixture.config(dataDir));
        listener = new PrometheusListener(fixture.view());
        address = listener.start(ANY_PORT);
    }

    @AfterEach
    void close() {
        listener.close();
        fixture.close();
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void thePageHasTheFamiliesOfStockUnderTheirNames() throws Exception {
        Recorder recorder = fixture.metrics.newRecorder();
        recorder.add(Counter.RESPONSE_BYTES, 12);
        recorder.record(Summary.READLATENCY, 3);
        recorder.read("/app/x", 75);
        HttpResponse<String> page = send("GET", "/metrics");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(page.body().lines())
                .contains(
                        "# HELP znode_count znode_count",
                        "# TYPE znode_count gauge",
                        "znode_count 5.0",
                        "# TYPE response_bytes counter",
                        "response_bytes 12.0",
                        "# TYPE readlatency summary",
                        "readlatency{quantile=\"0.5\",} 3.0",
                        "readlatency{quantile=\"0.99\",} 3.0",
                        "readlatency_count 1.0",
                        "readlatency_sum 3.0",
                        "fsynctime{quantile=\"0.5\",} NaN",
                        "read_per_namespace{key=\"app\",quantile=\"0.5\",} 75.0",
                        "read_per_namespace_sum{key=\"app\",} 75.0",
                        "# TYPE jvm_memory_bytes_used gauge",
                        "# TYPE process_cpu_seconds_total counter")
                .noneMatch(line -> line.startsWith("fsynctime{quantile=\"0.9\""));
    }

    @Test
    void whatIsAskedBesideThePageIsRefused() throws Exception {
        assertThat(send("GET", "/").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/metrics/more").statusCode()).isEqualTo(404);
        assertThat(send("TRACE", "/metrics").statusCode()).isEqualTo(403);
        assertThat(send("GET", "/metrics?name=x").statusCode()).isEqualTo(200);
    }

    @Test
    void aPortInUseIsToldWithItsAddress() {
        PrometheusListener second = new PrometheusListener(fixture.view());
        assertThatThrownBy(() -> second.start(address))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen for Prometheus on")
                .hasMessageContaining(Integer.toString(address.getPort()));
    }
}
