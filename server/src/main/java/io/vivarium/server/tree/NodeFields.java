/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.StoredStat;
import org.jspecify.annotations.Nullable;

/**
 * A znode taken apart: what a {@link PackedNode} array is made from, and what it opens to.
 *
 * <p>Thread: one; the core keeps one of these and reuses it for every change. Name and data are references into other
 * arrays, never copies, so an array that was opened is not written over before the fields are used.
 */
final class NodeFields {
    private static final byte[] NO_BYTES = new byte[0];

    byte[] name = NO_BYTES;
    int nameOffset;
    int nameLength;
    long czxid;
    long mzxid;
    long pzxid;
    long ctime;
    long mtime;
    int version;
    int cversion;
    int aversion;
    long owner;
    OwnerKind kind = OwnerKind.PERSISTENT;
    long aclId;
    byte[] data = NO_BYTES;
    int dataOffset;
    /** -1 for null data, which is not the same as empty (spec persistence 8, T10). */
    int dataLength;
    /** How far {@link #unpack} has come. */
    private int at;

    /** Opens a packed node, in one pass. */
    NodeFields unpack(byte[] p) {
        int flags = p[0];
        at = 2;
        name = p;
        nameLength = (int) next(p);
        nameOffset = at;
        at += nameLength;
        owner = 0;
        if ((flags & PackedNode.OWNER) != 0) {
            for (int end = at + Long.BYTES; at < end; at++) {
                owner = (owner << 8) | (p[at] & 0xff);
            }
        }
        kind = PackedNode.kind(p);
        long zigzag = (flags & PackedNode.ACL) == 0 ? 0 : next(p);
        aclId = (flags & PackedNode.ACL) == 0 ? PackedNode.COMMON_ACL : (zigzag >>> 1) ^ -(zigzag & 1);
        czxid = next(p);
        ctime = next(p);
        mzxid = czxid + ((flags & PackedNode.MZXID) == 0 ? 0 : next(p));
        pzxid = czxid + ((flags & PackedNode.PZXID) == 0 ? 0 : next(p));
        mtime = ctime + ((flags & PackedNode.MTIME) == 0 ? 0 : next(p));
        version = (flags & PackedNode.VERSION) == 0 ? 0 : (int) next(p);
        cversion = (flags & PackedNode.CVERSION) == 0 ? 0 : (int) next(p);
        aversion = (flags & PackedNode.AVERSION) == 0 ? 0 : (int) next(p);
        data = p;
        dataOffset = at;
        dataLength = PackedNode.isDataNull(p) ? -1 : p.length - at;
        return this;
    }

    /** The number at {@link #at}, which moves behind it. */
    private long next(byte[] p) {
        int i = at;
        long b = p[i++];
        long value = b & 0x7f;
        for (int shift = 7; b < 0; shift += 7) {
            b = p[i++];
            value |= (b & 0x7f) << shift;
        }
        at = i;
        return value;
    }

    /** The fields of a node as a create leaves them, all but the owner's kind (spec persistence 3.6). */
    NodeFields created(long zxid, long timeMillis, long acl, long ownerField, OwnerKind ownerKind) {
        czxid = zxid;
        mzxid = zxid;
        pzxid = zxid;
        ctime = timeMillis;
        mtime = timeMillis;
        version = 0;
        cversion = 0;
        aversion = 0;
        owner = ownerField;
        kind = ownerKind;
        aclId = acl;
        return this;
    }

    NodeFields stat(StoredStat stat, OwnerKind ownerKind) {
        czxid = stat.czxid();
        mzxid = stat.mzxid();
        pzxid = stat.pzxid();
        ctime = stat.ctime();
        mtime = stat.mtime();
        version = stat.version();
        cversion = stat.cversion();
        aversion = stat.aversion();
        owner = stat.ephemeralOwner();
        kind = ownerKind;
        return this;
    }

    NodeFields name(byte[] bytes, int offset, int length) {
        name = bytes;
        nameOffset = offset;
        nameLength = length;
        return this;
    }

    NodeFields data(byte @Nullable [] bytes) {
        return bytes == null ? data(NO_BYTES, 0, -1) : data(bytes, 0, bytes.length);
    }

    /** @param length -1 for null data */
    NodeFields data(byte[] bytes, int offset, int length) {
        data = bytes;
        dataOffset = offset;
        dataLength = length;
        return this;
    }

    /** Bytes of the data, of which null has none. */
    int dataBytes() {
        return Math.max(0, dataLength);
    }

    StoredStat storedStat() {
        return new StoredStat(czxid, mzxid, ctime, mtime, version, cversion, aversion, owner, pzxid);
    }

