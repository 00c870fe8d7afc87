/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all clients leave untaken: counted, bounded, and whoever holds most pays. */
class UnsentBytesTest {
    private static final long PAUSE = 1000;
    private static final long MAX = 3000;

    private final UnsentBytes unsent = new UnsentBytes(PAUSE, MAX);
    private final List<String> closed = new ArrayList<>();

    private UnsentBytes.Share share(String name) {
        return new UnsentBytes.Share(bytes -> closed.add(name + " " + bytes));
    }

    @Test
    void theFirstLimitIsInclusive() {
        UnsentBytes.Share a = share("a");
        unsent.set(a, PAUSE);
        assertThat(unsent.isOver()).isFalse();
        unsent.set(a, PAUSE + 1);
        assertThat(unsent.isOver()).isTrue();
        unsent.set(a, 0);
        assertThat(unsent.isOver()).isFalse();
        assertThat(closed).isEmpty();
    }

    @Test
    void whoHoldsMostGoesAndIsNotCountedAgain() {
        UnsentBytes.Share a = share("a");
        UnsentBytes.Share b = share("b");
        unsent.set(a, 1600);
        unsent.set(b, 1400);
        assertThat(closed).isEmpty();
        unsent.set(b, 1401);
        assertThat(closed).containsExactly("a 1600");
        assertThat(unsent.total()).isEqualTo(1401);
        unsent.set(a, 9999);
        unsent.end(a);
        assertThat(unsent.total()).isEqualTo(1401);
        unsent.end(b);
        assertThat(unsent.total()).isZero();
    }

    static LongStream seeds() {
        return LongStream.concat(LongStream.rangeClosed(1, 20), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theTotalIsTheSumOfThoseWhoAreLeftAndNeverOverTheBound(long seed) {
        Random random = new Random(seed);
        List<UnsentBytes.Share> shares = new ArrayList<>();
        long[] model = new long[20];
        boolean[] gone = new boolean[20];
        for (int i = 0; i < model.length; i++) {
            int index = i;
            shares.add(new UnsentBytes.Share(bytes -> {
                assertThat(bytes).isEqualTo(LongStream.of(model).max().orElseThrow());
                gone[index] = true;
                model[index] = 0;
            }));
        }
        for (int step = 0; step < 500; step++) {
            int index = random.nextInt(model.length);
            boolean ends = random.nextInt(50) == 0;
            long bytes = ends ? 0 : random.nextInt(600);
            model[index] = gone[index] ? 0 : bytes;
            if (ends) {
                gone[index] = true;
                unsent.end(shares.get(index));
            } else {
                unsent.set(shares.get(index), bytes);
            }
            assertThat(unsent.total()).isEqualTo(LongStream.of(model).sum()).isLessThanOrEqualTo(MAX);
        }
    }
}
