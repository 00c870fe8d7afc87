/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InFlightTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void the_ring_behaves_like_a_queue(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        InFlight ring = new InFlight(5);
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        for (int xid = 1; xid < 2_000; xid++) {
            if (ring.room() > 0 && random.nextBoolean()) {
                ring.add(xid, xid % 2, xid * 10L);
                queue.add(xid);
            } else if (!queue.isEmpty()) {
                int oldest = queue.remove();
                assertThat(ring.expects(oldest)).as("seed %d", seed).isTrue();
                assertThat(ring.expects(oldest + 1)).isFalse();
                assertThat(ring.oldestStartNanos()).isEqualTo(oldest * 10L);
                assertThat(ring.oldestKind()).isEqualTo(oldest % 2);
                ring.removeOldest();
            }
            assertThat(ring.size()).isEqualTo(queue.size());
        }
    }

    @Test
    void an_empty_ring_expects_no_reply() {
        InFlight ring = new InFlight(1);
        assertThat(ring.expects(0)).isFalse();

        ring.add(1, RequestSource.READ, 0);
        assertThat(ring.clear()).isEqualTo(1);
        assertThat(ring.expects(1)).isFalse();
    }
}
