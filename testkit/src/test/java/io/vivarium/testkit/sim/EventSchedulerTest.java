/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventSchedulerTest {
    private final List<String> story = new ArrayList<>();
    private final EventScheduler scheduler = new EventScheduler(new VirtualTime(), () -> story.add("check"));

    @Test
    void eventsHappenInOrderOfTimeAndThenOfPlanningAndEachIsChecked() {
        scheduler.after(20, () -> story.add("c"));
        scheduler.after(10, () -> story.add("a"));
        scheduler.after(10, () -> scheduler.after(0, () -> story.add("b")));
        scheduler.runFor(15);
        assertThat(story).containsExactly("a", "check", "check", "b", "check");
        assertThat(scheduler.nowNanos()).isEqualTo(15);
        assertThat(scheduler.executed()).isEqualTo(3);
    }

    @Test
    void whatWasTakenBackDoesNotHappen() {
        EventScheduler.Planned planned = scheduler.after(1, () -> story.add("never"));
        planned.cancel();
        scheduler.runFor(10);
        assertThat(story).isEmpty();
    }

    @Test
    void runningUntilAConditionStopsAtTheEventThatBringsIt() {
        scheduler.after(5, () -> story.add("it"));
        scheduler.after(6, () -> story.add("later"));
        assertThat(scheduler.runUntil(() -> story.contains("it"), 100)).isTrue();
        assertThat(scheduler.nowNanos()).isEqualTo(5);
        assertThat(scheduler.runUntil(() -> false, 100)).isFalse();
        assertThat(scheduler.nowNanos()).isEqualTo(105);
    }
}
