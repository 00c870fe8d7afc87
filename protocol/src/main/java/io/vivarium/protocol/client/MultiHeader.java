/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.client;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;

/** In front of each part of a multi and at its end: {@code int type, boolean done, int err} (spec client-protocol 4.3). */
public record MultiHeader(int type, boolean done, int err) implements JuteRecord {
    public static final MultiHeader END = new MultiHeader(-1, true, -1);

    public static MultiHeader read(JuteReader in) {
        return new MultiHeader(in.readInt(), in.readBool(), in.readInt());
    }

    @Override
    public void write(JuteWriter out) {
        out.writeInt(type);
        out.writeBool(done);
        out.writeInt(err);
    }
}
