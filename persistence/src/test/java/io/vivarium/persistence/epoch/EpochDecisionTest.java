/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.epoch;

import static io.vivarium.persistence.epoch.EpochDecision.Promises.KEPT;
import static io.vivarium.persistence.epoch.EpochDecision.Promises.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every row of the table, and every combination against what must always hold. */
class EpochDecisionTest {
    private static final StoredEpoch NONE = StoredEpoch.ABSENT;
    private static final StoredEpoch JUNK = StoredEpoch.unreadable("junk");

    private static void expect(
            StoredEpoch c, StoredEpoch a, long e, long current, long accepted, EpochDecision.Promises promises) {
        EpochDecision decision = EpochDecision.of(c, a, e);
        assertThat(List.of(decision.current(), decision.accepted(), decision.promises()))
                .as("current %s, accepted %s, log %d", c, a, e)
                .isEqualTo(List.of(current, accepted, promises));
    }

    private static StoredEpoch is(long epoch) {
        return StoredEpoch.known(epoch);
    }

    @Test
    void each_row_of_the_table() {
        expect(is(5), is(5), 5, 5, 5, KEPT);
        expect(is(5), is(6), 3, 5, 6, KEPT);
        // A crash within the sync of epoch 6: the older currentEpoch stays.
        expect(is(5), is(6), 6, 5, 6, KEPT);
        expect(is(5), is(6), 7, 5, 7, LOST);
        expect(is(5), is(4), 5, 5, 5, LOST);
        expect(is(5), is(4), 7, 5, 7, LOST);
        expect(is(5), NONE, 5, 5, 5, KEPT);
        expect(is(5), NONE, 3, 5, 5, KEPT);
        expect(is(5), NONE, 6, 5, 6, LOST);
        expect(NONE, is(5), 4, 4, 5, KEPT);
        expect(NONE, is(5), 5, 5, 5, KEPT);
        expect(NONE, is(5), 6, 5, 6, LOST);
        expect(NONE, NONE, 3, 3, 3, KEPT);
        expect(JUNK, is(5), 4, 4, 5, LOST);
        expect(JUNK, is(5), 6, 5, 6, LOST);
        expect(JUNK, NONE, 6, 0, 6, LOST);
        expect(JUNK, JUNK, 6, 0, 6, LOST);
        expect(is(5), JUNK, 6, 5, 6, LOST);
        expect(is(5), JUNK, 4, 5, 5, LOST);
        expect(NONE, JUNK, 4, 0, 4, LOST);
    }

    @Test
    void whatever_is_found_no_promise_falls_and_no_history_is_called_newer_than_it_was() {
        List<StoredEpoch> values = new ArrayList<>(List.of(NONE, JUNK));
        for (long epoch = 0; epoch < 5; epoch++) {
            values.add(is(epoch));
        }
        for (StoredEpoch c : values) {
            for (StoredEpoch a : values) {
                for (long e = 0; e < 5; e++) {
                    EpochDecision decision = EpochDecision.of(c, a, e);
                    String given = "current " + c + ", accepted " + a + ", log " + e;
                    assertThat(decision.accepted())
                            .as(given)
                            .isGreaterThanOrEqualTo(decision.current())
                            .isGreaterThanOrEqualTo(e)
                            .isGreaterThanOrEqualTo(a.epoch())
                            .isGreaterThanOrEqualTo(c.epoch());
                    assertThat(decision.current()).as(given).isGreaterThanOrEqualTo(c.epoch());
                    if (c.state() == StoredEpoch.State.KNOWN) {
                        assertThat(decision.current()).as(given).isEqualTo(c.epoch());
                    } else {
                        assertThat(decision.current()).as(given).isLessThanOrEqualTo(e);
                    }
                    if (decision.promises() == LOST) {
                        assertThat(decision.note()).as(given).isNotEmpty();
                    }
                }
            }
        }
    }
}
