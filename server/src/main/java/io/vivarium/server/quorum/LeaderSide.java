/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.server.quorum.zab.LeaderCore;
import io.vivarium.server.quorum.zab.LeaderEvent;
import io.vivarium.server.quorum.zab.LearnerReport;
import io.vivarium.server.quorum.zab.ZabAction;
import java.util.ArrayDeque;
import java.util.List;

/**
 * A {@link LeaderCore} at work: gives it one event at a time and performs all actions of it before the next. Thread: core.
 *
 * <p>Performing an action may cause the next event (a request that is prepared becomes a proposal); it waits its turn.
 */
final class LeaderSide {
    private final LeaderCore core;
    private final RoleEffects effects;
    private final ArrayDeque<LeaderEvent> events = new ArrayDeque<>();
    private boolean stepping;
    private boolean ended;

    LeaderSide(LeaderCore core, RoleEffects effects) {
        this.core = core;
        this.effects = effects;
    }

    void begin(long nowNanos) {
        perform(core.begin(nowNanos));
    }

    void step(LeaderEvent event, long nowNanos) {
        events.addLast(event);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            LeaderEvent next;
            while (!ended && (next = events.pollFirst()) != null) {
                perform(core.step(next, nowNanos));
            }
        } finally {
            stepping = false;
        }
    }

    private void perform(List<ZabAction> actions) {
        for (ZabAction action : actions) {
            if (ended) {
                return;
            }
            action.perform(effects);
        }
    }

    /** The role is over: whatever is left to be done for it is not done. */
    void end() {
        ended = true;
    }

    void onTime(long nowNanos) {
        if (core.deadlineNanos() <= nowNanos) {
            step(new LeaderEvent.TimePassed(), nowNanos);
        }
    }

    long deadlineNanos() {
        return ended || core.isOver() ? Long.MAX_VALUE : core.deadlineNanos();
    }

    LeaderCore core() {
        return core;
    }

    List<LearnerReport> learners() {
        return core.learners();
    }

    String phase() {
        return core.phase();
    }
}