    /** A new array that holds exactly these fields. */
    byte[] pack() {
        int flags = flags();
        byte[] p = new byte[headSize(flags) + dataBytes()];
        write(flags, p);
        return p;
    }

    /**
     * The same, over the array of the state before if it has the right size. Name and data may stand in that very array: the
     * name has its place in front of everything that may change, and data that stays stands where it stood.
     */
    byte[] packOver(byte[] before) {
        int flags = flags();
        if (headSize(flags) + dataBytes() != before.length) {
            return pack();
        }
        write(flags, before);
        return before;
    }

    private void write(int flags, byte[] p) {
        p[0] = (byte) flags;
        p[1] = (byte) (PackedNode.codeOf(kind) | (dataLength < 0 ? PackedNode.NULL_DATA : 0));
        int to = PackedNode.put(p, 2, nameLength);
        System.arraycopy(name, nameOffset, p, to, nameLength);
        to += nameLength;
        if ((flags & PackedNode.OWNER) != 0) {
            for (int shift = 56; shift >= 0; shift -= 8) {
                p[to++] = (byte) (owner >>> shift);
            }
        }
        if ((flags & PackedNode.ACL) != 0) {
            to = PackedNode.put(p, to, zigzag(aclId));
        }
        to = PackedNode.put(p, to, czxid);
        to = PackedNode.put(p, to, ctime);
        if ((flags & PackedNode.MZXID) != 0) {
            to = PackedNode.putRoomy(p, to, mzxid - czxid, PackedNode.MZXID_ROOM);
        }
        if ((flags & PackedNode.PZXID) != 0) {
            to = PackedNode.put(p, to, pzxid - czxid);
        }
        if ((flags & PackedNode.MTIME) != 0) {
            to = PackedNode.putRoomy(p, to, mtime - ctime, PackedNode.MTIME_ROOM);
        }
        if ((flags & PackedNode.VERSION) != 0) {
            to = PackedNode.putRoomy(p, to, Integer.toUnsignedLong(version), PackedNode.VERSION_ROOM);
        }
        if ((flags & PackedNode.CVERSION) != 0) {
            to = PackedNode.put(p, to, Integer.toUnsignedLong(cversion));
        }
        if ((flags & PackedNode.AVERSION) != 0) {
            to = PackedNode.put(p, to, Integer.toUnsignedLong(aversion));
        }
        System.arraycopy(data, dataOffset, p, to, dataBytes());
    }

    private int flags() {
        return (dataLength > 0 ? PackedNode.OF_DATA : 0)
                | (mzxid == czxid ? 0 : PackedNode.MZXID)
                | (pzxid == czxid ? 0 : PackedNode.PZXID)
                | (mtime == ctime ? 0 : PackedNode.MTIME)
                | (version == 0 ? 0 : PackedNode.VERSION)
                | (cversion == 0 ? 0 : PackedNode.CVERSION)
                | (aversion == 0 ? 0 : PackedNode.AVERSION)
                | (aclId == PackedNode.COMMON_ACL ? 0 : PackedNode.ACL)
                | (owner == 0 ? 0 : PackedNode.OWNER);
    }

    /** Bytes in front of the data. */
    private int headSize(int flags) {
        int size = 2 + PackedNode.sizeOf(nameLength) + nameLength + PackedNode.sizeOf(czxid) + PackedNode.sizeOf(ctime);
        size += (flags & PackedNode.OWNER) == 0 ? 0 : Long.BYTES;
        size += (flags & PackedNode.ACL) == 0 ? 0 : PackedNode.sizeOf(zigzag(aclId));
        size += (flags & PackedNode.MZXID) == 0 ? 0 : PackedNode.sizeOfRoomy(mzxid - czxid, PackedNode.MZXID_ROOM);
        size += (flags & PackedNode.PZXID) == 0 ? 0 : PackedNode.sizeOf(pzxid - czxid);
        size += (flags & PackedNode.MTIME) == 0 ? 0 : PackedNode.sizeOfRoomy(mtime - ctime, PackedNode.MTIME_ROOM);
        size += (flags & PackedNode.VERSION) == 0
                ? 0
                : PackedNode.sizeOfRoomy(Integer.toUnsignedLong(version), PackedNode.VERSION_ROOM);
        size += (flags & PackedNode.CVERSION) == 0 ? 0 : PackedNode.sizeOf(Integer.toUnsignedLong(cversion));
        size += (flags & PackedNode.AVERSION) == 0 ? 0 : PackedNode.sizeOf(Integer.toUnsignedLong(aversion));
        return size;
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }
}
