/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.client;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;

/** In front of every reply and notification: {@code int xid, long zxid, int err} (spec client-protocol 3). */
public record ReplyHeader(int xid, long zxid, int err) implements JuteRecord {
    /** Bytes on the wire. */
    public static final int SIZE = 16;

    public static ReplyHeader read(JuteReader in) {
        return new ReplyHeader(in.readInt(), in.readLong(), in.readInt());
    }

    @Override
    public void write(JuteWriter out) {
        write(out, xid, zxid, err);
    }

    /** The same without an object, for hot paths. */
    public static void write(JuteWriter out, int xid, long zxid, int err) {
        out.writeInt(xid);
        out.writeLong(zxid);
        out.writeInt(err);
    }
}
