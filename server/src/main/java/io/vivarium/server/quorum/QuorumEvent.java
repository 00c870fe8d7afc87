/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.Resync;
import java.util.List;

/**
 * What happens to a member of an ensemble. Events of one link, and answers of the disk, come in the order in which they
 * happened; a link is spoken of no more after its {@link LinkClosed}. Made on any thread, delivered on the core's.
 */
public sealed interface QuorumEvent {
    void deliver(QuorumCore core);

    /** A learner's connection is ready for packets. */
    record LearnerArrived(long link) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onLearnerArrived(link);
        }
    }

    /** The link that was dialled is ready for packets. */
    record LinkOpened(long link) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onLinkOpened(link);
        }
    }

    /** A link broke, could not be made, or its other end broke the protocol. Not for links closed by this side. */
    record LinkClosed(long link, String reason) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onLinkClosed(link, reason);
        }
    }

    /** The other end sent a packet. */
    record PacketReceived(long link, QuorumPacket packet) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onPacket(link, packet);
        }
    }

    /** Answer to {@link QuorumEffects#sendHistory}: the last byte is queued on the link. */
    record HistorySent(long link) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onHistorySent(link);
        }
    }

    /** Answer to {@link QuorumEffects#receiveImage}: the tree is the image. */
    record ImageReceived(long link) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onImageReceived(link);
        }
    }

    /** Answer to {@link QuorumEffects#openPort}: it cannot be opened. */
    record PortFailed(String reason) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onPortFailed(reason);
        }
    }

    /** Answer to {@link QuorumEffects#append}. */
    record JournalSynced(long zxid) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onJournalSynced(zxid);
        }
    }

    /** Answer to {@link QuorumEffects#storeEpoch}. */
    record EpochStored(EpochKind kind, long epoch) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onEpochStored(kind, epoch);
        }
    }

    /**
     * Answer to {@link QuorumEffects#truncateHistory}: the last zxid that is left, and the tree stands at it; or a greater one
     * than was asked for, and nothing was touched.
     *
     * @param recent the newest transactions in the tree, oldest first
     */
    record HistoryTruncated(long lastZxid, List<Proposal> recent) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onHistoryTruncated(lastZxid, recent);
        }
    }

    /** Answer to {@link QuorumEffects#installSnapshot}. */
    record SnapshotInstalled(long zxid) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onSnapshotInstalled(zxid);
        }
    }

    /**
     * Answer to {@link QuorumEffects#reload}: the tree is what is on disk.
     *
     * @param resync whether that is a history to be shown to a leader
     * @param recent the newest transactions in the tree, oldest first
     */
    record Reloaded(long lastZxid, Resync resync, List<Proposal> recent) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onReloaded(lastZxid, resync, recent);
        }
    }

    /** The disk cannot be written; nothing asked of it before is answered any more. */
    record DiskFailed(String reason) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onDiskFailed(reason);
        }
    }

    /** Answer to {@link QuorumEffects#quiesce}. */
    record Quiesced() implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onQuiesced();
        }
    }

    /** A link for votes to this peer is open; what was sent on an earlier one may be lost. */
    record VoterConnected(long sid) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onVoterConnected(sid);
        }
    }

    /** The last link for votes to this peer is gone. */
    record VoterDisconnected(long sid) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onVoterDisconnected(sid);
        }
    }

    /** A peer told how it votes. */
    record Voted(long sid, Notification message) implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onVoted(sid, message);
        }
    }

    /** The operator wants this server to end: leave in order. Answer: {@link QuorumEffects#stopped}. */
    record Stop() implements QuorumEvent {
        @Override
        public void deliver(QuorumCore core) {
            core.onStop();
        }
    }
}
