/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.quorum;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;

/** The leader's answer to a REVALIDATE, 9 bytes: {@code long sessionId, bool valid} (spec quorum 1.4). */
public record SessionVerdict(long sessionId, boolean valid) implements JuteRecord {

    public static SessionVerdict read(byte[] data) {
        JuteReader in = JuteReader.of(data);
        return new SessionVerdict(in.readLong(), in.readBool());
    }

    public QuorumPacket toPacket() {
        return QuorumPacket.of(PacketType.REVALIDATE, QuorumPacket.NO_ZXID, toBytes());
    }

    @Override
    public void write(JuteWriter out) {
        out.writeLong(sessionId);
        out.writeBool(valid);
    }
}
