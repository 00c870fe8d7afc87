/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.EpochPayload;
import io.vivarium.protocol.quorum.LearnerInfo;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;

/**
 * A learner's first phase: say who it is, promise the leader's epoch durably, show its history (spec quorum 6.2).
 *
 * <p>Thread: core.
 */
final class LearnerDiscovery {
    private final LearnerContext context;

    LearnerDiscovery(LearnerContext context) {
        this.context = context;
    }

    void onConnected(long link) {
        context.link = link;
        context.state = LearnerContext.State.EPOCH;
        context.heard();
        LearnerStart start = context.start;
        LearnerInfo info = LearnerInfo.of(start.myId(), start.configVersion());
        int type = context.isObserver() ? PacketType.OBSERVER_INFO : PacketType.FOLLOWER_INFO;
        context.send(QuorumPacket.of(type, Zxid.of(start.acceptedEpoch(), 0), info.toBytes()));
    }

    void onLeaderInfo(QuorumPacket packet) {
        if (packet.type() != PacketType.LEADER_INFO) {
            context.exit("the leader's first packet is " + packet + ", not LEADERINFO");
            return;
        }
        long epoch = Zxid.epoch(packet.zxid());
        long accepted = context.start.acceptedEpoch();
        if (epoch < accepted) {
            context.exit("the leader's epoch " + epoch + " is older than the promised " + accepted);
            return;
        }
        context.epoch = epoch;
        if (epoch > accepted) {
            context.state = LearnerContext.State.PROMISE;
            context.deadlineNanos = LearnerContext.NO_DEADLINE;
            context.emit(new ZabAction.StoreEpoch(EpochKind.ACCEPTED, epoch));
        } else {
            // The same epoch twice: it may have been promised to another leader, so this answer must not count (I2).
            acknowledgeEpoch(EpochPayload.NO_EPOCH);
        }
    }

    void onPromiseStored(long epoch) {
        if (epoch != context.epoch) {
            throw Invariant.broken("I1", "epoch " + epoch + " was stored where " + context.epoch + " was asked");
        }
        boolean counts = context.start.resync() != Resync.FROM_SNAPSHOT;
        acknowledgeEpoch(counts ? context.start.currentEpoch() : EpochPayload.NO_EPOCH);
    }

    private void acknowledgeEpoch(long currentEpoch) {
        context.state = LearnerContext.State.OPERATION;
        context.heard();
        context.announcedZxid = context.start.announcedZxid(context.epoch);
        context.send(EpochPayload.ackEpoch(context.announcedZxid, currentEpoch));
    }
}
