/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.quorum.LearnerInfo;
import org.jspecify.annotations.Nullable;

/**
 * One learner as the leader sees it (spec quorum 5.8).
 *
 * <pre>
 * INFO -&gt; EPOCH -&gt; ACK_EPOCH -&gt; ELECT -&gt; HISTORY -&gt; NEW_LEADER_ACK -&gt; NEW_LEADER_QUORUM -&gt; LIVE
 * </pre>
 *
 * Each state only leads to the next; every way out is a closed link. Deadlines are counted in turns (half ticks) of the
 * leader's own clock, so a leader that was stopped for a while does not take it for silence of its learners.
 */
final class LearnerPeer {
    static final int NO_DEADLINE = Integer.MAX_VALUE;

    enum State {
        /** Connected; must say who it is. */
        INFO,
        /** Waits for the epoch to be decided. */
        EPOCH,
        /** Was told the epoch; must promise it. */
        ACK_EPOCH,
        /** Waits for a quorum of promises. */
        ELECT,
        /** Is being sent its history; gets live traffic behind it. */
        HISTORY,
        /** Was told NEWLEADER; must acknowledge it. */
        NEW_LEADER_ACK,
        /** Waits for a quorum of acknowledgements. */
        NEW_LEADER_QUORUM,
        /** Serves. */
        LIVE
    }

    final long link;
    State state = State.INFO;
    /** Its turn is over; closed if it is still in the same state, or silent where packets are due. */
    int deadlineTurn;
    /** Counts as connected for the leader's own quorum check until this turn (spec quorum 5.6). */
    int syncedUntilTurn;

    @Nullable
    LearnerInfo info;
    /** Came with OBSERVERINFO: gets INFORM, whatever the configuration says (trap 12). */
    boolean observer;
    /** Last zxid it announced. */
    long lastZxid;

    int currentEpoch;
    SyncSlots.@Nullable Slot slot;

    /** Zxid whose acknowledgement is being timed, 0 if none (ZOOKEEPER-87). */
    long timedZxid;

    int timedSinceTurn;
    /** The latest proposal sent and when; timed next. */
    long latestZxid;

    int latestTurn;

    LearnerPeer(long link) {
        this.link = link;
    }

    long sid() {
        if (info == null) {
            throw Invariant.broken("5.8", "link " + link + " is asked for its id before it said who it is");
        }
        return info.serverId();
    }

    PeerFeatures features() {
        return info != null && info.isLegacy() ? PeerFeatures.LEGACY : PeerFeatures.CURRENT;
    }

    LearnerReport.Stage stage() {
        if (state == State.LIVE) {
            return LearnerReport.Stage.LIVE;
        }
        return state.compareTo(State.HISTORY) >= 0
                ? LearnerReport.Stage.SYNCHRONIZATION
                : LearnerReport.Stage.DISCOVERY;
    }

    void proposed(long zxid, int turn) {
        latestZxid = zxid;
        latestTurn = turn;
        if (timedZxid == 0) {
            timedZxid = zxid;
            timedSinceTurn = turn;
        }
    }

    /** Stops the clock of one proposal and goes on with the latest one sent since. */
    void acknowledged(long zxid) {
        if (timedZxid == 0 || zxid < timedZxid) {
            return;
        }
        timedZxid = latestZxid > zxid ? latestZxid : 0;
        timedSinceTurn = latestTurn;
    }

    @Override
    public String toString() {
        return "learner " + (info == null ? "?" : info.serverId()) + " on link " + link + " (" + state + ")";
    }
}
