/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.jute.JuteWriter;

/**
 * The packed form of one znode: name, stat, ACL id and data in a single byte array.
 *
 * <p>Thread: any, in a hold; stateless. A change of a node is written over its array where the new state has the same size,
 * and otherwise into a new one ({@link NodeFields#packOver}): most changes make nothing for the collector to move and no
 * reference for it to follow. So an array means something inside the hold of the gate in which it was found, and nowhere
 * else. One that has left its place in the tree is never written again.
 *
 * <pre>
 *   flags       1    which of the optional fields below are there
 *   traits      1    owner kind, null data
 *   nameLength  v    bytes
 *   name             UTF-8
 *   owner       8    if not 0
 *   aclId       v    zigzag, if not {@link #COMMON_ACL}
 *   czxid       v
 *   ctime       v
 *   mzxid       v    minus czxid, if different or there is data
 *   pzxid       v    minus czxid, if different
 *   mtime       v    minus ctime, if different or there is data
 *   version     v    if not 0 or there is data
 *   cversion, aversion   v   each if not 0
 *   data             all the rest
 * </pre>
 *
 * v is a number in groups of seven bits, lowest first; the high bit says that another byte follows. Fields that are
 * variable and optional stand in one run, so that the data is found by counting ends of numbers. What changes with the data,
 * mzxid, mtime and version, is written with room to grow, as more groups than it needs, and is there from the creation on if
 * there is data: every change to data of the same length then has the same size, and is written over the state before.
 */
final class PackedNode {
    static final int MZXID = 1;
    static final int PZXID = 2;
    static final int MTIME = 4;
    static final int VERSION = 8;
    static final int CVERSION = 16;
    static final int AVERSION = 32;
    static final int ACL = 64;
    static final int OWNER = 128;
    /** What changes with the data. */
    static final int OF_DATA = MZXID | MTIME | VERSION;

    /** Bytes for mzxid, some epochs behind czxid; for mtime, a year behind ctime; for two million changes. */
    static final int MZXID_ROOM = 5;

    static final int MTIME_ROOM = 5;
    static final int VERSION_ROOM = 3;

    static final int KIND_MASK = 3;
    static final int NULL_DATA = 4;

    /** The id that costs no byte: 1 is the list of {@code /zookeeper/config}, so this is the first a client brings. */
    static final long COMMON_ACL = 2;

    /** czxid and ctime are always there. */
    private static final int ALWAYS = 2;

    private static final int VARIABLE_FIELDS = 0x7f;

    private PackedNode() {}

    /** The array of a child slot, leaf or branch. */
    static byte[] of(Object child) {
        return child instanceof Branch branch ? branch.packed() : (byte[]) child;
    }

    static int nameLength(byte[] p) {
        return (int) number(p, 2);
    }

    static int nameOffset(byte[] p) {
        return p[2] >= 0 ? 3 : skip(p, 2, 1);
    }

    static OwnerKind kind(byte[] p) {
        switch (p[1] & KIND_MASK) {
            case 1:
                return OwnerKind.EPHEMERAL;
            case 2:
                return OwnerKind.CONTAINER;
            case 3:
                return OwnerKind.TTL;
            default:
                return OwnerKind.PERSISTENT;
        }
    }

    /** The two bits that stand for a kind. */
    static int codeOf(OwnerKind kind) {
        switch (kind) {
            case EPHEMERAL:
                return 1;
            case CONTAINER:
                return 2;
            case TTL:
                return 3;
            default:
                return 0;
        }
    }

