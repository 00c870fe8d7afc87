/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HiccupsTest {
    @Test
    @Timeout(60)
    void no_machine_wakes_a_sleeper_on_the_dot() {
        try (Hiccups hiccups = Hiccups.start()) {
            long late = 0;
            while (late == 0) {
                Thread.onSpinWait();
                late = hiccups.takeLongest();
            }

            assertThat(late).isPositive();
        }
    }
}
