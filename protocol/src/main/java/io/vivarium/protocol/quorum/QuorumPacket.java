/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.quorum;

import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One packet of a quorum link (spec quorum 1.1).
 *
 * <p>Wire: {@code int type, long zxid, buffer data, vector<Id> authinfo}; both of the last may be null, so the smallest
 * packet has 20 bytes. The data array is shared, not copied: one PROPOSAL goes to every follower. Nobody may change it.
 * Two packets are equal if their bytes are.
 *
 * @param type a {@link PacketType}, or anything a peer sent
 * @param authinfo the client's identities in a REQUEST; null elsewhere
 */
public record QuorumPacket(
        int type,
        long zxid,
        byte @Nullable [] data,
        @Nullable List<Id> authinfo) implements JuteRecord {
    /** Zxid of packets that have none: UPTODATE, REQUEST, REVALIDATE (spec quorum 18, trap 3). */
    public static final long NO_ZXID = -1;
    /** Bytes of the smallest packet. */
    public static final int MIN_SIZE = 20;

    private static final byte[] EMPTY = new byte[0];

    /** A packet without data. */
    public static QuorumPacket of(int type, long zxid) {
        return new QuorumPacket(type, zxid, null, null);
    }

    public static QuorumPacket of(int type, long zxid, byte @Nullable [] data) {
        return new QuorumPacket(type, zxid, data, null);
    }

    /** The data, no bytes if it is null. */
    public byte[] dataOrEmpty() {
        return data == null ? EMPTY : data;
    }

    @Override
    public void write(JuteWriter out) {
        out.writeInt(type);
        out.writeLong(zxid);
        out.writeBuffer(data);
        out.writeRecords(authinfo);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof QuorumPacket that
                && type == that.type
                && zxid == that.zxid
                && Arrays.equals(data, that.data)
                && Objects.equals(authinfo, that.authinfo);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, zxid, Arrays.hashCode(data), authinfo);
    }

    @Override
    public String toString() {
        return PacketType.name(type)
                + " "
                + Zxid.toString(zxid)
                + (data == null ? "" : " " + data.length + " bytes")
                + (authinfo == null ? "" : " " + authinfo);
    }
}
