/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrivalScheduleTest {
    private static final long MILLI = 1_000_000;

    @Test
    void nothing_is_due_before_its_time_and_each_arrival_is_taken_once() {
        ArrivalSchedule schedule = new ArrivalSchedule(0, 1_000, 0, 1);

        assertThat(schedule.next(0)).isEqualTo(0);
        assertThat(schedule.next(0)).isEqualTo(Pace.NOT_DUE);
        assertThat(schedule.next(MILLI - 1)).isEqualTo(Pace.NOT_DUE);
        assertThat(schedule.next(MILLI)).isEqualTo(MILLI);
    }

    @Test
    void a_stall_of_one_second_is_seen_by_every_arrival_that_fell_into_it() {
        // One request at a time at 1,000 per second; the first reply takes a second, the others 10 us.
        ArrivalSchedule schedule = new ArrivalSchedule(0, 1_000, 0, 1);
        List<Long> latencies = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < 1_000; i++) {
            long start = schedule.next(now);
            while (start == Pace.NOT_DUE) {
                now += MILLI / 100;
                start = schedule.next(now);
            }
            now += i == 0 ? 1_000 * MILLI : MILLI / 100;
            latencies.add(now - start);
        }

        // Counted from the moment of sending, 999 of 1,000 would show 10 us; from when they were due, half wait > 490
        // ms.
        Collections.sort(latencies);
        assertThat(latencies.get(500)).isGreaterThan(490 * MILLI);
        assertThat(latencies.get(999)).isEqualTo(1_000 * MILLI);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 3", "1000, 16", "33333, 48", "1000000, 5"})
    void sessions_together_make_the_arrivals_of_one_schedule(int rate, int sessions) {
        List<Long> due = new ArrayList<>();
        for (int session = 0; session < sessions; session++) {
            ArrivalSchedule schedule = new ArrivalSchedule(5, rate, session, sessions);
            for (int i = 0; i < 20; i++) {
                due.add(schedule.next(Long.MAX_VALUE / 2));
            }
        }
        Collections.sort(due);

        for (int i = 0; i < due.size(); i++) {
            assertThat(due.get(i)).isEqualTo(ArrivalSchedule.dueNanos(5, rate, i));
        }
    }

    @Test
    void due_times_do_not_drift_or_overflow_in_a_day_at_a_million_per_second() {
        long day = 86_400L;

        assertThat(ArrivalSchedule.dueNanos(0, 1_000_000, day * 1_000_000)).isEqualTo(day * 1_000 * MILLI);
        assertThat(ArrivalSchedule.dueNanos(0, 3, day * 3)).isEqualTo(day * 1_000 * MILLI);
    }

    @Test
    void a_schedule_without_rate_or_with_a_foreign_session_is_refused() {
        assertThatThrownBy(() -> new ArrivalSchedule(0, 0, 0, 1)).hasMessage("rate 0 per second is below 1");
        assertThatThrownBy(() -> new ArrivalSchedule(0, 1, 2, 2)).hasMessage("session 2 is not within 0..1");
    }
}
