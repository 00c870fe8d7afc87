/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The counts of one event loop and their sums (spec operations 3.3). */
class LaneCountersTest {
    private final LaneCounters counters = new LaneCounters();

    private static ClientStats.Totals totalOf(LaneCounters... all) {
        ClientStats.Totals totals = new ClientStats.Totals();
        for (LaneCounters each : all) {
            each.addTo(totals);
        }
        return totals;
    }

    @Test
    void sumsExtremesAndTheLastReplyAreThoseOfAllLoops() {
        LaneCounters other = new LaneCounters();
        counters.received(3);
        counters.sent(2);
        counters.latency(5, 1);
        counters.latency(1, 1);
        counters.replyBytes(40);
        other.received(1);
        other.latency(9, 1);
        other.authFailed();
        other.replyBytes(20);
        ClientStats.Totals totals = totalOf(counters, other, new LaneCounters());
        assertThat(totals.received()).isEqualTo(4);
        assertThat(totals.sent()).isEqualTo(2);
        assertThat(totals.authFailed()).isEqualTo(1);
        assertThat(totals.latencyMinMillis()).isEqualTo(1);
        assertThat(totals.latencyMaxMillis()).isEqualTo(9);
        assertThat(totals.latencyMeanMillis()).isEqualTo(5.0);
        assertThat(totals.minReplyBytes()).isEqualTo(20);
        assertThat(totals.maxReplyBytes()).isEqualTo(40);
    }

    @Test
    void afterAResetNothingOldIsShownAndCountingBeginsAnew() {
        counters.received(3);
        counters.latency(7, 1);
        counters.reset();
        assertThat(totalOf(counters).received()).isZero();
        counters.received(1);
        assertThat(totalOf(counters).received()).isEqualTo(1);
        assertThat(totalOf(counters).latencyMaxMillis()).isZero();
    }
}
