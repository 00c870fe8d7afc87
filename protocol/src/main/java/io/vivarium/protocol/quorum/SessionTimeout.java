/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.quorum;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.jute.MalformedDataException;
import java.util.ArrayList;
import java.util.List;

/**
 * A session and its time-out, 12 bytes (spec quorum 1.4).
 *
 * <p>Any number of them, until the data ends, are the touch table of a PING answer; exactly one is the question of a
 * REVALIDATE.
 */
public record SessionTimeout(long sessionId, int timeoutMillis) implements JuteRecord {
    /** Bytes on the wire. */
    public static final int SIZE = 12;

    public static SessionTimeout read(JuteReader in) {
        return new SessionTimeout(in.readLong(), in.readInt());
    }

    /**
     * Reads a touch table.
     *
     * @throws MalformedDataException if the data is no multiple of {@link #SIZE}
     */
    public static List<SessionTimeout> readAll(byte[] data) {
        if (data.length % SIZE != 0) {
            throw MalformedDataException.badValue(
                    data.length - data.length % SIZE, "touch table of " + data.length + " bytes is no multiple of 12");
        }
        JuteReader in = JuteReader.of(data);
        List<SessionTimeout> touches = new ArrayList<>(data.length / SIZE);
        while (in.remaining() > 0) {
            touches.add(read(in));
        }
        return touches;
    }

    /** The answer to a PING. An empty table is an empty buffer, never null: stock leaders read it (trap 4). */
    public static QuorumPacket pingReply(long zxid, List<SessionTimeout> touches) {
        JuteWriter out = new JuteWriter(touches.size() * SIZE);
        for (int i = 0; i < touches.size(); i++) {
            touches.get(i).write(out);
        }
        return QuorumPacket.of(PacketType.PING, zxid, out.toByteArray());
    }

    /** The question whether the session is alive, from a learner. */
    public QuorumPacket toRevalidate() {
        return QuorumPacket.of(PacketType.REVALIDATE, QuorumPacket.NO_ZXID, toBytes());
    }

    @Override
    public void write(JuteWriter out) {
        out.writeLong(sessionId);
        out.writeInt(timeoutMillis);
    }
}
