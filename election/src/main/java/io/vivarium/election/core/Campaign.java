/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * One stay in LOOKING: what we propose, who agrees, and when that is enough (spec election 3.2 to 3.9, the round loop).
 *
 * <p>It may run through several rounds when peers are ahead of us. Every method that can end it returns the outcome, or
 * null while the election goes on; sends are added to the list it is given. Where a stock server takes its own vote from
 * a queue it sends to itself, ours is counted at once, with the round it belongs to; so it decides a little earlier and
 * never differently (trap 2). Thread: core.
 */
final class Campaign {
    /** How it ended: the vote, with the round it was won in, and who supported it. */
    record Outcome(Vote vote, SortedSet<Long> supporters) {}

    private final long self;
    private final Vote initial;
    /** The owner's: voters that cannot be heard. */
    private final Set<Long> lost;

    private final Ballot roundVotes = new Ballot();
    private final Ballot settledVotes = new Ballot();
    private final Set<Long> answered = new HashSet<>();
    private final NotificationWait wait;
    private final FinalWait finalWait;
    private VotingView view;
    private long clock;
    private Vote proposal;

    Campaign(ElectionConfig config, long self, VotingView view, Vote initial, Set<Long> lost, long nowNanos) {
        this.self = self;
        this.view = view;
        this.initial = initial;
        this.lost = lost;
        this.proposal = initial;
        this.clock = initial.round();
        this.wait = new NotificationWait(config.waitMinNanos(), config.waitMaxNanos(), nowNanos);
        this.finalWait = new FinalWait(config.finalWaitNanos(), config.finalWaitMaxNanos());
    }

    long clock() {
        return clock;
    }

    long deadlineNanos() {
        return Math.min(wait.deadlineNanos(), finalWait.deadlineNanos());
    }

    /** Goes on with another version of the same membership. */
    void renew(VotingView renewed) {
        view = renewed;
    }

    /** Announces our own vote; alone in the ensemble, that is a result (spec election 3.2). */
    @Nullable
    Outcome start(long nowNanos, List<ElectionAction> out) {
        announce(nowNanos, out);
        return count(nowNanos);
    }

    /** A message of a voter, in any state (spec election 3.7). */
    @Nullable
    Outcome onNotification(long sid, Notification message, long nowNanos, List<ElectionAction> out) {
        if (!view.isVoter(message.leader())) {
            return null;
        }
        return switch (message.state()) {
            case LOOKING -> onLookingVote(sid, message, nowNanos, out);
            case FOLLOWING, LEADING -> onSettledVote(sid, message);
            case OBSERVING, UNKNOWN -> null;
        };
    }

    /** The answer to a voter whose round is over (spec election 3.6, step 3), or whose vote is worse than ours. */
    void correct(long sid, List<ElectionAction> out) {
        out.add(new ElectionAction.Send(sid, ownNotification()));
    }

    /** Where stock sends its last message again, we send what is true now (spec election 7.3, traps 10 and 11). */
    void onConnected(long sid, long nowNanos, List<ElectionAction> out) {
        if (view.isVoter(sid)) {
            out.add(new ElectionAction.Send(sid, ownNotification()));
            wait.shorten(nowNanos);
        }
    }

    /** One voter less to wait for. */
    @Nullable
    Outcome onLost(long nowNanos) {
        return count(nowNanos);
    }

    /**
     * Whether a LOOKING server that we need not listen to gets an answer. One between two broadcasts is enough; a stock
     * observer with a higher round would answer back at once, and so on at the speed of the network.
     */
    boolean owesAnswer(long sid) {
        return answered.add(sid);
    }

    @Nullable
    Outcome onDeadline(long nowNanos, List<ElectionAction> out) {
        if (nowNanos >= finalWait.deadlineNanos()) {
            Outcome outcome = count(nowNanos);
            if (outcome != null) {
                return outcome;
            }
        }
        if (wait.isOver(nowNanos)) {
            broadcast(out);
            wait.backOff(nowNanos);
        }
        return null;
    }

