/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.StoredStat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The digest of the whole tree, version 2, kept up to date change by change (spec persistence 5).
 *
 * <p>Thread: {@code core}; {@link #ofNode} any. The digest is the wrapping sum of one CRC-32 for each node, over its path,
 * its data and 60 bytes of stat. A change takes the old value away and adds the new one. Nodes below {@code /zookeeper}
 * count nothing, because the server itself changes some of them without a transaction.
 */
public final class TreeDigest {
    private static final byte[] EXCLUDED = "/zookeeper/".getBytes(StandardCharsets.US_ASCII);
    private static final int STAT_SIZE = 60;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final CRC32 crc = new CRC32();
    private final byte[] stat = new byte[STAT_SIZE];
    private long value;

    TreeDigest() {}

    /** What a node with these contents adds to the digest; 0 if its path is one of those that do not count. */
    public static long ofNode(String path, byte @Nullable [] data, StoredStat stat) {
        byte[] bytes = path.equals("/") ? new byte[0] : path.getBytes(StandardCharsets.UTF_8);
        if (isExcluded(bytes, bytes.length)) {
            return 0;
        }
        CRC32 crc = new CRC32();
        crc.update(bytes);
        if (data != null) {
            crc.update(data);
        }
        byte[] buffer = new byte[STAT_SIZE];
        putStat(
                buffer,
                stat.czxid(),
                stat.mzxid(),
                stat.pzxid(),
                stat.ctime(),
                stat.mtime(),
                stat.version(),
                stat.cversion(),
                stat.aversion(),
                stat.ephemeralOwner());
        crc.update(buffer);
        return crc.getValue();
    }

    /** The digest of the tree. */
    long value() {
        return value;
    }

    /** Takes a node in. */
    void add(byte[] path, int pathLength, NodeFields node) {
        value += ofNode(path, pathLength, node);
    }

    /** Takes a node out, in the state in which it was taken in. */
    void subtract(byte[] path, int pathLength, NodeFields node) {
        value -= ofNode(path, pathLength, node);
    }

    /** Takes in a change of nodes that was summed up elsewhere. */
    void change(long difference) {
        value += difference;
    }

    void clear() {
        value = 0;
    }

    private long ofNode(byte[] path, int pathLength, NodeFields f) {
        if (isExcluded(path, pathLength)) {
            return 0;
        }
        crc.reset();
        crc.update(path, 0, pathLength);
        crc.update(f.data, f.dataOffset, f.dataBytes());
        putStat(stat, f.czxid, f.mzxid, f.pzxid, f.ctime, f.mtime, f.version, f.cversion, f.aversion, f.owner);
        crc.update(stat, 0, STAT_SIZE);
        return crc.getValue();
    }

    private static boolean isExcluded(byte[] path, int length) {
        if (length < EXCLUDED.length) {
            return false;
        }
        for (int i = 0; i < EXCLUDED.length; i++) {
            if (path[i] != EXCLUDED[i]) {
                return false;
            }
        }
        return true;
    }

    /** The order is neither that of the wire nor that of snapshots: pzxid is third (spec persistence 8, T8). */
    private static void putStat(
            byte[] b,
            long czxid,
            long mzxid,
            long pzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long owner) {
        LONG.set(b, 0, czxid);
        LONG.set(b, 8, mzxid);
        LONG.set(b, 16, pzxid);
        LONG.set(b, 24, ctime);
        LONG.set(b, 32, mtime);
        INT.set(b, 40, version);
        INT.set(b, 44, cversion);
        INT.set(b, 48, aversion);
        LONG.set(b, 52, owner);
    }
}
