/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import io.vivarium.protocol.vote.Notification;
import java.util.List;

/**
 * What can happen to an {@link ElectionCore} (spec election 3, 4). Records, so that a recorded run can be compared and played
 * again. Made on any thread, delivered on the core's.
 */
public sealed interface ElectionEvent {
    /** Hands itself to the core. */
    List<ElectionAction> deliverTo(ElectionCore core, long nowNanos);

    /**
     * The server has no leader any more, or has just started: take part in an election.
     *
     * @param lastZxid last zxid logged, {@link Vote#DATA_LOST} when data may have been lost (spec election 4.3)
     * @param currentEpoch content of the epoch file, not the epoch accepted last
     */
    record Looking(long lastZxid, long currentEpoch) implements ElectionEvent {
        @Override
        public List<ElectionAction> deliverTo(ElectionCore core, long nowNanos) {
            return core.onLooking(lastZxid, currentEpoch, nowNanos);
        }
    }

    /** A peer said something. */
    record Notified(long sid, Notification message) implements ElectionEvent {
        @Override
        public List<ElectionAction> deliverTo(ElectionCore core, long nowNanos) {
            return core.onNotification(sid, message, nowNanos);
        }
    }

    /** A link to the peer is open; whatever was sent on an earlier one may be lost. */
    record PeerConnected(long sid) implements ElectionEvent {
        @Override
        public List<ElectionAction> deliverTo(ElectionCore core, long nowNanos) {
            return core.onPeerConnected(sid, nowNanos);
        }
    }

    /** The role that the last election gave is over; {@link Looking} follows unless the server ends. */
    record RoleEnded() implements ElectionEvent {
        @Override
        public List<ElectionAction> deliverTo(ElectionCore core, long nowNanos) {
            return core.onRoleEnded();
        }
    }

    /** The last link to the peer is gone. */
    record PeerDisconnected(long sid) implements ElectionEvent {
        @Override
        public List<ElectionAction> deliverTo(ElectionCore core, long nowNanos) {
            return core.onPeerDisconnected(sid, nowNanos);
        }
    }

    /** {@link ElectionCore#deadlineNanos} has come. */
    record DeadlineReached() implements ElectionEvent {
        @Override
        public List<ElectionAction> deliverTo(ElectionCore core, long nowNanos) {
            return core.onDeadline(nowNanos);
        }
    }

    /** Synchronisation with the leader, or the quorum's acknowledgement of our leadership, is complete (3.7). */
    record EpochEstablished(long epoch) implements ElectionEvent {
        @Override
        public List<ElectionAction> deliverTo(ElectionCore core, long nowNanos) {
            return core.onEpochEstablished(epoch);
        }
    }

    /** The quorum layer proposed or committed a configuration (spec election 3.10). */
    record ConfigsChanged(VotingView view) implements ElectionEvent {
        @Override
        public List<ElectionAction> deliverTo(ElectionCore core, long nowNanos) {
            return core.onConfigsChanged(view, nowNanos);
        }
    }

    /** A reconfiguration was committed that names its own leader: no election takes place (spec election 3.10). */
    record LeaderDesignated(long leader, long reconfigZxid) implements ElectionEvent {
        @Override
        public List<ElectionAction> deliverTo(ElectionCore core, long nowNanos) {
            return core.onLeaderDesignated(leader, reconfigZxid);
        }
    }
}
