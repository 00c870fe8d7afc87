/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.txn;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;

/**
 * Header of a transaction, 32 bytes: {@code long clientId, int cxid, long zxid, long time, int type} (spec persistence
 * 3.1).
 *
 * @param clientId session that asked for it; 0 for the server's own deletions
 * @param cxid the client's xid
 * @param timeMillis the leader's wall clock; appliers use it, never their own
 * @param type an {@link io.vivarium.protocol.client.OpCode}, or -1 for a refused request
 */
public record TxnHeader(long clientId, int cxid, long zxid, long timeMillis, int type) implements JuteRecord {
    /** Bytes on the wire. */
    public static final int SIZE = 32;

    public static TxnHeader read(JuteReader in) {
        return new TxnHeader(in.readLong(), in.readInt(), in.readLong(), in.readLong(), in.readInt());
    }

    @Override
    public void write(JuteWriter out) {
        out.writeLong(clientId);
        out.writeInt(cxid);
        out.writeLong(zxid);
        out.writeLong(timeMillis);
        out.writeInt(type);
    }
}
