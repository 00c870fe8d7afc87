/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.client;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;

/**
 * Answer to {@link ConnectRequest} (spec client-protocol 2.1, 2.5): 36 bytes, or 37 with the read-only byte.
 *
 * <p>Timeout 0, session 0 and an empty password (16 zero bytes) mean "this session is gone".
 */
public record ConnectReply(
        int protocolVersion,
        int timeoutMillis,
        long sessionId,
        byte[] password,
        boolean readOnly,
        boolean hasReadOnlyByte)
        implements JuteRecord {
    public static final int PASSWORD_BYTES = 16;

    public static ConnectReply accepted(
            int timeoutMillis, long sessionId, byte[] password, boolean readOnly, boolean hasReadOnlyByte) {
        return new ConnectReply(0, timeoutMillis, sessionId, password, readOnly, hasReadOnlyByte);
    }

    public static ConnectReply invalidSession(boolean readOnly, boolean hasReadOnlyByte) {
        return new ConnectReply(0, 0, 0, new byte[PASSWORD_BYTES], readOnly, hasReadOnlyByte);
    }

    public static ConnectReply read(JuteReader in) {
        int protocolVersion = in.readInt();
        int timeoutMillis = in.readInt();
        long sessionId = in.readLong();
        byte[] password = in.readRequiredBuffer();
        boolean hasReadOnlyByte = in.remaining() > 0;
        return new ConnectReply(
                protocolVersion, timeoutMillis, sessionId, password, hasReadOnlyByte && in.readBool(), hasReadOnlyByte);
    }

    @Override
    public void write(JuteWriter out) {
        out.writeInt(protocolVersion);
        out.writeInt(timeoutMillis);
        out.writeLong(sessionId);
        out.writeBuffer(password);
        if (hasReadOnlyByte) {
            out.writeBool(readOnly);
        }
    }
}
