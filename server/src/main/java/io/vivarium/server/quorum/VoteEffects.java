/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.election.core.ElectionEffects;
import io.vivarium.election.core.Vote;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the election of a member wants done: words to the links for votes, its end to the member. Thread: core. */
final class VoteEffects implements ElectionEffects {
    private static final Logger LOG = LoggerFactory.getLogger(VoteEffects.class);

    private final QuorumCore member;
    private final QuorumEffects effects;

    VoteEffects(QuorumCore member, QuorumEffects effects) {
        this.member = member;
        this.effects = effects;
    }

    @Override
    public void send(long sid, Notification message) {
        effects.sendVote(sid, message);
    }

    @Override
    public void seek(SortedSet<Long> sids) {
        effects.seekPeers(sids);
    }

    @Override
    public void rest() {
        effects.restPeers();
    }

    @Override
    public void dial(SortedSet<Long> sids) {
        effects.dialPeers(sids);
    }

    @Override
    public void elected(PeerState state, Vote vote, SortedSet<Long> supporters) {
        member.elected(state, vote);
    }

    @Override
    public void lookingVoter(long sid, long round) {
        member.onVoterLooking(sid);
    }

    @Override
    public void adoptConfig(Ensemble ensemble) {
        throw new IllegalStateException("a configuration was adopted where reconfiguration is disabled");
    }

    @Override
    public void badConfig(long sid, String reason) {
        LOG.warn("The vote of server {} carries a configuration that makes no sense: {}", sid, reason);
    }
}
