/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriverConfigTest {
    @Test
    void servers_are_hosts_with_or_without_port() {
        assertThat(DriverConfig.parseServers("127.0.0.1:1234, 127.0.0.2,[::1]:9,[::1]"))
                .extracting(InetSocketAddress::getPort)
                .containsExactly(1234, 2181, 9, 2181);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,,b", ":1", "a:0", "a:65536", "a:x", "a:"})
    void a_bad_list_is_refused_and_shown(String text) {
        assertThatThrownBy(() -> DriverConfig.parseServers(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void a_driver_needs_a_server_and_a_session() {
        assertThatThrownBy(() -> DriverConfig.of(List.of(), 1, 1)).hasMessage("no server given");
        assertThatThrownBy(() -> DriverConfig.of(DriverConfig.parseServers("127.0.0.1"), 0, 1))
                .hasMessage("sessions 0 is below 1");
    }
}
