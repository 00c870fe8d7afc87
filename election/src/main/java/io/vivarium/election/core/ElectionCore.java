/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.MalformedEnsembleException;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds a leader for this server and tells others about it (spec election 3; the states are those of 4.1).
 *
 * <pre>
 *             Looking                       outcome of the Campaign
 *  (start) ------------> LOOKING ---------------------------------------> FOLLOWING | LEADING | OBSERVING
 *                           ^ |  ^                                             |             |
 *                           | +--+ newer configuration: next round, in place   |             |
 *                           +---------------------- Looking -------------------+             |
 *  FOLLOWING | LEADING | OBSERVING -- LeaderDesignated, no election --> the same three <-----+
 *                     all of these -- RoleEnded --> LOOKING, silent until Looking
 * </pre>
 *
 * <p>No notification ever moves a server that has a leader (S5): only the owner does, by {@link ElectionEvent.RoleEnded},
 * {@link ElectionEvent.Looking} or {@link ElectionEvent.LeaderDesignated}. State and final vote change in one step, so nobody is told the new state
 * with the previous vote (spec election 3.6, note 2). The result is a hint: that no two servers lead one epoch is the
 * quorum layer's work (spec election 7.1).
 *
 * <p>Thread: core. The owner steps it, performs the actions in order, and delivers {@link ElectionEvent.DeadlineReached}
 * when {@link #deadlineNanos} has come. Times are nanoseconds of one monotonic clock.
 */
public final class ElectionCore {
    /** The deadline of a core that waits for nothing. */
    public static final long NEVER = Long.MAX_VALUE;

    private final ElectionConfig config;
    private final long self;
    private final SortedSet<Long> connected = new TreeSet<>();
    /** Voters whose link broke and has not come back: a process that ended, or a network that did. */
    private final Set<Long> lost = new HashSet<>();
    /** Peers that were told a final vote whose epoch is not yet the synchronised one. */
    private final SortedSet<Long> toldEarly = new TreeSet<>();

    private VotingView view;
    private PeerState state = PeerState.LOOKING;
    private Vote finalVote;
    private long clock;
    private long lastZxid;
    private long currentEpoch;
    /** Not null exactly while an election runs; also null before the first. */
    private @Nullable Campaign campaign;

    /**
     * @param self configured id of this server
     * @param lastZxid with {@code currentEpoch}, what is told to non-voters until the first election is over
     */
    public ElectionCore(ElectionConfig config, long self, VotingView view, long lastZxid, long currentEpoch) {
        this.config = config;
        this.self = self;
        this.view = view;
        this.lastZxid = lastZxid;
        this.currentEpoch = currentEpoch;
        this.finalVote = new Vote(self, lastZxid, Vote.NOT_ELECTED, currentEpoch);
    }

    public List<ElectionAction> step(ElectionEvent event, long nowNanos) {
        return event.deliverTo(this, nowNanos);
    }

    /** When {@link ElectionEvent.DeadlineReached} is due, or {@link #NEVER}. */
    public long deadlineNanos() {
        return campaign == null ? NEVER : campaign.deadlineNanos();
    }

    public PeerState state() {
        return state;
    }

    /** The vote of the last election that ended; what a server with a leader reports. */
    public Vote finalVote() {
        return finalVote;
    }

    /** The logical clock; it may fall when we join others, and is never stored (trap 4). */
    public long round() {
        return campaign == null ? clock : campaign.clock();
    }

    public VotingView view() {
        return view;
    }

    List<ElectionAction> onLooking(long newLastZxid, long newCurrentEpoch, long nowNanos) {
        List<ElectionAction> out = new ArrayList<>();
        lastZxid = newLastZxid;
        currentEpoch = newCurrentEpoch;
        state = PeerState.LOOKING;
        startCampaign(nowNanos, out);
        return out;
    }

    /** Who has lost its leader, or leads no more, does not tell others that it has one; who stops looking, elects nobody. */
    List<ElectionAction> onRoleEnded() {
        state = PeerState.LOOKING;
        toldEarly.clear();
        if (campaign == null) {
            return List.of();
        }
        clock = round();
        campaign = null;
        return List.of(new ElectionAction.Rest());
    }

    List<ElectionAction> onNotification(long sid, Notification message, long nowNanos) {
        // Nobody else may speak for us; a link that carries our own sid is somebody's mistake (ZOOKEEPER-2164).
        if (sid == self) {
            return List.of();
        }
        List<ElectionAction> out = new ArrayList<>();
        if (considerConfig(sid, message, nowNanos, out)) {
            return out;
        }
        if (!view.isVoter(sid)) {
            answerNonVoter(sid, message, out);
        } else if (campaign != null) {
            if (message.state() == PeerState.LOOKING && message.round() < campaign.clock() && view.isVoter(self)) {
                campaign.correct(sid, out);
            }
            conclude(campaign.onNotification(sid, message, nowNanos, out), out);
        } else if (message.state() == PeerState.LOOKING && spreadsFinalVote()) {
            out.add(finalVoteFor(sid));
            if (state == PeerState.LEADING) {
                out.add(new ElectionAction.ReportLookingVoter(sid, message.round()));
            }
        }
        return out;
    }

    List<ElectionAction> onPeerConnected(long sid, long nowNanos) {
        List<ElectionAction> out = new ArrayList<>();
        connected.add(sid);
        lost.remove(sid);
        if (campaign != null) {
            campaign.onConnected(sid, nowNanos, out);
        } else if (spreadsFinalVote()) {
            out.add(finalVoteFor(sid));
        }
        return out;
    }

    List<ElectionAction> onPeerDisconnected(long sid, long nowNanos) {
        List<ElectionAction> out = new ArrayList<>();
        connected.remove(sid);
        lost.add(sid);
        toldEarly.remove(sid);
        if (campaign != null) {
            conclude(campaign.onLost(nowNanos), out);
        }
        return out;
    }

    List<ElectionAction> onDeadline(long nowNanos) {
        List<ElectionAction> out = new ArrayList<>();
        if (campaign != null && nowNanos >= campaign.deadlineNanos()) {
            conclude(campaign.onDeadline(nowNanos, out), out);
        }
        return out;
    }

    /**
     * From now on the vote we report has the new epoch; round and zxid stay those of the election (ZOOKEEPER-1732). Whom
     * we told the old epoch is told again: settled votes with different epochs do not add up for somebody who joins.
     */
    List<ElectionAction> onEpochEstablished(long epoch) {
        List<ElectionAction> out = new ArrayList<>();
        if (campaign == null && finalVote.peerEpoch() != epoch) {
            finalVote = finalVote.withPeerEpoch(epoch);
            for (long sid : List.copyOf(toldEarly)) {
                out.add(finalVoteFor(sid));
            }
        }
        toldEarly.clear();
        return out;
    }

    List<ElectionAction> onConfigsChanged(VotingView changed, long nowNanos) {
        List<ElectionAction> out = new ArrayList<>();
        SortedSet<Long> newcomers = new TreeSet<>(changed.voters());
        newcomers.removeAll(view.voters());
        newcomers.remove(self);
        boolean sameVoters =
                changed.voters().equals(view.voters()) && changed.committed().hasSameMembers(view.committed());
        view = changed;
        if (campaign == null) {
            if (!newcomers.isEmpty()) {
                out.add(new ElectionAction.Dial(newcomers));
            }
        } else if (sameVoters) {
            campaign.renew(changed);
        } else {
            startCampaign(nowNanos, out);
        }
        return out;
    }

    List<ElectionAction> onLeaderDesignated(long leader, long reconfigZxid) {
        List<ElectionAction> out = new ArrayList<>();
        clock = round();
        settle(new Vote(leader, reconfigZxid, Vote.NOT_ELECTED, Vote.NOT_ELECTED), Collections.emptySortedSet(), out);
        return out;
    }

    /** The next round, from nothing. Unlike stock, the clock goes on counting when a configuration is the cause. */
    private void startCampaign(long nowNanos, List<ElectionAction> out) {
        clock = round() + 1;
        toldEarly.clear();
        campaign = new Campaign(config, self, view, initialVote(), lost, nowNanos);
        SortedSet<Long> others = new TreeSet<>(view.voters());
        others.remove(self);
        out.add(new ElectionAction.Seek(others));
        conclude(campaign.start(nowNanos, out), out);
    }

    /** Spec election 3.1: only a participant of the committed configuration is a candidate. */
    private Vote initialVote() {
        if (view.committed().isVoter(self)) {
            return new Vote(self, lastZxid, clock, currentEpoch);
        }
        return view.isObserver(self)
                ? new Vote(Vote.NOBODY, Vote.NOBODY, clock, Vote.NOBODY)
                : new Vote(Vote.NOBODY, lastZxid, clock, currentEpoch);
    }

    private void conclude(Campaign.@Nullable Outcome outcome, List<ElectionAction> out) {
        if (outcome != null) {
            clock = outcome.vote().round();
            settle(outcome.vote(), outcome.supporters(), out);
        }
    }

    private void settle(Vote vote, SortedSet<Long> supporters, List<ElectionAction> out) {
        campaign = null;
        finalVote = vote;
        state = stateUnder(vote.leader());
        toldEarly.clear();
        out.add(new ElectionAction.Rest());
        out.add(new ElectionAction.Elected(state, vote, supporters));
        if (spreadsFinalVote()) {
            // Stock leaves these to find out by asking, up to a minute later (spec election 3.12).
            for (long sid : connected) {
                if (!view.isVoter(sid)) {
                    out.add(finalVoteFor(sid));
                }
            }
        }
    }

    private PeerState stateUnder(long leader) {
        if (leader == self) {
            return PeerState.LEADING;
        }
        return view.isObserver(self) ? PeerState.OBSERVING : PeerState.FOLLOWING;
    }

    /** An OBSERVING word counts for nobody, and a LOOKING stock voter would answer it, for ever (3.6, note 3). */
    private boolean spreadsFinalVote() {
        return state == PeerState.FOLLOWING || state == PeerState.LEADING;
    }

    /** What a server without a vote says is not looked at; only that it is LOOKING (spec election 3.6, step 1). */
    private void answerNonVoter(long sid, Notification message, List<ElectionAction> out) {
        if (message.state() != PeerState.LOOKING) {
            return;
        }
        if (spreadsFinalVote()) {
            out.add(finalVoteFor(sid));
        } else if (campaign != null && view.isVoter(self) && campaign.owesAnswer(sid)) {
            // While LOOKING it is told the vote of the election before (trap 9).
            out.add(new ElectionAction.Send(sid, notification(finalVote.inRound(campaign.clock()))));
        }
    }

    /** A voter is told the round of the final vote, everybody else the clock (trap 8). */
    private ElectionAction finalVoteFor(long sid) {
        toldEarly.add(sid);
        Vote vote = view.isVoter(sid) ? finalVote : finalVote.inRound(clock);
        return new ElectionAction.Send(sid, notification(vote));
    }

    private Notification notification(Vote vote) {
        return Notification.of(state, vote.leader(), vote.zxid(), vote.round(), vote.peerEpoch(), view.committedText());
    }

    /**
     * Looks at the configuration in a message (spec election 2.4). With reconfiguration disabled it is ignored, where a
     * stock server would start its election again for every such message (trap 30).
     *
     * @return true when the election was started again, and the message is to be dropped
     */
    private boolean considerConfig(long sid, Notification message, long nowNanos, List<ElectionAction> out) {
        String text = message.config();
        if (campaign == null || text.isEmpty() || text.equals(view.committedText())) {
            return false;
        }
        Ensemble received;
        try {
            received = Ensemble.parse(text);
        } catch (MalformedEnsembleException e) {
            out.add(new ElectionAction.ReportBadConfig(sid, String.valueOf(e.getMessage())));
            return false;
        }
        if (config.reconfig() == ElectionConfig.Reconfig.DISABLED
                || received.version() <= view.committed().version()) {
            return false;
        }
        boolean sameMembers = received.hasSameMembers(view.committed());
        view = view.committing(received);
        out.add(new ElectionAction.AdoptConfig(received));
        if (sameMembers) {
            campaign.renew(view);
            return false;
        }
        startCampaign(nowNanos, out);
        return true;
    }
}
