/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.sim;

import io.vivarium.election.core.Vote;
import io.vivarium.election.core.VotingView;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.HierarchicalRule;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for one server at every moment (spec election 7.1, S2 to S7), judged from outside: by what it heard,
 * what it said and what it decided. One of these lives as long as one stay in LOOKING.
 */
final class ElectionInvariants {
    private static final Comparator<Vote> BY_HISTORY = Comparator.comparingLong(Vote::peerEpoch)
            .thenComparingLong(Vote::zxid)
            .thenComparingLong(Vote::leader);

    private final long self;
    private final VotingView view;
    private final long startRound;
    private final Set<Long> saidLeading = new HashSet<>();
    private final Map<Long, Set<Vote>> heard = new HashMap<>();
    private @Nullable Vote lastProposal;

    ElectionInvariants(long self, VotingView view, long startRound) {
        this.self = self;
        this.view = view;
        this.startRound = startRound;
    }

    void onHeard(long sid, Notification message) {
        Vote vote = voteOf(message);
        heard.computeIfAbsent(sid, unseen -> new HashSet<>()).add(vote);
        if (message.state() == PeerState.LEADING && message.leader() == sid) {
            saidLeading.add(sid);
        }
    }

    /** S2: in one round proposals only get better, and rounds only grow while LOOKING. */
    void onProposed(Notification message) {
        Vote vote = voteOf(message);
        if (lastProposal != null) {
            require(vote.round() >= lastProposal.round(), "S2 round fell from " + lastProposal + " to " + vote);
            if (vote.round() == lastProposal.round()) {
                require(BY_HISTORY.compare(vote, lastProposal) >= 0, "S2 " + vote + " is worse than " + lastProposal);
            }
        }
        lastProposal = vote;
    }

    void onElected(PeerState state, Vote vote, SortedSet<Long> supporters) {
        long leader = vote.leader();
        require(view.isVoter(leader), "S6 leader " + leader + " is no voter");
        require(view.voters().containsAll(supporters), "S6 somebody without a vote supports: " + supporters);
        require(view.committed().isQuorum(supporters), "S6 no quorum: " + supporters);
        Ensemble proposed = view.proposed();
        require(proposed == null || proposed.isQuorum(supporters), "S6 no quorum of the proposed: " + supporters);
        require(vote.zxid() != Vote.DATA_LOST, "S7 leader " + leader + " has lost its data");
        if (view.committed().rule() instanceof HierarchicalRule rule) {
            require(rule.weights().getOrDefault(leader, 0L) > 0, "S7 leader " + leader + " has no weight");
        }
        require((state == PeerState.LEADING) == (leader == self), "state " + state + " under leader " + leader);
        if (leader == self) {
            require(vote.round() >= startRound, "S3 fell back to lead round " + vote.round());
        } else {
            require(
                    saidLeading.contains(leader) || supporters.stream().allMatch(sid -> agreed(sid, vote)),
                    "S4 follows " + leader + " on the word of others: " + heard);
        }
    }

    private boolean agreed(long sid, Vote vote) {
        return sid == self || heard.getOrDefault(sid, Set.of()).contains(vote);
    }

    private void require(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError("server " + self + ": " + rule);
        }
    }

    private static Vote voteOf(Notification message) {
        return new Vote(message.leader(), message.zxid(), message.round(), message.peerEpoch());
    }
}
