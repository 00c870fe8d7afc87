/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.client;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;

/** In front of every request: {@code int xid, int type} (spec client-protocol 3). */
public record RequestHeader(int xid, int type) implements JuteRecord {
    public static RequestHeader read(JuteReader in) {
        return new RequestHeader(in.readInt(), in.readInt());
    }

    @Override
    public void write(JuteWriter out) {
        out.writeInt(xid);
        out.writeInt(type);
    }
}