    private @Nullable Outcome onLookingVote(long sid, Notification message, long nowNanos, List<ElectionAction> out) {
        if (!mayTakePart() || message.zxid() == Vote.DATA_LOST || message.round() < clock) {
            return null;
        }
        Vote vote = Vote.of(message);
        if (message.round() > clock) {
            clock = message.round();
            roundVotes.clear();
            finalWait.restart();
            // Compared with our initial vote: what we proposed meanwhile belongs to a round that is over (trap 5).
            proposal = VoteOrder.isBetter(vote, initial, view) ? vote : initial.inRound(clock);
            announce(nowNanos, out);
        } else if (VoteOrder.isBetter(vote, proposal, view)) {
            proposal = vote;
            finalWait.interrupt();
            announce(nowNanos, out);
        } else if (view.isVoter(self) && VoteOrder.isBetter(proposal, vote, view) && owesAnswer(sid)) {
            // Said before it heard us; or it had a leader when we spoke, and would wait for our next word (trap 10).
            correct(sid, out);
        }
        roundVotes.put(sid, CastVote.looking(vote));
        return count(nowNanos);
    }

    /** A server that has a leader. It may be of our round; it may also be of any other, then only its kind counts. */
    private @Nullable Outcome onSettledVote(long sid, Notification message) {
        Vote vote = Vote.of(message);
        CastVote probe = CastVote.settled(message);
        if (message.round() == clock) {
            roundVotes.put(sid, CastVote.settledInRound(message));
            Outcome outcome = settle(roundVotes, probe, vote);
            if (outcome != null) {
                return outcome;
            }
        }
        settledVotes.put(sid, probe);
        return settle(settledVotes, probe, vote);
    }

    private @Nullable Outcome settle(Ballot votes, CastVote probe, Vote vote) {
        SortedSet<Long> supporters = votes.supportersOf(probe);
        boolean decided = view.isQuorum(supporters) && isConfirmed(votes, vote);
        return decided ? new Outcome(vote, supporters) : null;
    }

    /**
     * The leader check: followers may not know yet that their leader is gone, so it must speak for itself. And we never
     * become leader by what others remember of an older round (ZOOKEEPER-1514).
     */
    private boolean isConfirmed(Ballot votes, Vote vote) {
        return vote.leader() == self ? vote.round() == clock : votes.saysItLeads(vote.leader());
    }

    /** The quorum test of the LOOKING path, and the final wait after it (spec election 3.5, 3.8). */
    private @Nullable Outcome count(long nowNanos) {
        SortedSet<Long> supporters = roundVotes.supportersOf(CastVote.looking(proposal));
        if (!view.isQuorum(supporters)) {
            finalWait.interrupt();
            return null;
        }
        boolean decided = nobodyElseCanSpeak(supporters) || finalWait.isOver(nowNanos);
        return decided ? new Outcome(proposal, supporters) : null;
    }

    /**
     * When everybody has spoken, no better vote can come in this round. A voter whose link broke will not speak within the
     * final wait either; mostly it is the leader whose end is why we look. One that never had a link is waited for: it may
     * just be starting, as we are.
     */
    private boolean nobodyElseCanSpeak(Set<Long> supporters) {
        for (long voter : view.voters()) {
            if (!supporters.contains(voter) && !lost.contains(voter)) {
                return false;
            }
        }
        return true;
    }

    private void announce(long nowNanos, List<ElectionAction> out) {
        if (view.isVoter(self) && mayTakePart()) {
            roundVotes.put(self, CastVote.looking(proposal));
        }
        broadcast(out);
        wait.restart(nowNanos);
    }

    /** To every voter of both configurations; observers are never addressed (spec election 3.2). */
    private void broadcast(List<ElectionAction> out) {
        answered.clear();
        Notification message = ownNotification();
        for (long voter : view.voters()) {
            if (voter != self) {
                out.add(new ElectionAction.Send(voter, message));
            }
        }
    }

    private Notification ownNotification() {
        return Notification.of(
                PeerState.LOOKING,
                proposal.leader(),
                proposal.zxid(),
                clock,
                proposal.peerEpoch(),
                view.committedText());
    }

    /** A server that may have lost its data can only join others that have a leader (spec election 3.7). */
    private boolean mayTakePart() {
        return initial.zxid() != Vote.DATA_LOST;
    }
}
