/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** One core with a clock that the test moves, and short words for events and actions (notation of spec election 8). */
final class Scene {
    static final long MILLI = 1_000_000;

    final ElectionCore core;
    private final Ensemble ensemble;
    private long nowNanos;

    Scene(long self, Ensemble ensemble) {
        this(self, ensemble, ElectionConfig.DEFAULT);
    }

    Scene(long self, Ensemble ensemble, ElectionConfig config) {
        this(self, ensemble, config, VotingView.of(ensemble));
    }

    Scene(long self, Ensemble ensemble, ElectionConfig config, VotingView view) {
        this.ensemble = ensemble;
        this.core = new ElectionCore(config, self, view, 0, 0);
    }

    /** Voters 1 to {@code voters} and these observers. */
    static Ensemble ensemble(long voters, long... observers) {
        return ensemble(LongStream.rangeClosed(1, voters).toArray(), observers, 0);
    }

    static Ensemble ensemble(long[] voters, long[] observers, long version) {
        List<Member> members = new ArrayList<>();
        for (long sid : voters) {
            members.add(Member.parse(sid, "zoo" + sid + ":2888:3888:participant"));
        }
        for (long sid : observers) {
            members.add(Member.parse(sid, "zoo" + sid + ":2888:3888:observer"));
        }
        return Ensemble.ofMajority(members, version);
    }

    List<ElectionAction> lookWith(long lastZxid, long currentEpoch) {
        return core.step(new ElectionEvent.Looking(lastZxid, currentEpoch), nowNanos);
    }

    List<ElectionAction> hear(long sid, Notification message) {
        return core.step(new ElectionEvent.Notified(sid, message), nowNanos);
    }

    List<ElectionAction> connect(long sid) {
        return core.step(new ElectionEvent.PeerConnected(sid), nowNanos);
    }

    List<ElectionAction> step(ElectionEvent event) {
        return core.step(event, nowNanos);
    }

    /** Moves the clock and, if the core waits for that moment, wakes it. */
    List<ElectionAction> pass(long millis) {
        long end = nowNanos + millis * MILLI;
        List<ElectionAction> all = new ArrayList<>();
        while (core.deadlineNanos() <= end) {
            nowNanos = Math.max(nowNanos, core.deadlineNanos());
            all.addAll(core.step(new ElectionEvent.DeadlineReached(), nowNanos));
        }
        nowNanos = end;
        return all;
    }

    /** Milliseconds until the core wants to be woken. */
    long millisToDeadline() {
        return (core.deadlineNanos() - nowNanos) / MILLI;
    }

    Notification looking(long leader, long zxid, long round, long epoch) {
        return message(PeerState.LOOKING, leader, zxid, round, epoch);
    }

    Notification following(long leader, long zxid, long round, long epoch) {
        return message(PeerState.FOLLOWING, leader, zxid, round, epoch);
    }

    Notification leading(long leader, long zxid, long round, long epoch) {
        return message(PeerState.LEADING, leader, zxid, round, epoch);
    }

    Notification message(PeerState state, long leader, long zxid, long round, long epoch) {
        return Notification.of(state, leader, zxid, round, epoch, ensemble.toText());
    }

    static Notification old(PeerState state, long leader, long zxid, long round, long epoch) {
        return new Notification(state, leader, zxid, round, epoch, 0, "");
    }

    static ElectionAction send(long sid, Notification message) {
        return new ElectionAction.Send(sid, message);
    }

    static List<ElectionAction> elected(PeerState state, Vote vote, Long... supporters) {
        return List.of(new ElectionAction.Rest(), new ElectionAction.Elected(state, vote, sids(supporters)));
    }

    static SortedSet<Long> sids(Long... sids) {
        return new TreeSet<>(Set.of(sids));
    }
}
