/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Several cores on one stage for the stories of spec election 8: links are perfect, messages arrive in the order they
 * were sent, and time passes only between them. The simulation is the place for everything else.
 */
final class Troupe {
    private record UnderWay(long from, long to, Notification message) {}

    private final Ensemble ensemble;
    private final SortedMap<Long, ElectionCore> up = new TreeMap<>();
    private final Deque<UnderWay> underWay = new ArrayDeque<>();
    private long nowNanos;

    /** All that was delivered, as {@code 1→2 LOOKING(...)}. */
    final List<String> heard = new ArrayList<>();

    Troupe(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    /** A server comes up, or goes back to LOOKING, and everything that follows at once happens. */
    void looking(long sid, long zxid, long epoch) {
        ElectionCore core = up.get(sid);
        if (core == null) {
            core = new ElectionCore(ElectionConfig.DEFAULT, sid, VotingView.of(ensemble), zxid, epoch);
            perform(sid, core.step(new ElectionEvent.Looking(zxid, epoch), nowNanos));
            for (long other : List.copyOf(up.keySet())) {
                perform(sid, core.step(new ElectionEvent.PeerConnected(other), nowNanos));
                perform(other, up.get(other).step(new ElectionEvent.PeerConnected(sid), nowNanos));
            }
            up.put(sid, core);
        } else {
            perform(sid, core.step(new ElectionEvent.Looking(zxid, epoch), nowNanos));
        }
        deliverAll();
    }

    void fails(long... sids) {
        for (long sid : sids) {
            up.remove(sid);
            up.forEach((other, core) -> perform(other, core.step(new ElectionEvent.PeerDisconnected(sid), nowNanos)));
        }
    }

    void establish(long epoch) {
        up.forEach((sid, core) -> perform(sid, core.step(new ElectionEvent.EpochEstablished(epoch), nowNanos)));
        deliverAll();
    }

    void pass(long millis) {
        long end = nowNanos + millis * Scene.MILLI;
        while (nowNanos < end) {
            long next = Math.min(
                    end,
                    up.values().stream()
                            .mapToLong(ElectionCore::deadlineNanos)
                            .min()
                            .orElse(end));
            nowNanos = Math.max(nowNanos, next);
            for (long sid : List.copyOf(up.keySet())) {
                if (up.get(sid).deadlineNanos() <= nowNanos) {
                    perform(sid, up.get(sid).step(new ElectionEvent.DeadlineReached(), nowNanos));
                }
            }
            deliverAll();
        }
    }

    PeerState state(long sid) {
        return up.get(sid).state();
    }

    Vote finalVote(long sid) {
        return up.get(sid).finalVote();
    }

    long round(long sid) {
        return up.get(sid).round();
    }

    private void deliverAll() {
        while (!underWay.isEmpty()) {
            UnderWay next = underWay.remove();
            ElectionCore core = up.get(next.to());
            if (core != null) {
                heard.add(next.from() + "→" + next.to() + " " + next.message());
                perform(next.to(), core.step(new ElectionEvent.Notified(next.from(), next.message()), nowNanos));
            }
        }
    }

    private void perform(long self, List<ElectionAction> actions) {
        actions.forEach(action -> action.perform(new Stage(self)));
    }

    private final class Stage implements ElectionEffects {
        private final long self;

        Stage(long self) {
            this.self = self;
        }

        @Override
        public void send(long sid, Notification message) {
            underWay.add(new UnderWay(self, sid, message));
        }

        @Override
        public void seek(SortedSet<Long> sids) {
            // Everybody who is up is linked already.
        }

        @Override
        public void rest() {
            // Links do not break here.
        }

        @Override
        public void dial(SortedSet<Long> sids) {
            // Everybody who is up is linked already.
        }

        @Override
        public void elected(PeerState state, Vote vote, SortedSet<Long> supporters) {
            heard.add(self + " " + state + " " + vote);
        }

        @Override
        public void lookingVoter(long sid, long round) {
            heard.add(self + " sees " + sid + " looking");
        }

        @Override
        public void adoptConfig(Ensemble config) {
            throw new AssertionError("no story changes its configuration");
        }

        @Override
        public void badConfig(long sid, String reason) {
            throw new AssertionError(sid + " sent a bad configuration: " + reason);
        }
    }
}
