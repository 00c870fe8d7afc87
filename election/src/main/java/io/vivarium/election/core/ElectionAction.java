/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import java.util.SortedSet;

/** What an {@link ElectionCore} wants done, in the order of its list. */
public sealed interface ElectionAction {
    /** Does it. */
    void perform(ElectionEffects effects);

    /** Send to one peer; a newer message may replace this one as long as it has not left. */
    record Send(long sid, Notification message) implements ElectionAction {
        @Override
        public void perform(ElectionEffects effects) {
            effects.send(sid, message);
        }
    }

    /** Keep trying to have a link to each of these, until {@link Rest}. */
    record Seek(SortedSet<Long> sids) implements ElectionAction {
        @Override
        public void perform(ElectionEffects effects) {
            effects.seek(sids);
        }
    }

    /** The election is over: keep the links there are and repair none. */
    record Rest() implements ElectionAction {
        @Override
        public void perform(ElectionEffects effects) {
            effects.rest();
        }
    }

    /** Try once to have a link to each of these. */
    record Dial(SortedSet<Long> sids) implements ElectionAction {
        @Override
        public void perform(ElectionEffects effects) {
            effects.dial(sids);
        }
    }

    /**
     * The election has a result, and the core has taken the state on.
     *
     * @param state FOLLOWING, LEADING or OBSERVING
     * @param vote whom, and by which vote
     * @param supporters the voters that counted for it; of use to a leader
     */
    record Elected(PeerState state, Vote vote, SortedSet<Long> supporters) implements ElectionAction {
        @Override
        public void perform(ElectionEffects effects) {
            effects.elected(state, vote, supporters);
        }
    }

    /** While we lead, this voter is LOOKING; a leader without a quorum may take it as a hint (spec election 3.11). */
    record ReportLookingVoter(long sid, long round) implements ElectionAction {
        @Override
        public void perform(ElectionEffects effects) {
            effects.lookingVoter(sid, round);
        }
    }

    /** A peer told us of a newer committed configuration while LOOKING: store it, and reach its members. */
    record AdoptConfig(Ensemble config) implements ElectionAction {
        @Override
        public void perform(ElectionEffects effects) {
            effects.adoptConfig(config);
        }
    }

    /** The configuration in a peer's message makes no sense; its vote was used all the same. */
    record ReportBadConfig(long sid, String reason) implements ElectionAction {
        @Override
        public void perform(ElectionEffects effects) {
            effects.badConfig(sid, reason);
        }
    }
}
