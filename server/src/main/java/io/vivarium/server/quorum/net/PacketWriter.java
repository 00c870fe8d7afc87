/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.netty.buffer.ByteBuf;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.quorum.QuorumPacket;

/**
 * Lays packets out in the buffer that goes to the socket (spec quorum 1.1), without anything in between. Thread: one.
 */
final class PacketWriter {
    private static final int RETAINED_BYTES = 4096;
    private static final int NULL = -1;

    private final JuteWriter scratch = new JuteWriter(256);

    void write(QuorumPacket packet, ByteBuf out) {
        if (packet.authinfo() != null) {
            // Identities are rare (REQUEST only) and need UTF-8.
            packet.write(scratch.clear());
            out.writeBytes(scratch.array(), 0, scratch.size());
            scratch.clear().shrink(RETAINED_BYTES);
            return;
        }
        out.writeInt(packet.type());
        out.writeLong(packet.zxid());
        byte[] data = packet.data();
        if (data == null) {
            out.writeInt(NULL);
        } else {
            out.writeInt(data.length);
            out.writeBytes(data);
        }
        out.writeInt(NULL);
    }
}
