/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.HierarchicalRule;
import io.vivarium.protocol.ensemble.QuorumRule;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.server.quorum.MemberConfig;
import io.vivarium.server.quorum.QuorumEffects;
import io.vivarium.server.quorum.QuorumEvent;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Bugs of elections and quorums. */
final class VoteBugs {
    private VoteBugs() {}

    private static MemberConfig withRule(MemberConfig real, QuorumRule rule) {
        Ensemble ensemble =
                new Ensemble(real.ensemble().members(), real.ensemble().version(), rule);
        return new MemberConfig(
                real.myId(),
                ensemble,
                real.zab(),
                real.election(),
                real.readOnlyAfterMillis(),
                real.clients(),
                real.observerElectionDelayMillis(),
                real.observerReconnectDelayMillis(),
                real.commitLogEntries());
    }

    /** With three times the weight of the others, one vote is as good as two of them are where all weigh the same. */
    static final class OwnVoteTwice extends Saboteur {
        @Override
        MemberConfig config(MemberConfig real) {
            SortedMap<Long, Long> weights = new TreeMap<>();
            real.ensemble().voters().forEach(sid -> weights.put(sid, sid == real.myId() ? 3L : 1L));
            SortedMap<Long, List<Long>> groups = new TreeMap<>();
            groups.put(1L, List.copyOf(real.ensemble().voters()));
            return withRule(real, new HierarchicalRule(groups, weights));
        }
    }

    /** Whatever history others vote for, it is as good as one's own. */
    static final class OrderBySid extends Saboteur {
        private @Nullable Accomplice self;

        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            self = member;
            return real;
        }

        @Override
        void event(QuorumEvent event, Consumer<QuorumEvent> core) {
            if (event instanceof QuorumEvent.Voted voted && self != null) {
                Notification told = voted.message();
                core.accept(new QuorumEvent.Voted(
                        voted.sid(),
                        new Notification(
                                told.state(),
                                told.leader(),
                                self.lastApplied(),
                                told.round(),
                                self.currentEpoch(),
                                told.version(),
                                told.config())));
            } else {
                core.accept(event);
            }
        }
    }
}
