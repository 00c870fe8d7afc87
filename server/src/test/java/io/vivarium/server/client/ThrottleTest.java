/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Spec client-protocol 9.6. */
class ThrottleTest {
    private static final long MILLI = 1_000_000;
    private static final long OLD_SESSION = 7;

    @Test
    void aThrottleThatIsOffAdmitsEverybody() {
        ConnectionThrottle throttle = new ConnectionThrottle(ConnectionThrottle.Config.OFF, new SplittableRandom(1), 0);
        for (int i = 0; i < 1000; i++) {
            assertThat(throttle.admits(0, 0)).isTrue();
        }
    }

    @Test
    void anEmptyBucketRefusesUntilItIsFilledAgain() {
        ConnectionThrottle throttle = throttle(2, -1, ConnectionThrottle.Weights.EQUAL);
        assertThat(throttle.admits(0, 0)).isTrue();
        assertThat(throttle.admits(0, 0)).isTrue();
        assertThat(throttle.admits(0, 0)).isFalse();
        assertThat(throttle.admits(0, 9 * MILLI)).isFalse();
        assertThat(throttle.admits(0, 10 * MILLI)).isTrue();
        assertThat(throttle.admits(0, 10 * MILLI)).isFalse();
    }

    @Test
    void theBucketNeverHoldsMoreThanItsSize() {
        ConnectionThrottle throttle = throttle(2, -1, ConnectionThrottle.Weights.EQUAL);
        long later = 3600_000 * MILLI;
        assertThat(throttle.admits(0, later)).isTrue();
        assertThat(throttle.admits(0, later)).isTrue();
        assertThat(throttle.admits(0, later)).isFalse();
    }

    @Test
    void aNewSessionMayCostMoreThanARenewedOne() {
        ConnectionThrottle throttle = throttle(3, -1, new ConnectionThrottle.Weights(3, 2));
        assertThat(throttle.admits(OLD_SESSION, 0)).isTrue();
        assertThat(throttle.admits(0, 0)).isFalse();
    }

    @Test
    void refusalBecomesLikelierWhileTheBucketIsEmptyAndLessSoAfterwards() {
        ConnectionThrottle throttle = throttle(1, 1, ConnectionThrottle.Weights.EQUAL);
        for (int i = 0; i < 5; i++) {
            throttle.admits(0, (1 + i) * MILLI);
        }
        assertThat(throttle.dropProbability()).isGreaterThan(0);
        for (int i = 1; i < 100; i++) {
            throttle.admits(0, i * 100L * MILLI);
        }
        assertThat(throttle.dropProbability()).isZero();
    }

    @Test
    void largeRequestsShareALimitAndGiveBackWhatTheyTook() {
        LargeRequests large = new LargeRequests(100, 1000);
        assertThat(large.weigh(100)).isZero();
        assertThat(large.weigh(600)).isEqualTo(600);
        assertThat(large.take(600)).isTrue();
        assertThat(large.take(600)).isFalse();
        assertThat(large.take(0)).isTrue();
        large.give(600);
        assertThat(large.take(600)).isTrue();
    }

    @Test
    void withoutAThresholdNoRequestIsLarge() {
        LargeRequests large = new LargeRequests(-1, 1000);
        assertThat(large.isOn()).isFalse();
        assertThat(large.weigh(Integer.MAX_VALUE)).isZero();
    }

    private static ConnectionThrottle throttle(int tokens, int freezeMillis, ConnectionThrottle.Weights weights) {
        return new ConnectionThrottle(
                new ConnectionThrottle.Config(tokens, 10, 1, freezeMillis, 0.1, 0.1, 0, weights),
                new SplittableRandom(1),
                0);
    }
}
