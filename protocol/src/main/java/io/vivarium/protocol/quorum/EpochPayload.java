/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.quorum;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.JuteReader;
import java.nio.ByteBuffer;

/** Packets that carry an epoch, and the few bytes of data in them (spec quorum 1.2, 6.2). */
public final class EpochPayload {
    /** In ACKEPOCH: this history takes no part in the vote on the epoch (spec quorum 3.3). */
    public static final int NO_EPOCH = -1;

    private EpochPayload() {}

    /** LEADERINFO: the proposed epoch, and the protocol version that nothing branches on. */
    public static QuorumPacket leaderInfo(long epoch) {
        return QuorumPacket.of(PacketType.LEADER_INFO, Zxid.of(epoch, 0), bytes(LearnerInfo.PROTOCOL_VERSION));
    }

    /**
     * ACKEPOCH: the promise of a learner, with its history.
     *
     * @param currentEpoch epoch of the last leader it followed, or {@link #NO_EPOCH}
     */
    public static QuorumPacket ackEpoch(long lastZxid, long currentEpoch) {
        return QuorumPacket.of(PacketType.ACK_EPOCH, lastZxid, bytes((int) currentEpoch));
    }

    /** The epoch in the data of an ACKEPOCH. */
    public static int readCurrentEpoch(QuorumPacket packet) {
        return JuteReader.of(packet.dataOrEmpty()).readInt();
    }

    /** The designated leader at the front of COMMITANDACTIVATE and INFORMANDACTIVATE. */
    public static long readDesignatedLeader(QuorumPacket packet) {
        return JuteReader.of(packet.dataOrEmpty()).readLong();
    }

    /** The transaction behind the designated leader in INFORMANDACTIVATE. */
    public static byte[] readInformedTxn(QuorumPacket packet) {
        JuteReader in = JuteReader.of(packet.dataOrEmpty());
        in.readLong();
        return in.readRest();
    }

    private static byte[] bytes(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }
}
