/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PolicyTest {
    @Test
    void without_delay_records_wait_for_nothing_but_a_full_batch() {
        FlushPolicy policy = FlushPolicy.DEFAULT;
        assertThat(policy.isDue(0, Long.MAX_VALUE)).isFalse();
        assertThat(policy.isDue(999, Long.MAX_VALUE)).isFalse();
        assertThat(policy.isDue(1000, 0)).isTrue();
        assertThat(policy.pollNanos(0)).isZero();
    }

    @Test
    void with_a_delay_records_wait_for_its_rest_but_no_longer_than_one_poll() {
        FlushPolicy policy = new FlushPolicy(0, 30, 10);
        assertThat(policy.isDue(5000, 30)).isFalse();
        assertThat(policy.isDue(1, 31)).isTrue();
        assertThat(policy.pollNanos(0)).isEqualTo(10);
        assertThat(policy.pollNanos(25)).isEqualTo(5);
        assertThat(policy.pollNanos(30)).isZero();
        assertThat(policy.pollNanos(99)).isZero();
    }

    @Test
    void a_snapshot_is_due_in_the_upper_half_of_the_count() {
        for (int seed = 0; seed < 50; seed++) {
            RollPolicy policy = new RollPolicy(100, 0, 0, new SplittableRandom(seed));
            for (int round = 0; round < 5; round++) {
                int records = 1;
                while (!policy.isSnapshotDue(1 << 20)) {
                    records++;
                }
                assertThat(records).as("seed %d round %d", seed, round).isBetween(51, 100);
            }
        }
    }

    @Test
    void a_snapshot_is_due_in_the_upper_half_of_the_size() {
        for (int seed = 0; seed < 50; seed++) {
            RollPolicy policy = new RollPolicy(1 << 30, 10_000, 0, new SplittableRandom(seed));
            int records = 1;
            while (!policy.isSnapshotDue(10)) {
                records++;
            }
            assertThat(records * 10).as("seed %d", seed).isBetween(5010, 10_000);
        }
    }

    @Test
    void limits_of_zero_switch_off_and_tiny_ones_do_not_crash() {
        RollPolicy off = new RollPolicy(1 << 30, 0, 0, new SplittableRandom(1));
        assertThat(off.isSnapshotDue(Integer.MAX_VALUE)).isFalse();
        assertThat(off.isFileFull(Long.MAX_VALUE)).isFalse();
        RollPolicy tiny = new RollPolicy(0, 1, 1, new SplittableRandom(1));
        assertThat(tiny.isSnapshotDue(2)).isTrue();
        assertThat(tiny.isFileFull(1)).isFalse();
        assertThat(tiny.isFileFull(2)).isTrue();
    }

    @Test
    void files_grow_as_stock_servers_make_them_grow() {
        long step = 64L << 20;
        assertThat(Preallocation.sizeFor(16, 16, step)).isEqualTo(67108880);
        assertThat(Preallocation.sizeFor(16, 16, 64 << 10)).isEqualTo(65552);
        assertThat(Preallocation.sizeFor(67108880 - 4097, 67108880, step)).isEqualTo(67108880);
        assertThat(Preallocation.sizeFor(67108880 - 4096, 67108880, step)).isEqualTo(67108880 + step);
        // A record larger than what was left went over the end.
        assertThat(Preallocation.sizeFor(67108881, 67108880, step)).isEqualTo(2 * step);
        assertThat(Preallocation.sizeFor(100, 16, 0)).isEqualTo(16);
        assertThat(Preallocation.sizeFor(100, 16, -1)).isEqualTo(16);
    }
}
