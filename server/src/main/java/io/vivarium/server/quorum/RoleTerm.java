/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.server.quorum.zab.ZabAction;
import io.vivarium.server.quorum.zab.ZabCore;
import io.vivarium.server.quorum.zab.ZabEffects;
import java.util.ArrayDeque;
import java.util.List;

/**
 * One term of a role: a Zab core at work, given one event at a time, all actions of it performed before the next (spec quorum 2).
 *
 * <p>Performing an action may cause the next event (a request that is prepared becomes a proposal); it waits its turn. Thread:
 * core.
 *
 * @param <E> what the core can be told
 */
class RoleTerm<E, C extends ZabCore<E>> {
    private final C core;
    private final E timePassed;
    private final ZabEffects effects;
    private final ArrayDeque<E> events = new ArrayDeque<>();
    private boolean stepping;
    private boolean ended;

    /** @param timePassed told to the core when its deadline has come */
    RoleTerm(C core, E timePassed, ZabEffects effects) {
        this.core = core;
        this.timePassed = timePassed;
        this.effects = effects;
    }

    final C core() {
        return core;
    }

    final void step(E event, long nowNanos) {
        events.addLast(event);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            E next;
            while (!ended && (next = events.pollFirst()) != null) {
                perform(core.step(next, nowNanos));
            }
        } finally {
            stepping = false;
        }
    }

    final void perform(List<ZabAction> actions) {
        for (ZabAction action : actions) {
            if (ended) {
                return;
            }
            action.perform(effects);
        }
    }

    /** The term is over: whatever is left to be done for it is not done. */
    final void end() {
        ended = true;
    }

    final void onTime(long nowNanos) {
        if (core.deadlineNanos() <= nowNanos) {
            step(timePassed, nowNanos);
        }
    }

    final long deadlineNanos() {
        return ended || core.isOver() ? Long.MAX_VALUE : core.deadlineNanos();
    }
}
