/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.ArrayList;
import java.util.List;

/**
 * What the phases of a learner share: the link, the state, the clock, and the actions of the present step.
 *
 * <p>Thread: core.
 */
final class LearnerContext {
    static final long NO_DEADLINE = Long.MAX_VALUE;

    /** States of the role (spec quorum 7.5). */
    enum State {
        /** The link is being made; whoever dials keeps the time. */
        CONNECT,
        /** Has said who it is; waits for LEADERINFO. */
        EPOCH,
        /** Makes the promise of the epoch durable. */
        PROMISE,
        /** Has promised; waits for DIFF, TRUNC or SNAP. */
        OPERATION,
        /** Takes over the leader's history. */
        CATCH_UP,
        /** Was told NEWLEADER; makes history and epoch durable. */
        SETTLE,
        /** Has acknowledged NEWLEADER; collects until a quorum has done so. */
        WAIT_UP,
        /** Serves. */
        LIVE,
        /** Has left the role. */
        OVER
    }

    final LearnerStart start;
    final ZabConfig config;
    State state = State.CONNECT;
    long link;
    /** The leader's epoch, known from LEADERINFO on. */
    long epoch = -1;
    /** Up to where the leader believes that the history here goes. */
    long announcedZxid;

    long nowNanos;
    long deadlineNanos = NO_DEADLINE;
    private List<ZabAction> out = new ArrayList<>();

    LearnerContext(LearnerStart start, ZabConfig config) {
        this.start = start;
        this.config = config;
    }

    boolean isObserver() {
        return start.role() == LearnerRole.OBSERVER;
    }

    void emit(ZabAction action) {
        out.add(action);
    }

    List<ZabAction> takeActions() {
        if (out.isEmpty()) {
            return List.of();
        }
        List<ZabAction> taken = out;
        out = new ArrayList<>();
        return taken;
    }

    void send(QuorumPacket packet) {
        emit(new ZabAction.Send(link, packet));
    }

    void exit(String reason) {
        exit(reason, Resync.FROM_HISTORY);
    }

    /** Leaves the role; a history that was not to be trusted before this sync is not to be trusted now. */
    void exit(String reason, Resync resync) {
        if (state == State.OVER) {
            return;
        }
        boolean settled = state == State.WAIT_UP || state == State.LIVE;
        state = State.OVER;
        deadlineNanos = NO_DEADLINE;
        Resync next = settled ? resync : worse(resync, start.resync());
        emit(new ZabAction.ExitRole(reason, next));
    }

    /**
     * Leaves the leader for a moment: its history cannot be reached from the one that is here. Not by way of an election, for
     * it may need this very server for its quorum, and would begin with another epoch and the same question each time.
     */
    void askForImage(String reason) {
        if (announcedZxid < start.lastZxid()) {
            // It was asked already, and sent no image.
            exit(reason, Resync.FROM_SNAPSHOT);
            return;
        }
        state = State.OVER;
        deadlineNanos = NO_DEADLINE;
        emit(new ZabAction.AskForImage(reason));
    }

    private static Resync worse(Resync one, Resync other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Restarts the read time-out: {@code initLimit} until NEWLEADER is acknowledged, {@code syncLimit} afterwards. */
    void heard() {
        if (state == State.SETTLE || state == State.OVER) {
            deadlineNanos = NO_DEADLINE;
            return;
        }
        boolean settled = state == State.WAIT_UP || state == State.LIVE;
        int ticks = settled ? config.syncLimitTicks() : config.initLimitTicks();
        deadlineNanos = nowNanos + ticks * config.tickNanos();
    }
}
