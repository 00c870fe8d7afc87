/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.process.ServerDistribution;
import io.vivarium.testkit.process.ServerProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The other side of the contract is really there: each stock release starts, stops, dies and comes back. */
@Tag("contract")
class StockServerIT {
    @ParameterizedTest(name = "stock {0} serves, survives a kill, and stops when asked")
    @ValueSource(strings = {"3.9.5", "3.8.4", "3.5.7", "3.4.14"})
    void a_stock_server_lives_a_whole_life(String version, @TempDir Path directory) throws Exception {
        try (ServerProcess server = ServerProcess.of(ServerDistribution.stock(version), directory)
                .config("tickTime", "1000")
                .start()) {
            assertThat(server.ask("srvr"))
                    .contains("Zookeeper version: " + version)
                    .contains("Mode: standalone");
            server.kill9();
            assertThat(server.isAlive()).isFalse();
            server.restart();
            assertThat(server.ask("srvr")).contains("Mode: standalone");
            server.stop();
            assertThat(server.exitCode()).isEqualTo(143);
        }
    }
}
