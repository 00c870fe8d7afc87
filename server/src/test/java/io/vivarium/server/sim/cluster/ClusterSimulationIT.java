/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.sim.Seeds;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clusters of every shape under every fault. */
class ClusterSimulationIT {
    static LongStream seeds() {
        return Seeds.of(10, 5);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverHappensNothingIsLostAndEverybodyConverges(long seed) {
        ClusterRun run = new ClusterRun(seed, ClusterRun.shapeOf(seed, 0));
        run.run(5 * ClusterRun.MINUTE);
        assertThat(run.cluster().checks.answered()).isGreaterThan(100);
    }
}
