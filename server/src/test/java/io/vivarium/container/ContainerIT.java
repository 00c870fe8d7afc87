/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vivarium.ensemble.Client;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One server in a container of the project's Dockerfile, with nothing said but its defaults (spec operations 7.3). */
class ContainerIT {
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    @BeforeAll
    static void needsDaemon() {
        ServerContainer.assumeDaemon();
    }

    @Test
    void a_container_serves_is_healthy_and_keeps_its_data() throws Exception {
        try (ServerContainer server = ServerContainer.alone().start()) {
            awaitMode(server);
            try (Client client = Client.to(server.address())) {
                client.populate("/a");
            }
            assertThat(server.run("id", "-u").getStdout().strip()).isEqualTo("1000");
            assertThat(server.run("cat", "/data/myid").getStdout()).isEqualTo("1\n");
            await("healthy").atMost(DEADLINE).until(() -> "healthy"
                    .equals(Objects.requireNonNull(server.inspect().getState().getHealth())
                            .getStatus()));
            server.stop();
            assertThat(server.inspect().getState().getExitCodeLong()).isEqualTo(143);
            server.startAgain();
            awaitMode(server);
            server.kill();
            server.startAgain();
            awaitMode(server);
            try (Client client = Client.to(server.address())) {
                assertThat(client.read("/a")).isEqualTo("in a multi");
            }
        }
    }

    private static void awaitMode(ServerContainer server) {
        await("standalone")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> server.mode().filter("standalone"::equals).isPresent());
    }
}
