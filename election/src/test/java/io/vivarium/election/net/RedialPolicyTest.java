/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RedialPolicyTest {
    private final RedialPolicy policy = new RedialPolicy();

    @Test
    void pausesDoubleUpToASecondAndBeginAgainWithTheNextSearchOrLink() {
        for (long millis : new long[] {50, 100, 200, 400, 800, 1000, 1000}) {
            assertThat(policy.nextPauseNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(millis));
        }
        policy.restart();
        assertThat(policy.nextPauseNanos()).isEqualTo(RedialPolicy.MIN_PAUSE_NANOS);
        policy.onConnected();
        assertThat(policy.nextPauseNanos()).isEqualTo(RedialPolicy.MIN_PAUSE_NANOS);
    }

    @Test
    void aLinkIsSilentWhenNothingCameBackSinceTheFirstWrite() {
        assertThat(policy.isSilent(seconds(100))).isFalse();
        policy.onSent(seconds(100));
        policy.onSent(seconds(101) - 1);
        assertThat(policy.isSilent(seconds(101) - 1)).isFalse();
        assertThat(policy.isSilent(seconds(101))).isTrue();
    }

    @Test
    void aWordFromThePeerIsEnough() {
        policy.onSent(seconds(1));
        policy.onReceived();
        assertThat(policy.isSilent(seconds(50))).isFalse();
    }

    @Test
    void patienceDoublesWithEachReplacementAndIsNotResetByTheGreetingOfTheNewLink() {
        long now = 0;
        for (long patience : new long[] {1, 2, 4, 8, 10, 10}) {
            policy.onConnected();
            policy.onReceived();
            policy.onSent(now);
            assertThat(policy.isSilent(now + seconds(patience) - 1)).isFalse();
            now += seconds(patience);
            assertThat(policy.isSilent(now)).isTrue();
        }
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