    static long owner(byte[] p) {
        if ((p[0] & OWNER) == 0) {
            return 0;
        }
        int at = nameOffset(p) + nameLength(p);
        long owner = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            owner = (owner << 8) | (p[at + i] & 0xff);
        }
        return owner;
    }

    static long aclId(byte[] p) {
        if ((p[0] & ACL) == 0) {
            return COMMON_ACL;
        }
        long zigzag = number(p, numbersOffset(p));
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    static long czxid(byte[] p) {
        return number(p, czxidOffset(p));
    }

    static long ctime(byte[] p) {
        return number(p, skip(p, czxidOffset(p), 1));
    }

    static long mzxid(byte[] p) {
        return czxid(p) + optional(p, MZXID);
    }

    static long pzxid(byte[] p) {
        return czxid(p) + optional(p, PZXID);
    }

    static long mtime(byte[] p) {
        return ctime(p) + optional(p, MTIME);
    }

    static int version(byte[] p) {
        return (int) optional(p, VERSION);
    }

    static int cversion(byte[] p) {
        return (int) optional(p, CVERSION);
    }

    static int aversion(byte[] p) {
        return (int) optional(p, AVERSION);
    }

    static boolean isDataNull(byte[] p) {
        return (p[1] & NULL_DATA) != 0;
    }

    static int dataOffset(byte[] p) {
        return skip(p, numbersOffset(p), ALWAYS + Integer.bitCount(p[0] & VARIABLE_FIELDS));
    }

    static int dataLength(byte[] p) {
        return p.length - dataOffset(p);
    }

    /** The client's Stat, 68 bytes (spec client-protocol 6). */
    static void writeStat(byte[] p, int childCount, JuteWriter out) {
        stat(p, childCount).write(out);
    }

    /** The data as a jute buffer, and behind it the client's Stat. */
    static void writeDataAndStat(byte[] p, int childCount, JuteWriter out) {
        Stat stat = stat(p, childCount);
        if (isDataNull(p)) {
            out.writeInt(-1);
        } else {
            int length = stat.dataLength();
            out.writeBuffer(p, p.length - length, length);
        }
        stat.write(out);
    }

    /** What clients see, in one pass over the numbers; the data begins where they end. */
    static Stat stat(byte[] p, int childCount) {
        int flags = p[0];
        int at = czxidOffset(p);
        long czxid = number(p, at);
        at = behind(p, at);
        long ctime = number(p, at);
        at = behind(p, at);
        long mzxidMore = 0;
        long pzxidMore = 0;
        long mtimeMore = 0;
        long version = 0;
        long cversion = 0;
        long aversion = 0;
        if ((flags & MZXID) != 0) {
            mzxidMore = number(p, at);
            at = behind(p, at);
        }
        if ((flags & PZXID) != 0) {
            pzxidMore = number(p, at);
            at = behind(p, at);
        }
        if ((flags & MTIME) != 0) {
            mtimeMore = number(p, at);
            at = behind(p, at);
        }
        if ((flags & VERSION) != 0) {
            version = number(p, at);
            at = behind(p, at);
        }
        if ((flags & CVERSION) != 0) {
            cversion = number(p, at);
            at = behind(p, at);
        }
        if ((flags & AVERSION) != 0) {
            aversion = number(p, at);
            at = behind(p, at);
        }
        return new Stat(
                czxid,
                czxid + mzxidMore,
                ctime,
                ctime + mtimeMore,
                (int) version,
                2 * (int) cversion - childCount,
                (int) aversion,
                kind(p) == OwnerKind.EPHEMERAL ? owner(p) : 0,
                p.length - at,
                childCount,
                czxid + pzxidMore);
    }

    /** Where the numbers begin: behind name and owner. */
    static int numbersOffset(byte[] p) {
        int at = nameOffset(p) + nameLength(p);
        return (p[0] & OWNER) == 0 ? at : at + Long.BYTES;
    }

    static int czxidOffset(byte[] p) {
        int at = numbersOffset(p);
        return (p[0] & ACL) == 0 ? at : skip(p, at, 1);
    }

    /** An optional number, 0 where it is left out. Those before it have the lower flags. */
    private static long optional(byte[] p, int flag) {
        int flags = p[0];
        if ((flags & flag) == 0) {
            return 0;
        }
        return number(p, skip(p, czxidOffset(p), ALWAYS + Integer.bitCount(flags & (flag - 1))));
    }

    /** The number at an offset. */
    static long number(byte[] p, int offset) {
        int at = offset;
        long b = p[at++];
        if (b >= 0) {
            return b;
        }
        long value = b & 0x7f;
        for (int shift = 7; ; shift += 7) {
            b = p[at++];
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    /** The offset behind {@code count} numbers. */
    static int skip(byte[] p, int offset, int count) {
        int at = offset;
        for (int left = count; left > 0; at++) {
            if (p[at] >= 0) {
                left--;
            }
        }
        return at;
    }

    /** The offset behind the number at an offset. */
    private static int behind(byte[] p, int offset) {
        int at = offset;
        while (p[at] < 0) {
            at++;
        }
        return at + 1;
    }

    /** Bytes that {@link #put} takes for a number. */
    static int sizeOf(long number) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(number)) / 7);
    }

    /** Bytes that {@link #putRoomy} takes for a number. */
    static int sizeOfRoomy(long number, int room) {
        return Math.max(room, sizeOf(number));
    }

    /** Writes a number and returns the offset behind it. */
    static int put(byte[] p, int offset, long number) {
        return putRoomy(p, offset, number, 1);
    }

    /** The same in {@code room} bytes, or more if it needs more. */
    static int putRoomy(byte[] p, int offset, long number, int room) {
        int at = offset;
        int last = offset + room - 1;
        long rest = number;
        while ((rest & ~0x7fL) != 0 || at < last) {
            p[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        p[at++] = (byte) rest;
        return at;
    }
}
