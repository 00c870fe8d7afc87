/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.quorum.SessionVerdict;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.pipeline.Replica;
import io.vivarium.server.pipeline.Uplink;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.LeaderEvent;
import io.vivarium.server.quorum.zab.LearnerEvent;
import io.vivarium.server.quorum.zab.PeerFeatures;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.Resync;
import io.vivarium.server.quorum.zab.SyncPlan;
import io.vivarium.server.quorum.zab.ZabEffects;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the Zab cores want done, brought to the replica, the disk and the links (spec quorum 2 to 7). Thread: core.
 *
 * <p>One object for one term of a role; it does not outlive it. Transactions that are decided are applied together when the
 * round ends, or before something is done that must see them.
 */
final class RoleEffects implements ZabEffects {
    private final QuorumCore member;
    private final MemberConfig config;
    private final QuorumEffects effects;
    private final Replica replica;
    private final UndecidedLog undecided;
    private final RoleDiary diary;

    RoleEffects(
            QuorumCore member,
            MemberConfig config,
            QuorumEffects effects,
            Replica replica,
            UndecidedLog undecided,
            RoleDiary diary) {
        this.member = member;
        this.config = config;
        this.effects = effects;
        this.replica = replica;
        this.undecided = undecided;
        this.diary = diary;
    }

    // ---- Of both roles ----------------------------------------------------------------------------------------

    @Override
    public void send(long link, QuorumPacket packet) {
        effects.send(link, packet);
    }

    @Override
    public void sendToAll(List<Long> links, QuorumPacket packet) {
        effects.sendToAll(links, packet);
    }

    @Override
    public void closeLink(long link, String reason) {
        effects.closeLink(link, reason);
    }

    @Override
    public void storeEpoch(EpochKind kind, long epoch) {
        effects.storeEpoch(kind, epoch);
    }

    @Override
    public void appendToJournal(Proposal proposal) {
        LoggedTxn txn = null;
        if (member.leads()) {
            diary.proposed(proposal.txn().length);
        } else {
            txn = readOrLeave(proposal);
            if (txn == null) {
                return;
            }
        }
        undecided.logged(proposal, txn, member.nowNanos());
        effects.append(proposal.zxid(), proposal.txn());
    }

    /** Bytes of a leader that are no transaction never reach the log: no server could read it any more. */
    private @Nullable LoggedTxn readOrLeave(Proposal proposal) {
        try {
            return replica.read(proposal.zxid(), proposal.txn());
        } catch (MalformedDataException e) {
            member.leave("the leader sent a transaction that cannot be read: " + e.getMessage(), Resync.FROM_HISTORY);
            return null;
        }
    }

    @Override
    public void commit(Proposal proposal) {
        UndecidedLog.Entry entry = undecided.decided(proposal.zxid());
        if (member.leads()) {
            if (entry != null) {
                diary.acknowledged(entry.nanos(), member.nowNanos());
            }
            replica.decided(proposal.zxid());
            return;
        }
        LoggedTxn txn = entry == null ? null : entry.txn();
        if (txn == null) {
            txn = readOrLeave(proposal);
        }
        if (txn != null) {
            replica.decided(txn, proposal.txn());
        }
    }

    @Override
    public void startServing(long epoch, PeerFeatures features) {
        replica.settle();
        replica.writeConfiguration(config.ensemble());
        if (member.leads()) {
            replica.serveAsLeader(
                    epoch,
                    features,
                    config.clients(),
                    proposal -> member.onLeading(
                            new LeaderEvent.Propose(new Proposal(proposal.zxid(), proposal.payload()))));
        } else {
            replica.serveAsLearner(epoch, features, new ToLeader());
        }
        member.serving(epoch);
    }

    @Override
    public void restrictTo(PeerFeatures features) {
        replica.restrictTo(features);
    }

    @Override
    public void exitRole(String reason, Resync resync) {
        member.leave(reason, resync);
    }

    @Override
    public void askForImage(String reason) {
        member.askForImage(reason);
    }

    // ---- Of a leader ------------------------------------------------------------------------------------------

    @Override
    public void sendHistory(long link, SyncPlan plan) {
        // An image must hold everything that is decided: what is sent behind it begins there.
        replica.settle();
        member.noteHistory(link, plan);
        effects.sendHistory(link, reachable(plan));
    }

    /**
     * A plan counts the start of the epoch as its newest zxid, though no transaction has it and the tree never stands there; the
     * tree holds all that is decided.
     */
    private SyncPlan reachable(SyncPlan plan) {
        if (plan instanceof SyncPlan.Snapshot image) {
            return new SyncPlan.Snapshot(Math.min(image.atLeastZxid(), replica.lastApplied()), image.reason());
        }
        if (plan instanceof SyncPlan.ReadDisk walk) {
            return new SyncPlan.ReadDisk(
                    walk.position(), Math.min(walk.newest(), replica.lastApplied()), walk.memory());
        }
        return plan;
    }

    @Override
    public void prepare(long link, long sid, ForwardedRequest request) {
        if (request.opCode() == OpCode.SYNC) {
            member.onLeading(new LeaderEvent.SyncPassed(link));
        } else {
            replica.prepareForwarded(sid, request);
        }
    }

    @Override
    public void touchSessions(long sid, List<SessionTimeout> touches) {
        replica.touch(touches);
    }

    @Override
    public void checkSession(long link, long sid, SessionTimeout session) {
        diary.revalidates();
        boolean valid = replica.checkSession(sid, session);
        member.onLeading(new LeaderEvent.SessionChecked(link, new SessionVerdict(session.sessionId(), valid)));
    }

    // ---- Of a learner -----------------------------------------------------------------------------------------

    @Override
    public void truncateHistory(long zxid) {
        member.forgoAbove(zxid);
        effects.truncateHistory(zxid);
    }

    @Override
    public void receiveImage(long link, long zxid) {
        member.imageComing();
        effects.receiveImage(link, zxid);
    }

    @Override
    public void installSnapshot(long zxid) {
        replica.settle();
        member.forgoAbove(zxid);
        effects.installSnapshot(zxid);
    }

    @Override
    public void answerPing(long link, long zxid) {
        List<SessionTimeout> touches = replica.isServing() ? replica.touchedSessions() : List.of();
        effects.send(link, SessionTimeout.pingReply(zxid, touches));
    }

    @Override
    public void completeSync(long sessionId, int cxid) {
        replica.syncCompleted(sessionId, cxid);
    }

    @Override
    public void sessionJudged(SessionVerdict verdict) {
        replica.sessionJudged(verdict.sessionId(), verdict.valid());
    }

    // ---- Of a configuration that changes: never, as long as reconfiguration is disabled (spec quorum 10.1) ------

    @Override
    public void configurationSeen(byte[] text) {
        // The members are those of the file.
    }

    @Override
    public void activateLastSeen() {
        // The members are those of the file.
    }

    @Override
    public void activateReconfiguration(Proposal proposal, long designatedLeader) {
        member.leave(
                "the leader has changed the members of the ensemble, and this server has reconfiguration disabled",
                Resync.FROM_HISTORY);
    }

    /** The way of a learner's clients to the leader. */
    private final class ToLeader implements Uplink {
        @Override
        public void forward(ForwardedRequest request) {
            member.onLearning(new LearnerEvent.ClientRequest(request));
        }

        @Override
        public long newestZxid() {
            return undecided.lastZxid().orElse(replica.lastApplied());
        }

        @Override
        public void bring(SessionTimeout session) {
            member.onLearning(new LearnerEvent.SessionBrought(session));
        }
    }
}
