/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private static long nearest(long value) {
        return Buckets.valueAt(Buckets.rowOf(value), Buckets.columnOf(value));
    }

    @Test
    void valuesBelowThirtyTwoAreExact() {
        for (long value = 0; value < 32; value++) {
            assertThat(nearest(value)).isEqualTo(value);
        }
    }

    @Test
    void greaterValuesAreOffByAThirtySecondAtMost() {
        SplittableRandom dice = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            long value = dice.nextLong(Buckets.MAX_VALUE + 1) >>> dice.nextInt(32);
            assertThat(Math.abs(nearest(value) - value)).as("%d", value).isLessThanOrEqualTo(value / 32 + 1);
        }
    }

    @Test
    void greaterValuesAreNeverInALowerBucket() {
        int last = -1;
        for (long value = 0; value < 100_000; value++) {
            int at = Buckets.rowOf(value) * Buckets.ROW_SIZE + Buckets.columnOf(value);
            assertThat(at).isBetween(last, last + 1);
            last = at;
        }
    }

    @Test
    void whatCannotBeCountedIsCountedAtTheEdge() {
        assertThat(Buckets.clamp(-5)).isZero();
        assertThat(Buckets.clamp(Long.MAX_VALUE)).isEqualTo(Buckets.MAX_VALUE);
        assertThat(Buckets.rowOf(Buckets.MAX_VALUE)).isEqualTo(Buckets.ROWS - 1);
        assertThat(Buckets.columnOf(Buckets.MAX_VALUE)).isEqualTo(Buckets.ROW_SIZE - 1);
    }
}
