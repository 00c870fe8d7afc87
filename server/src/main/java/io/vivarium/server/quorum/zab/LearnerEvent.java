/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionTimeout;

/** What happens to a learner. The owner gives each to {@link LearnerCore#step} as it comes. */
public sealed interface LearnerEvent {
    void deliver(LearnerCore core);

    /** The link to the leader is ready for packets (after TLS and SASL). */
    record Connected(long link) implements LearnerEvent {
        @Override
        public void deliver(LearnerCore core) {
            core.onConnected(link);
        }
    }

    /** The link broke, could not be made, or an image on it was bad. */
    record LinkClosed(String reason) implements LearnerEvent {
        @Override
        public void deliver(LearnerCore core) {
            core.onLinkClosed(reason);
        }
    }

    /** The leader sent a packet. */
    record LeaderPacket(QuorumPacket packet) implements LearnerEvent {
        @Override
        public void deliver(LearnerCore core) {
            core.onPacket(packet);
        }
    }

    /** Answer to {@link ZabEffects#storeEpoch}. */
    record EpochStored(EpochKind kind, long epoch) implements LearnerEvent {
        @Override
        public void deliver(LearnerCore core) {
            core.onEpochStored(kind, epoch);
        }
    }

    /** Answer to {@link ZabEffects#truncateHistory}: durable, and what is last now. */
    record HistoryTruncated(long lastZxid) implements LearnerEvent {
        @Override
        public void deliver(LearnerCore core) {
            core.onHistoryTruncated(lastZxid);
        }
    }

    /** Answer to {@link ZabEffects#receiveImage}: the tree is the image now. */
    record ImageReceived() implements LearnerEvent {
        @Override
        public void deliver(LearnerCore core) {
            core.onImageReceived();
        }
    }

    /** Answer to {@link ZabEffects#installSnapshot}: durable. */
    record SnapshotInstalled(long zxid) implements LearnerEvent {
        @Override
        public void deliver(LearnerCore core) {
            core.onSnapshotInstalled(zxid);
        }
    }

    /** Answer to {@link ZabEffects#appendToJournal}: all of the log up to {@code zxid} is durable. */
    record JournalSynced(long zxid) implements LearnerEvent {
        @Override
        public void deliver(LearnerCore core) {
            core.onJournalSynced(zxid);
        }
    }

    /**
     * A client's write, or its sync, for the leader. It must be in this server's own pipeline already (spec quorum 7.3).
     * Only while serving.
     */
    record ClientRequest(ForwardedRequest request) implements LearnerEvent {
        @Override
        public void deliver(LearnerCore core) {
            core.onClientRequest(request);
        }
    }

    /** A client brings a session along; the answer is {@link ZabEffects#sessionJudged}. Only while serving. */
    record SessionBrought(SessionTimeout session) implements LearnerEvent {
        @Override
        public void deliver(LearnerCore core) {
            core.onSessionBrought(session);
        }
    }

    /** {@link LearnerCore#deadlineNanos} has come. */
    record TimePassed() implements LearnerEvent {
        @Override
        public void deliver(LearnerCore core) {
            core.onTimePassed();
        }
    }
}
