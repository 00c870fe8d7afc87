/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a connect request costs: spec operations 1.5. */
class ThrottleConfigTest {
    private static final String[] WEIGHTS = {
        "connection_throttle_global_session_weight=7",
        "connection_throttle_renew_session_weight=5",
        "connection_throttle_local_session_weight=4",
        "connection_throttle_weight_enabled=true"
    };

    @Test
    void without_weights_every_session_costs_one() {
        assertThat(costs(LoadedConfig.of("connection_throttle_global_session_weight=7")))
                .containsExactly(1, 1);
    }

    @Test
    void a_new_session_costs_more_than_one_that_comes_back() {
        assertThat(costs(LoadedConfig.of(WEIGHTS))).containsExactly(7, 5);
        assertThat(costs(LoadedConfig.ofThree("1", WEIGHTS))).containsExactly(7, 5);
    }

    @Test
    void where_sessions_may_be_local_a_new_one_costs_what_a_local_one_does() {
        assertThat(costs(LoadedConfig.ofThree("1", local()))).containsExactly(4, 5);
    }

    @Test
    void a_server_on_its_own_has_no_local_sessions() {
        assertThat(costs(LoadedConfig.of(local()))).containsExactly(7, 5);
    }

    private static String[] local() {
        String[] lines = Arrays.copyOf(WEIGHTS, WEIGHTS.length + 1);
        lines[WEIGHTS.length] = "localSessionsEnabled=true";
        return lines;
    }

    private static int[] costs(LoadedConfig config) {
        ThrottleConfig.ConnectionTokens tokens = config.load().throttle().connections();
        return new int[] {tokens.newSessionCost(), tokens.renewedSessionCost()};
    }
}
