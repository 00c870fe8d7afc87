/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.HierarchicalRule;
import io.vivarium.protocol.ensemble.QuorumRule;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.server.quorum.MemberConfig;
import io.vivarium.server.quorum.QuorumEvent;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Bugs of elections and quorums. */
final class VoteBugs {
    /** Above every zxid of a run. */
    private static final long BEST_ZXID = 1L << 50;

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

    static final class OrderBySid extends Saboteur {
        @Override
        void event(QuorumEvent event, Consumer<QuorumEvent> core) {
            if (event instanceof QuorumEvent.Voted voted) {
                Notification told = voted.message();
                core.accept(new QuorumEvent.Voted(
                        voted.sid(),
                        new Notification(
                                told.state(),
                                told.leader(),
                                BEST_ZXID,
                                told.round(),
                                BEST_ZXID,
                                told.version(),
                                told.config())));
            } else {
                core.accept(event);
            }
        }
    }
}
