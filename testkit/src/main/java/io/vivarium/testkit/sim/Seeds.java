/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.sim;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;

/**
 * The numbers that runs start from: the same ones in every build, and a few that nobody has tried.
 *
 * <p>{@code -Dseed=N} runs one seed alone, which is how a failure is repeated. A test prints its seed as the name of
 * its parameter. Thread: any.
 */
public final class Seeds {
    private static final String PROPERTY = "seed";

    private Seeds() {}

    /** Seeds 1 to {@code fixed} and then {@code fresh} new ones; or only the one asked for. */
    public static LongStream of(int fixed, int fresh) {
        Long asked = Long.getLong(PROPERTY);
        if (asked != null) {
            return LongStream.of(asked);
        }
        return LongStream.concat(
                LongStream.rangeClosed(1, fixed), ThreadLocalRandom.current().longs(fresh, 1_000, Long.MAX_VALUE));
    }

    /** The dice of one run. Every part of a simulation that needs its own gets it by {@link #fork}. */
    public static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Other dice that follow from these; a part that rolls more often then does not disturb the others. */
    public static RandomGenerator fork(RandomGenerator random) {
        return random(random.nextLong());
    }
}
