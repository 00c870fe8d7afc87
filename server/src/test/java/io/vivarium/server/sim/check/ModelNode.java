/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.data.StoredStat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A znode at one moment.
 *
 * @param childrenHash the sum of a hash of each child's name, which stands for the set of them
 */
record ModelNode(byte @Nullable [] data, List<Acl> acl, StoredStat stat, int childCount, long childrenHash) {

    int length() {
        return data == null ? 0 : data.length;
    }

    boolean allows(int perms) {
        return allows(acl, perms);
    }

    /** The lists of the workload know nobody but {@code world:anyone}. */
    static boolean allows(List<Acl> acl, int perms) {
        for (Acl entry : acl) {
            if ((entry.perms() & perms) != 0) {
                return true;
            }
        }
        return false;
    }

    Stat shown(OwnerKind.Rules rules) {
        return stat.toStat(length(), childCount, OwnerKind.of(stat.ephemeralOwner(), rules));
    }

    ModelNode withData(byte @Nullable [] other, long zxid, long timeMillis) {
        StoredStat s = stat;
        return new ModelNode(
                other,
                acl,
                new StoredStat(
                        s.czxid(),
                        zxid,
                        s.ctime(),
                        timeMillis,
                        s.version() + 1,
                        s.cversion(),
                        s.aversion(),
                        s.ephemeralOwner(),
                        s.pzxid()),
                childCount,
                childrenHash);
    }

    ModelNode withAcl(List<Acl> other) {
        StoredStat s = stat;
        return new ModelNode(
                data,
                other,
                new StoredStat(
                        s.czxid(),
                        s.mzxid(),
                        s.ctime(),
                        s.mtime(),
                        s.version(),
                        s.cversion(),
                        s.aversion() + 1,
                        s.ephemeralOwner(),
                        s.pzxid()),
                childCount,
                childrenHash);
    }

    ModelNode withChild(String name, long zxid) {
        return withChildren(stat.cversion() + 1, childCount + 1, childrenHash + hash(name), zxid);
    }

    ModelNode withoutChild(String name, long zxid) {
        return withChildren(stat.cversion(), childCount - 1, childrenHash - hash(name), zxid);
    }

    private ModelNode withChildren(int cversion, int count, long hash, long zxid) {
        StoredStat s = stat;
        return new ModelNode(
                data,
                acl,
                new StoredStat(
                        s.czxid(),
                        s.mzxid(),
                        s.ctime(),
                        s.mtime(),
                        s.version(),
                        cversion,
                        s.aversion(),
                        s.ephemeralOwner(),
                        zxid),
                count,
                hash);
    }

    /** Spread over 64 bits, so that sums of different sets of names differ. */
    static long hash(String name) {
        long mixed = name.hashCode() * 0x9e37_79b9_7f4a_7c15L + name.length();
        mixed = (mixed ^ (mixed >>> 31)) * 0xbf58_476d_1ce4_e5b9L;
        return mixed ^ (mixed >>> 29);
    }

    static long hash(List<String> names) {
        long sum = 0;
        for (String name : names) {
            sum += hash(name);
        }
        return sum;
    }
}
