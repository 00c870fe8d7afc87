/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import java.util.function.LongSupplier;

/**
 * The last things that happened, for the one who has to find out why.
 *
 * <p>Keeps references and writes text only for a failure. Thread: the test's.
 */
public final class Story {
    private static final int STEPS = 256;

    private final long seed;
    private final LongSupplier clock;
    private final long[] times = new long[STEPS];
    private final String[] verbs = new String[STEPS];
    private final Object[] subjects = new Object[STEPS];
    private long count;

    public Story(long seed, LongSupplier clock) {
        this.seed = seed;
        this.clock = clock;
    }

    /** @param subject printed when the story is told, so what it shows then may be newer than the step */
    public void step(String verb, Object subject) {
        int slot = (int) (count++ % STEPS);
        times[slot] = clock.getAsLong();
        verbs[slot] = verb;
        subjects[slot] = subject;
    }

    /** The failure to be thrown. */
    public AssertionError failure(String what) {
        StringBuilder text = new StringBuilder("seed ").append(seed).append(", at ");
        text.append(clock.getAsLong() / 1_000).append(" us: ").append(what);
        text.append("\nRepeat with -Dseed=").append(seed).append(". What happened last:");
        for (long i = Math.max(0, count - STEPS); i < count; i++) {
            int slot = (int) (i % STEPS);
            text.append("\n  ").append(times[slot] / 1_000).append(" us ").append(verbs[slot]);
            text.append(' ').append(subjects[slot]);
        }
        return new AssertionError(text.toString());
    }
}
