/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final Patience patience = new Patience("create nodes");

    @Test
    void it_ends_after_two_minutes_without_an_answer_and_any_answer_starts_anew() throws IOException {
        silence(119);
        patience.tick(1);
        silence(119);

        assertThatThrownBy(() -> patience.tick(0))
                .isInstanceOf(IOException.class)
                .hasMessage("create nodes: no answer for 120 s; is the server still there?");
    }

    private void silence(int seconds) throws IOException {
        for (int i = 0; i < seconds; i++) {
            patience.tick(0);
        }
    }
}
