/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.quorum;

import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's request on its way from a learner to the leader: a REQUEST packet (spec quorum 1.4).
 *
 * <p>Data: {@code long sessionId, int cxid, int opCode}, then the body exactly as the client sent it behind its request
 * header, without a length. The identities travel in authinfo; they are null for createSession.
 */
public record ForwardedRequest(
        long sessionId,
        int cxid,
        int opCode,
        byte[] body,
        @Nullable List<Id> authinfo) {
    private static final int HEAD = 16;

    /**
     * Reads a REQUEST.
     *
     * @throws io.vivarium.protocol.jute.MalformedDataException if the head is cut short
     */
    public static ForwardedRequest read(QuorumPacket packet) {
        JuteReader in = JuteReader.of(packet.dataOrEmpty());
        return new ForwardedRequest(in.readLong(), in.readInt(), in.readInt(), in.readRest(), packet.authinfo());
    }

    public QuorumPacket toPacket() {
        JuteWriter out = new JuteWriter(HEAD + body.length);
        out.writeLong(sessionId);
        out.writeInt(cxid);
        out.writeInt(opCode);
        out.writeBytes(body, 0, body.length);
        return new QuorumPacket(PacketType.REQUEST, QuorumPacket.NO_ZXID, out.toByteArray(), authinfo);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ForwardedRequest that
                && sessionId == that.sessionId
                && cxid == that.cxid
                && opCode == that.opCode
                && Arrays.equals(body, that.body)
                && Objects.equals(authinfo, that.authinfo);
    }

    @Override
    public int hashCode() {
        return Objects.hash(sessionId, cxid, opCode, Arrays.hashCode(body), authinfo);
    }
}
