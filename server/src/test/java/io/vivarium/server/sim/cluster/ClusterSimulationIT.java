/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.sim.Seeds;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clusters of every shape under every fault; the same seeds in every build, and some that nobody has tried. */
class ClusterSimulationIT {
    private static final int FIXED = 25;
    private static final int FRESH = 10;
    private static final long MINUTES = 10;

    private static Quiet quiet;

    static LongStream seeds() {
        return Seeds.of(FIXED, FRESH);
    }

    @BeforeAll
    static void silence() {
        quiet = new Quiet();
    }

    @AfterAll
    static void noise() {
        quiet.close();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverHappensNothingIsLostAndEverybodyConverges(long seed) {
        ClusterRun run = new ClusterRun(seed, ClusterRun.shapeOf(seed, 0));
        try {
            run.run(MINUTES * ClusterRun.MINUTE);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(Failure.line(seed, MINUTES, 0) + System.lineSeparator() + e.getMessage(), e);
        }
        assertThat(run.cluster().checks.answered()).isGreaterThan(100);
    }
}
