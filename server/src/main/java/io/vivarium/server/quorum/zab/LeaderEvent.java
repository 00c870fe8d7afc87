/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionVerdict;

/** What happens to a leader. The owner gives each to {@link LeaderCore#step} as it comes, in order for each link. */
public sealed interface LeaderEvent {
    void deliver(LeaderCore core);

    /** A learner's connection is ready for packets (after TLS and SASL). Link numbers are never used again. */
    record LearnerConnected(long link) implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onLearnerConnected(link);
        }
    }

    /** A connection broke. Not for those the core closed. */
    record LearnerClosed(long link) implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onLearnerClosed(link);
        }
    }

    /** A learner sent a packet. */
    record LearnerPacket(long link, QuorumPacket packet) implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onLearnerPacket(link, packet);
        }
    }

    /** Answer to {@link ZabEffects#sendHistory}. */
    record HistorySent(long link) implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onHistorySent(link);
        }
    }

    /** Answer to {@link ZabEffects#appendToJournal}: all of the log up to {@code zxid} is durable. */
    record JournalSynced(long zxid) implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onJournalSynced(zxid);
        }
    }

    /** Answer to {@link ZabEffects#storeEpoch}. */
    record EpochStored(EpochKind kind, long epoch) implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onEpochStored(kind, epoch);
        }
    }

    /** The preparer has made a transaction; its zxid is the next one (spec quorum 9.2). Only while serving. */
    record Propose(Proposal proposal) implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onPropose(proposal);
        }
    }

    /** Answer to {@link ZabEffects#commit}: the tree has everything up to {@code zxid}. */
    record Applied(long zxid) implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onApplied(zxid);
        }
    }

    /** A learner's sync has passed the preparer, behind everything the learner asked before. */
    record SyncPassed(long link) implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onSyncPassed(link);
        }
    }

    /** Answer to {@link ZabEffects#checkSession}. */
    record SessionChecked(long link, SessionVerdict verdict) implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onSessionChecked(link, verdict);
        }
    }

    /** Election saw a server that had voted for this one looking again (ZOOKEEPER-3109). */
    record VoterLooking(long sid) implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onVoterLooking(sid);
        }
    }

    /** {@link LeaderCore#deadlineNanos} has come. */
    record TimePassed() implements LeaderEvent {
        @Override
        public void deliver(LeaderCore core) {
            core.onTimePassed();
        }
    }
}
