/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import static io.vivarium.server.quorum.zab.Given.zxid;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.EpochPayload;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.List;

/** Server 3, following or observing on link 1; a test plays the leader and the disk. */
final class LearnerScript {
    static final long LINK = 1;
    static final byte[] CONFIGURATION = Given.text(Given.voters(3));

    final LearnerCore core;
    private long nowNanos = 5_000_000_000L;

    private LearnerScript(LearnerStart start) {
        this(start, Given.CONFIG);
    }

    private LearnerScript(LearnerStart start, ZabConfig config) {
        this.core = new LearnerCore(start, config);
    }

    static LearnerScript follower(long epoch, long lastZxid) {
        return new LearnerScript(
                new LearnerStart(3, LearnerRole.FOLLOWER, epoch, epoch, lastZxid, 0, Resync.FROM_HISTORY));
    }

    static LearnerScript observer(long epoch, long lastZxid) {
        return new LearnerScript(
                new LearnerStart(3, LearnerRole.OBSERVER, epoch, epoch, lastZxid, 0, Resync.FROM_HISTORY));
    }

    static LearnerScript doubtful(long epoch, long lastZxid) {
        return new LearnerScript(
                new LearnerStart(3, LearnerRole.FOLLOWER, epoch, epoch, lastZxid, 0, Resync.FROM_SNAPSHOT));
    }

    /** One that could not make its history that of the leader of the epoch it promised last. */
    static LearnerScript uncut(long acceptedEpoch, long currentEpoch, long lastZxid) {
        return new LearnerScript(
                new LearnerStart(3, LearnerRole.FOLLOWER, acceptedEpoch, currentEpoch, lastZxid, 0, Resync.FROM_IMAGE));
    }

    /** The handshake with a leader of this epoch, up to where DIFF, TRUNC or SNAP is due. */
    LearnerScript promised(long epoch) {
        connect();
        packet(EpochPayload.leaderInfo(epoch));
        stored(EpochKind.ACCEPTED, epoch);
        return this;
    }

    /** A server at the start of epoch 1 that serves in epoch 1. */
    static LearnerScript live(LearnerRole role) {
        return live(role == LearnerRole.FOLLOWER ? follower(0, 0) : observer(0, 0));
    }

    /** An observer with {@code syncEnabled=false}, as live. */
    static LearnerScript liveWithoutLog() {
        LearnerStart start = new LearnerStart(3, LearnerRole.OBSERVER, 0, 0, 0, 0, Resync.FROM_HISTORY);
        return live(new LearnerScript(
                start,
                new ZabConfig(
                        2_000,
                        10,
                        5,
                        10,
                        100,
                        -1,
                        ZabConfig.ObserverLog.NOT_KEPT,
                        Zxid.LAST_COUNTER,
                        SyncConfig.DEFAULT)));
    }

    private static LearnerScript live(LearnerScript learner) {
        learner.promised(1);
        learner.packet(PacketType.DIFF, 0);
        learner.newLeader(1);
        learner.stored(EpochKind.CURRENT, 1);
        learner.upToDate();
        return learner;
    }

    List<ZabAction> connect() {
        return step(new LearnerEvent.Connected(LINK));
    }

    List<ZabAction> stored(EpochKind kind, long epoch) {
        return step(new LearnerEvent.EpochStored(kind, epoch));
    }

    List<ZabAction> synced(long epoch, long counter) {
        return step(new LearnerEvent.JournalSynced(zxid(epoch, counter)));
    }

    List<ZabAction> propose(long epoch, long counter) {
        return packet(Given.proposal(epoch, counter).toProposal());
    }

    List<ZabAction> commit(long epoch, long counter) {
        return packet(PacketType.COMMIT, zxid(epoch, counter));
    }

    List<ZabAction> inform(long epoch, long counter) {
        return packet(Given.proposal(epoch, counter).toInform());
    }

    List<ZabAction> newLeader(long epoch) {
        return packet(QuorumPacket.of(PacketType.NEW_LEADER, zxid(epoch, 0), CONFIGURATION));
    }

    List<ZabAction> upToDate() {
        return packet(PacketType.UP_TO_DATE, -1);
    }

    List<ZabAction> packet(int type, long zxid) {
        return packet(QuorumPacket.of(type, zxid));
    }

    List<ZabAction> packet(QuorumPacket packet) {
        return step(new LearnerEvent.LeaderPacket(packet));
    }

    List<ZabAction> step(LearnerEvent event) {
        return core.step(event, nowNanos);
    }

    List<ZabAction> afterMillis(long millis) {
        nowNanos += millis * 1_000_000;
        return step(new LearnerEvent.TimePassed());
    }

    static ZabAction send(QuorumPacket packet) {
        return new ZabAction.Send(LINK, packet);
    }

    static ZabAction ack(long epoch, long counter) {
        return send(QuorumPacket.of(PacketType.ACK, zxid(epoch, counter)));
    }
}
