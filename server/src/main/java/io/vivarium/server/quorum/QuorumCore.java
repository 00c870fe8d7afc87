/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.election.core.ElectionAction;
import io.vivarium.election.core.ElectionCore;
import io.vivarium.election.core.ElectionEvent;
import io.vivarium.election.core.Vote;
import io.vivarium.election.core.VotingView;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.pipeline.CoreLogic;
import io.vivarium.server.pipeline.Replica;
import io.vivarium.server.pipeline.Standstill;
import io.vivarium.server.quorum.zab.CommittedLog;
import io.vivarium.server.quorum.zab.Ensembles;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.LeaderCore;
import io.vivarium.server.quorum.zab.LeaderEvent;
import io.vivarium.server.quorum.zab.LeaderStart;
import io.vivarium.server.quorum.zab.LearnerCore;
import io.vivarium.server.quorum.zab.LearnerEvent;
import io.vivarium.server.quorum.zab.LearnerReport;
import io.vivarium.server.quorum.zab.LearnerRole;
import io.vivarium.server.quorum.zab.LearnerStart;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.Resync;
import io.vivarium.server.quorum.zab.SyncPlan;
import io.vivarium.server.quorum.zab.ZabConfig;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of an ensemble, from its start to its end: the one place that moves it from role to role (spec quorum 2.1,
 * election 4.1).
 *
 * <pre>
 *  from                to            because
 *  (start)             LOOKING       the history has been read
 *  LOOKING             READ_ONLY     no leader for a while, and reads may be served without one
 *  LOOKING, READ_ONLY  LEADING       the election names this server
 *  LOOKING, READ_ONLY  FOLLOWING     it names another, and this one has a vote
 *  LOOKING, READ_ONLY  OBSERVING     it names another, and this one has none
 *  LEADING, FOLLOWING, OBSERVING
 *                      SETTLING      the role ended: lost quorum, lost leader, disobeyed protocol
 *  SETTLING            LOOKING       the disk has nothing under way, and the tree is what is on disk
 *  any                 SETTLING      the disk failed; LOOKING when it has been read again
 *  any                 STOPPED       the operator wants it, and the disk has nothing under way
 * </pre>
 *
 * <p>In SETTLING nothing of the former role is left under way, so no answer to it reaches the next one: the disk answers in
 * the order of asking, and links have numbers that are never used twice. What is in the log and was not decided is applied
 * then: history is what the log says, and the next leader says what of it stays (spec quorum 2.3).
 *
 * <p>A server whose history cannot be trusted ({@link Resync#FROM_SNAPSHOT}) follows, but does not stand for election.
 *
 * <p>Pure: events in, actions out through {@link QuorumEffects}. Thread: core. Longer than other classes, because every move
 * and everything that may cause one stands here; what a role does, tells and wants done is elsewhere.
 */
public final class QuorumCore implements CoreLogic {
    private static final Logger LOG = LoggerFactory.getLogger(QuorumCore.class);
    /** Bytes of transactions kept in memory for learners, whatever their number. */
    private static final long MAX_COMMITTED_LOG_BYTES = 64L << 20;
    /** How long a server that must not lead waits when it was elected all the same. */
    private static final long DECLINE_NANOS = 1_000_000_000L;

    private final MemberConfig config;
    private final QuorumEffects effects;
    private final Replica replica;
    private final RandomGenerator dice;
    private final ElectionCore election;
    private final CommittedLog committedLog;
    private final UndecidedLog undecided = new UndecidedLog();
    private final VoteEffects votes;
    private final Standstill standstill = new Standstill();
    private final RoleDiary diary;
    private final RoleBoard board;
    private final Plans plans = new Plans();

    private Role role = Role.SETTLING;
    private @Nullable LeaderTerm leading;
    private @Nullable LearnerTerm learning;
    private long acceptedEpoch;
    private long currentEpoch;
    private Resync resync;
    /** False while the tree is not what is on disk: an image came in and was not installed. */
    private boolean treeIsDisk = true;
    /** False from a failure of the disk until it has been read again: without a log there is no role to take. */
    private boolean diskWorks = true;

    private boolean stopping;
    /** The first zxid of the epoch that is served; 0 while none is. */
    private long servedFrom;
    /** Up to where others have been told that the history is durable here. */
    private long acknowledgedZxid;

    private long nowNanos;
    private long notBeforeNanos = Long.MIN_VALUE;
    private DialPatience patience = DialPatience.NONE;

    /**
     * @param replica closed, with the tree as it is on disk; its log must be {@link #applied}
     * @param dice for pauses only
     * @param recorder of the core
     */
    public QuorumCore(
            MemberConfig config,
            MemberState state,
            Replica replica,
            QuorumEffects effects,
            RandomGenerator dice,
            Recorder recorder) {
        this.config = config;
        this.effects = effects;
        this.votes = new VoteEffects(this, effects);
        this.replica = replica;
        this.dice = dice;
        this.acceptedEpoch = state.acceptedEpoch();
        this.currentEpoch = state.currentEpoch();
        this.resync = state.resync();
        this.acknowledgedZxid = state.lastZxid();
        this.election = new ElectionCore(
                config.election(),
                config.myId(),
                VotingView.of(config.ensemble()),
                replica.lastApplied(),
                currentEpoch);
        this.committedLog = new CommittedLog(config.commitLogEntries(), MAX_COMMITTED_LOG_BYTES);
        state.recent().forEach(committedLog::add);
        this.diary = new RoleDiary(config.myId(), recorder);
        this.board = new RoleBoard(config.ensemble().voters());
    }

    /** Begins to look for a leader. {@link #at} must have told the time. */
    public void begin() {
        effects.membersChanged(config.ensemble());
        look();
    }

    // ---- For whoever steps it ---------------------------------------------------------------------------------

    @Override
    public Replica replica() {
        return replica;
    }

    @Override
    public void at(long nowNanos, long wallMillis) {
        this.nowNanos = nowNanos;
        standstill.wokeAt(nowNanos);
        replica.at(nowNanos, wallMillis);
    }

    @Override
    public void endRound() {
        replica.settle();
        if (leading != null) {
            leading.step(new LeaderEvent.Applied(replica.lastApplied()), nowNanos);
        }
        if (!standstill.isHearing(nowNanos)) {
            onTime();
        }
        board.look(role, leading, learning, leaderId(), servedFrom, nowNanos);
        standstill.sleepUntil(deadlineNanos());
    }

    long nowNanos() {
        return nowNanos;
    }

    private void onTime() {
        if (election.deadlineNanos() <= nowNanos) {
            vote(new ElectionEvent.DeadlineReached());
        }
        if (leading != null) {
            leading.onTime(nowNanos);
        } else if (learning != null) {
            learning.onTime(nowNanos);
        }
        replica.endRound();
        if (plans.take(Plan.LOOK, nowNanos)) {
            look();
        }
        if (plans.take(Plan.OBSERVE, nowNanos)) {
            learn(election.finalVote().leader(), LearnerRole.OBSERVER);
        }
        if (plans.take(Plan.REDIAL, nowNanos)) {
            dial(patience);
        }
        if (plans.take(Plan.SERVE_READ_ONLY, nowNanos)) {
            LOG.info("Attempting to start ReadOnlyZooKeeperServer: no leader for {} ms", config.readOnlyAfterMillis());
            replica.serveReadOnly();
            become(Role.READ_ONLY);
            LOG.info("Read-only server started");
        }
    }

    @Override
    public long nextDeadlineNanos() {
        return standstill.nextRound(deadlineNanos());
    }

    private long deadlineNanos() {
        long next = Math.min(replica.nextDeadlineNanos(), election.deadlineNanos());
        next = Math.min(next, plans.nextNanos());
        if (leading != null) {
            next = Math.min(next, leading.deadlineNanos());
        }
        if (learning != null) {
            next = Math.min(next, learning.deadlineNanos());
        }
        return next;
    }

    /** A transaction is in the tree; the log that the {@link Replica} was made with. */
    public void applied(long zxid, byte[] payload) {
        committedLog.add(new Proposal(zxid, payload));
    }

    // ---- Reports ----------------------------------------------------------------------------------------------

    public Role role() {
        return role;
    }

    /** What this server is at this moment. Thread: any. */
    public RoleReport report() {
        return board.report();
    }

    /** Syncs of learners that wait for a commit of this leader. Thread: any. */
    public int pendingSyncs() {
        return board.pendingSyncs();
    }

    /** The sizes of its proposals while it leads. */
    public ProposalSizes proposals() {
        return diary.proposals();
    }

    /** The learners of this leader; none if it does not lead. */
    public List<LearnerReport> learners() {
        return leading == null ? List.of() : leading.core().learners();
    }

    private boolean hasLeader() {
        return role == Role.LEADING || role == Role.FOLLOWING || role == Role.OBSERVING;
    }

    public long currentEpoch() {
        return currentEpoch;
    }

    public long acceptedEpoch() {
        return acceptedEpoch;
    }

    // ---- Election ---------------------------------------------------------------------------------------------

    private void look() {
        if (stopping) {
            return;
        }
        become(Role.LOOKING);
        diary.looks(replica.lastApplied(), nowNanos);
        if (config.readOnlyAfterMillis() >= 0) {
            plans.set(Plan.SERVE_READ_ONLY, nowNanos + config.readOnlyAfterMillis() * 1_000_000);
        }
        if (resync == Resync.FROM_SNAPSHOT) {
            LOG.warn(
                    "The history of this server cannot be trusted to be the ensemble's; it waits for a leader to take it from"
                            + " and does not stand for election");
        }
        vote(new ElectionEvent.Looking(
                resync == Resync.FROM_SNAPSHOT ? Vote.DATA_LOST : replica.lastApplied(), currentEpoch));
    }

    private void vote(ElectionEvent event) {
        for (ElectionAction action : election.step(event, nowNanos)) {
            action.perform(votes);
        }
    }

    /** The election has ended. */
    void elected(PeerState state, Vote vote) {
        if (!diskWorks || stopping) {
            throw new IllegalStateException("an election ended at a server that stood in none");
        }
        LOG.debug("{}: election named server {} by vote {}", state, vote.leader(), vote);
        plans.cancel(Plan.SERVE_READ_ONLY);
        if (replica.isServing()) {
            replica.stopServing();
        }
        if (state == PeerState.LEADING) {
            lead();
        } else if (state == PeerState.OBSERVING && config.observerReconnectDelayMillis() > 0) {
            // So that many observers do not ask a new leader for its history all at once (spec quorum 8.1).
            plans.set(Plan.OBSERVE, nowNanos + dice.nextLong(config.observerReconnectDelayMillis()) * 1_000_000);
        } else {
            learn(vote.leader(), state == PeerState.OBSERVING ? LearnerRole.OBSERVER : LearnerRole.FOLLOWER);
        }
    }

    private void lead() {
        if (resync == Resync.FROM_SNAPSHOT) {
            decline("this server has no history that can be trusted");
            return;
        }
        become(Role.LEADING);
        diary.elected(PeerState.LEADING, config.myId(), addressOf(config.myId()), nowNanos);
        effects.openPort();
        LeaderStart start = new LeaderStart(
                config.myId(), acceptedEpoch, currentEpoch, replica.lastApplied(), Ensembles.of(config.ensemble()));
        LeaderTerm term = new LeaderTerm(new LeaderCore(start, config.zab(), committedLog), roleEffects());
        leading = term;
        term.begin(nowNanos);
    }

    private void learn(long leader, LearnerRole as) {
        Member member = config.ensemble().member(leader).orElse(null);
        if (member == null) {
            decline("server " + leader + " is no member of the ensemble");
            return;
        }
        become(as == LearnerRole.OBSERVER ? Role.OBSERVING : Role.FOLLOWING);
        diary.elected(
                as == LearnerRole.OBSERVER ? PeerState.OBSERVING : PeerState.FOLLOWING,
                leader,
                addressOf(leader),
                nowNanos);
        patience = new DialPatience(member, as);
        dial(patience);
    }

    private void dial(DialPatience target) {
        LearnerStart start = new LearnerStart(
                config.myId(),
                target.role(),
                acceptedEpoch,
                currentEpoch,
                replica.lastApplied(),
                config.ensemble().version(),
                isEmptyAmongOthers() ? Resync.FROM_SNAPSHOT : resync);
        learning = new LearnerTerm(new LearnerCore(start, config.zab()), roleEffects(), effects.dial(target.leader()));
    }

    /**
     * A server with nothing may be new, or have lost everything and not know it. Where the ensemble has a history it counts
     * nowhere until it has taken that over: otherwise it could make a quorum with one that was away, for a leader that lacks
     * what the two of them once acknowledged. In an ensemble that begins, nobody has anything, and everybody counts.
     */
    private boolean isEmptyAmongOthers() {
        return currentEpoch == 0
                && replica.lastApplied() == 0
                && election.finalVote().zxid() > 0;
    }

    /** The result of the election is of no use; looks again after a moment. */
    private void decline(String reason) {
        LOG.warn("Election declined: {}; looking again", reason);
        vote(new ElectionEvent.RoleEnded());
        become(Role.SETTLING);
        plans.set(Plan.LOOK, nowNanos + DECLINE_NANOS);
    }

    private RoleEffects roleEffects() {
        return new RoleEffects(this, config, effects, replica, undecided, diary);
    }

    // ---- The end of a role ------------------------------------------------------------------------------------

    /** The role ends; it is the present one. */
    void leave(String reason, Resync next) {
        diary.gaveUp(role, reason);
        boolean observed = role == Role.OBSERVING;
        endRole(reason);
        resync = next;
        LOG.warn("PeerState set to LOOKING");
        become(Role.SETTLING);
        if (observed && config.observerElectionDelayMillis() > 0) {
            // So that the observers of a lost leader do not come back all at once (spec quorum 2.1).
            notBeforeNanos = nowNanos + dice.nextLong(config.observerElectionDelayMillis()) * 1_000_000;
        }
        effects.quiesce();
    }

    /** The same leader is asked once more, by one that says it has nothing; it has lost nothing by that. */
    void askForImage(String reason) {
        LOG.warn("Asking the leader for an image: {}", reason);
        learner().end();
        effects.closeLink(learner().link(), reason);
        learning = null;
        resync = Resync.FROM_IMAGE;
        patience = new DialPatience(patience.leader(), patience.role());
        dial(patience);
    }

    private void endRole(String reason) {
        plans.cancelAll();
        vote(new ElectionEvent.RoleEnded());
        replica.stopServing();
        servedFrom = 0;
        if (leading != null || learning != null) {
            diary.ended(role, addressOf(leaderId()), nowNanos);
        }
        if (leading != null) {
            leading.end();
            leading = null;
            effects.closePort();
        }
        if (learning != null) {
            learning.end();
            effects.closeLink(learning.link(), reason);
            learning = null;
        }
    }

    /** The role ends with the log; the others go on, and so does this process, until there is room again or a disk. */
    void onDiskFailed(String reason) {
        LOG.error("{} ends, waiting for the disk: {}", role, reason);
        endRole("the disk of this server failed");
        become(Role.SETTLING);
        diskWorks = false;
        treeIsDisk = false;
        undecided.clear();
        if (stopping) {
            become(Role.STOPPED);
            effects.stopped();
        } else {
            effects.reopenDisk(acknowledgedZxid);
        }
    }

    /** The disk has answered everything that the former role asked. */
    void onQuiesced() {
        if (stopping) {
            become(Role.STOPPED);
            effects.stopped();
        } else if (treeIsDisk) {
            undecided.applyAll(replica);
            settled();
        } else {
            effects.reload();
        }
    }

    /** The tree is what is on disk. */
    void onReloaded(long lastZxid, Resync found, List<Proposal> recent) {
        treeReplaced(recent);
        acknowledgedZxid = lastZxid;
        treeIsDisk = true;
        diskWorks = true;
        if (found == Resync.FROM_SNAPSHOT) {
            resync = found;
        }
        LOG.info("History read again from disk, up to {}", Zxid.toString(lastZxid));
        if (!stopping) {
            settled();
        }
    }

    private void settled() {
        plans.set(Plan.LOOK, Math.max(nowNanos, notBeforeNanos));
        notBeforeNanos = Long.MIN_VALUE;
    }

    /** Somebody else has filled the tree: what was noted about the old one is void. */
    private void treeReplaced(List<Proposal> recent) {
        replica.restart();
        committedLog.clear();
        recent.forEach(committedLog::add);
        undecided.clear();
    }

    /** The operator wants this server to end: clients and peers are let go in order, then the disk is waited for. */
    void onStop() {
        if (stopping) {
            return;
        }
        stopping = true;
        endRole("this server is being stopped");
        become(Role.SETTLING);
        if (diskWorks) {
            effects.quiesce();
        } else {
            become(Role.STOPPED);
            effects.stopped();
        }
    }

    private void become(Role next) {
        if (role != next) {
            LOG.debug("{} -> {}", role, next);
            role = next;
            effects.roleChanged(next);
        }
    }

    // ---- Links ------------------------------------------------------------------------------------------------

    void onLearnerArrived(long link) {
        if (leading == null) {
            effects.closeLink(link, "this server does not lead");
        } else {
            leading.step(new LeaderEvent.LearnerConnected(link), nowNanos);
        }
    }

    void onLinkOpened(long link) {
        if (isOwnLink(link)) {
            diary.connected(addressOf(leaderId()), nowNanos);
            patience.opened();
            learner().step(new LearnerEvent.Connected(link), nowNanos);
        } else {
            effects.closeLink(link, "the role it was dialled for is over");
        }
    }

    void onLinkClosed(long link, String reason) {
        if (leading != null) {
            leading.step(new LeaderEvent.LearnerClosed(link), nowNanos);
        } else if (isOwnLink(link)) {
            if (patience.mayTryAgain()) {
                learner().end();
                learning = null;
                plans.set(Plan.REDIAL, patience.nextAttempt(nowNanos));
                LOG.info("The leader closed the link before it said a word ({}); dialling again", reason);
            } else {
                learner().step(new LearnerEvent.LinkClosed(reason), nowNanos);
            }
        }
    }

    void onPacket(long link, QuorumPacket packet) {
        if (leading != null) {
            leading.step(new LeaderEvent.LearnerPacket(link, packet), nowNanos);
        } else if (isOwnLink(link)) {
            patience.heard();
            if (learner().core().isServing()) {
                diary.receives(packet);
            } else {
                diary.synchronizes(packet);
            }
            learner().step(new LearnerEvent.LeaderPacket(packet), nowNanos);
        }
    }

    void onHistorySent(long link) {
        if (leading != null) {
            leading.step(new LeaderEvent.HistorySent(link), nowNanos);
        }
    }

    void onImageReceived(long link) {
        if (isOwnLink(link)) {
            treeReplaced(List.of());
            learner().step(new LearnerEvent.ImageReceived(), nowNanos);
        }
    }

    void onPortFailed(String reason) {
        if (leading != null) {
            leave("the quorum port cannot be opened: " + reason, Resync.FROM_HISTORY);
        }
    }

    /** From now on the tree is not what is on disk. */
    void imageComing() {
        treeIsDisk = false;
        replica.imageComing();
    }

    boolean leads() {
        return leading != null;
    }

    /** Something happens to the leader from within. */
    void onLeading(LeaderEvent event) {
        if (leading != null) {
            leading.step(event, nowNanos);
        }
    }

    /** Something happens to the learner from within. */
    void onLearning(LearnerEvent event) {
        learner().step(event, nowNanos);
    }

    /** A learner is about to be sent its history. */
    void noteHistory(long link, SyncPlan plan) {
        if (leading != null) {
            long sid = leading.core().learners().stream()
                    .filter(each -> each.link() == link)
                    .mapToLong(LearnerReport::sid)
                    .findFirst()
                    .orElse(RoleReport.NOBODY);
            diary.sendsHistory(
                    sid,
                    plan,
                    leading.core().inflightSnapshots(),
                    leading.core().inflightDiffs());
        }
    }

    /** Whom this server follows, or itself; nobody while none is known. */
    private long leaderId() {
        return hasLeader() ? election.finalVote().leader() : RoleReport.NOBODY;
    }

    /** Where a member listens for learners. */
    private HostPort addressOf(long sid) {
        return config.ensemble()
                .member(sid)
                .map(member -> member.address().quorum())
                .orElse(new HostPort(HostPort.ANY, 0));
    }

    private boolean isOwnLink(long link) {
        return learning != null && learning.link() == link;
    }

    private LearnerTerm learner() {
        if (learning == null) {
            throw new IllegalStateException("no leader is followed in role " + role);
        }
        return learning;
    }

    // ---- Disk -------------------------------------------------------------------------------------------------

    /** What stands above may go from the disk from now on. */
    void forgoAbove(long zxid) {
        acknowledgedZxid = Math.min(acknowledgedZxid, zxid);
    }

    void onJournalSynced(long zxid) {
        acknowledgedZxid = zxid;
        if (leading != null) {
            leading.step(new LeaderEvent.JournalSynced(zxid), nowNanos);
        } else if (learning != null) {
            learning.step(new LearnerEvent.JournalSynced(zxid), nowNanos);
        }
    }

    void onEpochStored(EpochKind kind, long epoch) {
        if (kind == EpochKind.ACCEPTED) {
            acceptedEpoch = epoch;
        } else {
            currentEpoch = epoch;
        }
        if (leading != null) {
            leading.step(new LeaderEvent.EpochStored(kind, epoch), nowNanos);
        } else if (learning != null) {
            learning.step(new LearnerEvent.EpochStored(kind, epoch), nowNanos);
        }
    }

    void onHistoryTruncated(long lastZxid, List<Proposal> recent) {
        treeReplaced(recent);
        acknowledgedZxid = lastZxid;
        if (learning != null) {
            learning.step(new LearnerEvent.HistoryTruncated(lastZxid), nowNanos);
        }
    }

    void onSnapshotInstalled(long zxid) {
        treeIsDisk = true;
        acknowledgedZxid = zxid;
        if (learning != null) {
            learning.step(new LearnerEvent.SnapshotInstalled(zxid), nowNanos);
        }
    }

    // ---- Votes ------------------------------------------------------------------------------------------------

    void onVoterConnected(long sid) {
        vote(new ElectionEvent.PeerConnected(sid));
    }

    void onVoterDisconnected(long sid) {
        vote(new ElectionEvent.PeerDisconnected(sid));
    }

    void onVoted(long sid, Notification message) {
        diary.hears(election.state(), sid, message);
        vote(new ElectionEvent.Notified(sid, message));
    }

    /** The present role serves in its epoch: the vote that others are told has it, too (ZOOKEEPER-1732). */
    void serving(long epoch) {
        resync = Resync.FROM_HISTORY;
        servedFrom = Zxid.of(epoch, 0);
        if (role == Role.OBSERVING && config.zab().observerLog() == ZabConfig.ObserverLog.NOT_KEPT) {
            // What comes from here on is in the tree alone, and the next sync has to fill the log without a hole.
            treeIsDisk = false;
        }
        if (leading != null) {
            diary.leads(servedFrom, leading.core().supporters(), nowNanos);
        } else {
            diary.learns(role, nowNanos);
        }
        effects.roleChanged(role);
        vote(new ElectionEvent.EpochEstablished(epoch));
    }

    /** A voter looks for a leader while this server leads. */
    void onVoterLooking(long sid) {
        if (leading != null) {
            leading.step(new LeaderEvent.VoterLooking(sid), nowNanos);
            if (leading == null) {
                diary.leftForLookingVoter();
            }
        }
    }
}
