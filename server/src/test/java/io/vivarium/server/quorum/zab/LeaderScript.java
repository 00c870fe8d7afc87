/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.quorum.EpochPayload;
import io.vivarium.protocol.quorum.LearnerInfo;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.ArrayList;
import java.util.List;

/** Server 1 of an ensemble, leading; a test tells what happens and sees what the core answers. */
final class LeaderScript {
    final LeaderCore core;
    private long nowNanos = 5_000_000_000L;

    private LeaderScript(LeaderStart start, ZabConfig config, CommittedLog log) {
        this.core = new LeaderCore(start, config, log);
    }

    /** Server 1 of so many voters, at the end of this history, last in epoch {@code epoch}. */
    static LeaderScript of(int voters, long epoch, List<Proposal> history) {
        return of(Given.CONFIG, Ensembles.of(Given.voters(voters)), epoch, history);
    }

    static LeaderScript of(ZabConfig config, Ensembles ensembles, long epoch, List<Proposal> history) {
        long last = history.isEmpty() ? 0 : history.get(history.size() - 1).zxid();
        return new LeaderScript(new LeaderStart(1, epoch, epoch, last, ensembles), config, Given.log(history));
    }

    /** A leader of epoch 1 that serves, with learner 2 (link 2) as its live follower, at the start of its epoch. */
    static LeaderScript serving(int voters) {
        return servingWith(voters, new CommittedLog(500, Long.MAX_VALUE));
    }

    /** As {@link #serving}; who applies transactions keeps this log. */
    static LeaderScript servingWith(int voters, CommittedLog log) {
        LeaderStart start = new LeaderStart(1, 0, 0, 0, Ensembles.of(Given.voters(voters)));
        LeaderScript leader = new LeaderScript(start, Given.CONFIG, log);
        leader.begin();
        for (int sid = 2; sid <= voters / 2 + 1; sid++) {
            leader.info(sid, 0);
        }
        leader.stored(EpochKind.ACCEPTED, 1);
        for (int sid = 2; sid <= voters / 2 + 1; sid++) {
            leader.promise(sid, 0, 0);
        }
        leader.stored(EpochKind.CURRENT, 1);
        for (int sid = 2; sid <= voters / 2 + 1; sid++) {
            leader.historySent(sid);
            leader.ack(sid, Given.zxid(1, 0));
        }
        return leader;
    }

    /** Another follower comes and becomes live; it has nothing. */
    LeaderScript joined(int sid) {
        info(sid, 0);
        promise(sid, 0, 0);
        historySent(sid);
        ack(sid, Given.zxid(1, 0));
        return this;
    }

    List<ZabAction> begin() {
        return core.begin(nowNanos);
    }

    /** The learner with this id connects on the link of the same number and says FOLLOWERINFO. */
    List<ZabAction> info(int sid, long acceptedEpoch) {
        return info(
                sid,
                PacketType.FOLLOWER_INFO,
                acceptedEpoch,
                LearnerInfo.of(sid, 0).toBytes());
    }

    List<ZabAction> info(int link, int type, long acceptedEpoch, byte[] data) {
        step(new LeaderEvent.LearnerConnected(link));
        return packet(link, QuorumPacket.of(type, Given.zxid(acceptedEpoch, 0), data));
    }

    List<ZabAction> promise(int link, long currentEpoch, long lastZxid) {
        return packet(link, EpochPayload.ackEpoch(lastZxid, currentEpoch));
    }

    List<ZabAction> ack(int link, long zxid) {
        return packet(link, QuorumPacket.of(PacketType.ACK, zxid));
    }

    List<ZabAction> historySent(int link) {
        return step(new LeaderEvent.HistorySent(link));
    }

    List<ZabAction> stored(EpochKind kind, long epoch) {
        return step(new LeaderEvent.EpochStored(kind, epoch));
    }

    List<ZabAction> packet(int link, QuorumPacket packet) {
        return step(new LeaderEvent.LearnerPacket(link, packet));
    }

    List<ZabAction> propose(long epoch, long counter) {
        return step(new LeaderEvent.Propose(Given.proposal(epoch, counter)));
    }

    List<ZabAction> synced(long epoch, long counter) {
        return step(new LeaderEvent.JournalSynced(Given.zxid(epoch, counter)));
    }

    List<ZabAction> step(LeaderEvent event) {
        return core.step(event, nowNanos);
    }

    /** So many half ticks pass; everything the core did meanwhile. */
    List<ZabAction> turns(int count) {
        List<ZabAction> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nowNanos += Given.HALF_TICK_NANOS;
            all.addAll(step(new LeaderEvent.TimePassed()));
        }
        return all;
    }

    /** As {@link #turns}, and these learners answer each ping. */
    List<ZabAction> turnsHearing(int count, int... links) {
        List<ZabAction> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.addAll(turns(1));
            for (int link : links) {
                all.addAll(packet(link, QuorumPacket.of(PacketType.PING, 0, new byte[0])));
            }
        }
        return all;
    }

    static ZabAction send(long link, QuorumPacket packet) {
        return new ZabAction.Send(link, packet);
    }

    static ZabAction send(long link, int type, long zxid) {
        return new ZabAction.Send(link, QuorumPacket.of(type, zxid));
    }
}
