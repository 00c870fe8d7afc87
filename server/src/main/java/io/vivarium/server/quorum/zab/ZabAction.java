/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.quorum.SessionVerdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a core wants done. The owner performs the actions of one step in order, all of them, before the next step.
 *
 * <p>The contract of each is written at the method of {@link ZabEffects} that it calls.
 */
public sealed interface ZabAction {
    void perform(ZabEffects effects);

    /** To one peer. */
    record Send(long link, QuorumPacket packet) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.send(link, packet);
        }
    }

    /** The same packet to several peers, so that it is encoded once. */
    record SendToAll(List<Long> links, QuorumPacket packet) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.sendToAll(links, packet);
        }
    }

    /** Closes one link. */
    record CloseLink(long link, String reason) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.closeLink(link, reason);
        }
    }

    /** Makes an epoch durable. */
    record StoreEpoch(EpochKind kind, long epoch) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.storeEpoch(kind, epoch);
        }
    }

    /** Logs a transaction. */
    record AppendToJournal(Proposal proposal) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.appendToJournal(proposal);
        }
    }

    /** Applies a decided transaction. */
    record Commit(Proposal proposal) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.commit(proposal);
        }
    }

    /** Opens the server to clients. */
    record StartServing(long epoch, PeerFeatures features) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.startServing(epoch, features);
        }
    }

    /** Changes which opcodes are refused. */
    record RestrictTo(PeerFeatures features) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.restrictTo(features);
        }
    }

    /** Leaves the role; the core is spent. */
    record ExitRole(String reason, Resync resync) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.exitRole(reason, resync);
        }
    }

    /** Learner: begins anew with the same leader, for an image; the core is spent. */
    record AskForImage(String reason) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.askForImage(reason);
        }
    }

    /** Leader: brings a learner to the history of this server. */
    record SendHistory(long link, SyncPlan plan) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.sendHistory(link, plan);
        }
    }

    /** Leader: a learner's client wants something. */
    record Prepare(long link, long sid, ForwardedRequest request) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.prepare(link, sid, request);
        }
    }

    /** Leader: clients of a learner were heard. */
    record TouchSessions(long sid, List<SessionTimeout> touches) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.touchSessions(sid, touches);
        }
    }

    /** Leader: a client has moved to a learner. */
    record CheckSession(long link, long sid, SessionTimeout session) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.checkSession(link, sid, session);
        }
    }

    /** Learner: cuts the history back. */
    record TruncateHistory(long zxid) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.truncateHistory(zxid);
        }
    }

    /** Learner: reads an image from the link. */
    record ReceiveImage(long link, long zxid) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.receiveImage(link, zxid);
        }
    }

    /** Learner: makes the received history the one on disk. */
    record InstallSnapshot(long zxid) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.installSnapshot(zxid);
        }
    }

    /** Learner: answers a PING. */
    record AnswerPing(long link, long zxid) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.answerPing(link, zxid);
        }
    }

    /** Learner: a client's sync is due. */
    record CompleteSync(long sessionId, int cxid) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.completeSync(sessionId, cxid);
        }
    }

    /** Learner: the leader has judged a session. */
    record SessionJudged(SessionVerdict verdict) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.sessionJudged(verdict);
        }
    }

    /** Learner: the leader's configuration, not yet in force. */
    record ConfigurationSeen(byte[] text) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.configurationSeen(text);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ConfigurationSeen that && java.util.Arrays.equals(text, that.text);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(text);
        }
    }

    /** Puts the configuration last seen in force, without a designated leader. */
    record ActivateLastSeen() implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.activateLastSeen();
        }
    }

    /** Learner: puts the configuration of a reconfiguration in force; its {@link Commit} follows. */
    record ActivateReconfiguration(Proposal proposal, long designatedLeader) implements ZabAction {
        @Override
        public void perform(ZabEffects effects) {
            effects.activateReconfiguration(proposal, designatedLeader);
        }
    }
}
