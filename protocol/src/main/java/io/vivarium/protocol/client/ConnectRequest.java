/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.client;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import org.jspecify.annotations.Nullable;

/**
 * First frame of a client (spec client-protocol 2.1).
 *
 * <p>Wire: {@code int protocolVersion, long lastZxidSeen, int timeoutMillis, long sessionId, buffer password} and, from
 * 3.4 Java clients on, {@code boolean readOnly}. Whether that last byte was there decides whether the answer may carry
 * one, so it is part of the value.
 */
public record ConnectRequest(
        int protocolVersion,
        long lastZxidSeen,
        int timeoutMillis,
        long sessionId,
        byte @Nullable [] password,
        boolean readOnly,
        boolean hasReadOnlyByte)
        implements JuteRecord {

    public static ConnectRequest read(JuteReader in) {
        int protocolVersion = in.readInt();
        long lastZxidSeen = in.readLong();
        int timeoutMillis = in.readInt();
        long sessionId = in.readLong();
        byte[] password = in.readBuffer();
        boolean hasReadOnlyByte = in.remaining() > 0;
        boolean readOnly = hasReadOnlyByte && in.readBool();
        return new ConnectRequest(
                protocolVersion, lastZxidSeen, timeoutMillis, sessionId, password, readOnly, hasReadOnlyByte);
    }

    @Override
    public void write(JuteWriter out) {
        out.writeInt(protocolVersion);
        out.writeLong(lastZxidSeen);
        out.writeInt(timeoutMillis);
        out.writeLong(sessionId);
        out.writeBuffer(password);
        if (hasReadOnlyByte) {
            out.writeBool(readOnly);
        }
    }
}
