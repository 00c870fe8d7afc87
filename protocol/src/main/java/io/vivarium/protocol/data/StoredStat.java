/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.data;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;

/**
 * The stat of a znode as snapshots and the quorum image carry it: 60 bytes, {@code pzxid} last (spec persistence 4.3).
 *
 * <p>{@code cversion} counts creates only; {@code ephemeralOwner} is raw: session id, container mark or TTL form
 * ({@link OwnerKind}).
 */
public record StoredStat(
        long czxid,
        long mzxid,
        long ctime,
        long mtime,
        int version,
        int cversion,
        int aversion,
        long ephemeralOwner,
        long pzxid)
        implements JuteRecord {

    public static StoredStat read(JuteReader in) {
        return new StoredStat(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readLong(),
                in.readLong());
    }

    @Override
    public void write(JuteWriter out) {
        out.writeLong(czxid);
        out.writeLong(mzxid);
        out.writeLong(ctime);
        out.writeLong(mtime);
        out.writeInt(version);
        out.writeInt(cversion);
        out.writeInt(aversion);
        out.writeLong(ephemeralOwner);
        out.writeLong(pzxid);
    }

    /** The client's view of this node. */
    public Stat toStat(int dataLength, int numChildren, OwnerKind kind) {
        return new Stat(
                czxid,
                mzxid,
                ctime,
                mtime,
                version,
                2 * cversion - numChildren,
                aversion,
                kind == OwnerKind.EPHEMERAL ? ephemeralOwner : 0,
                dataLength,
                numChildren,
                pzxid);
    }
}
