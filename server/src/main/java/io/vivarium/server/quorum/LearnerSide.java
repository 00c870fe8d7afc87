/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.server.quorum.zab.LearnerCore;
import io.vivarium.server.quorum.zab.LearnerEvent;
import io.vivarium.server.quorum.zab.ZabAction;
import java.util.ArrayDeque;
import java.util.List;

/**
 * A {@link LearnerCore} at work: gives it one event at a time and performs all actions of it before the next. Thread: core.
 */
final class LearnerSide {
    private final LearnerCore core;
    private final RoleEffects effects;
    private final long link;
    private final ArrayDeque<LearnerEvent> events = new ArrayDeque<>();
    private boolean stepping;
    private boolean ended;

    /** @param link the link that is being dialled to the leader */
    LearnerSide(LearnerCore core, RoleEffects effects, long link) {
        this.core = core;
        this.effects = effects;
        this.link = link;
    }

    long link() {
        return link;
    }

    void step(LearnerEvent event, long nowNanos) {
        events.addLast(event);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            LearnerEvent next;
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
            step(new LearnerEvent.TimePassed(), nowNanos);
        }
    }

    long deadlineNanos() {
        return ended || core.isOver() ? Long.MAX_VALUE : core.deadlineNanos();
    }

    boolean isServing() {
        return core.isServing();
    }

    String phase() {
        return core.phase();
    }
}
