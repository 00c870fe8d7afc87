/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReopenPaceTest {
    private final ReopenPace pace = new ReopenPace();
    private long now = TimeUnit.DAYS.toNanos(-3);

    /** Attempts in vain for so long; returns the pauses before them, and counts the reports. */
    private List<Long> failFor(long seconds, int[] reports) {
        List<Long> pauses = new ArrayList<>();
        long end = now + TimeUnit.SECONDS.toNanos(seconds);
        while (now - end < 0) {
            pauses.add(TimeUnit.NANOSECONDS.toMillis(pace.pauseNanos()));
            now += pace.pauseNanos();
            if (pace.failed(now)) {
                reports[0]++;
            }
        }
        return pauses;
    }

    @Test
    void the_first_attempt_is_made_at_once_and_pauses_grow_to_five_seconds() {
        pace.begin(now);
        assertThat(failFor(20, new int[1]))
                .startsWith(0L, 100L, 200L, 400L, 800L, 1600L, 3200L, 5000L)
                .endsWith(5000L);
    }

    @Test
    void it_is_said_at_once_and_then_once_a_minute() {
        int[] reports = new int[1];
        pace.begin(now);
        failFor(10, reports);
        assertThat(reports[0]).isEqualTo(1);
        failFor(200, reports);
        assertThat(reports[0]).isEqualTo(4);
    }

    @Test
    void a_disk_that_fails_again_soon_is_waited_for_longer_and_one_that_worked_for_a_minute_is_not() {
        pace.begin(now);
        assertThat(pace.pauseNanos()).isZero();
        pace.succeeded(now);
        for (long millis : new long[] {100, 200, 400}) {
            now += TimeUnit.SECONDS.toNanos(59);
            pace.begin(now);
            assertThat(TimeUnit.NANOSECONDS.toMillis(pace.pauseNanos())).isEqualTo(millis);
            pace.succeeded(now);
        }
        now += TimeUnit.SECONDS.toNanos(60);
        pace.begin(now);
        assertThat(pace.pauseNanos()).isZero();
    }
}
