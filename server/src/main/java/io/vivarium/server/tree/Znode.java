/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.jute.JuteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One znode, to be looked at inside the hold of the gate in which it was found, and before anything changes it.
 *
 * <p>Thread: any. What is to last longer is copied: {@link #data}, {@link #stat}, {@link #storedStat}.
 */
public final class Znode {
    private final byte[] packed;
    private final @Nullable Branch branch;
    private final int childCount;

    private Znode(byte[] packed, @Nullable Branch branch, int childCount) {
        this.packed = packed;
        this.branch = branch;
        this.childCount = childCount;
    }

    /** The handle of what a slot holds. */
    static Znode of(Object node) {
        return node instanceof Branch branch
                ? new Znode(branch.packed(), branch, branch.size())
                : new Znode((byte[]) node, null, 0);
    }

    byte[] packed() {
        return packed;
    }

    public long czxid() {
        return PackedNode.czxid(packed);
    }

    public long mzxid() {
        return PackedNode.mzxid(packed);
    }

    public long pzxid() {
        return PackedNode.pzxid(packed);
    }

    public long ctime() {
        return PackedNode.ctime(packed);
    }

    public long mtime() {
        return PackedNode.mtime(packed);
    }

    public int version() {
        return PackedNode.version(packed);
    }

    /** The stored count of creates, not the client's view (spec persistence 4.4). */
    public int cversion() {
        return PackedNode.cversion(packed);
    }

    public int aversion() {
        return PackedNode.aversion(packed);
    }

    /** The raw owner field: session, container mark or TTL form. */
    public long owner() {
        return PackedNode.owner(packed);
    }

    public OwnerKind kind() {
        return PackedNode.kind(packed);
    }

    /** Key of the access control list in {@link AclTable}; {@link TreeView#acl} resolves it. */
    public long aclId() {
        return PackedNode.aclId(packed);
    }

    /** Bytes of data, 0 for null. */
    public int dataLength() {
        return PackedNode.dataLength(packed);
    }

    public boolean isDataNull() {
        return PackedNode.isDataNull(packed);
    }

    /** A copy of the data, or null where the node has none. */
    public byte @Nullable [] data() {
        return isDataNull() ? null : Arrays.copyOfRange(packed, PackedNode.dataOffset(packed), packed.length);
    }

    /** The data as a jute buffer, straight from the tree's own array, and behind it the client's Stat. */
    public void writeDataAndStat(JuteWriter out) {
        PackedNode.writeDataAndStat(packed, childCount, out);
    }

    public StoredStat storedStat() {
        return new NodeFields().unpack(packed).storedStat();
    }

    /** What clients see (spec client-protocol 6). */
    public Stat stat() {
        return PackedNode.stat(packed, childCount);
    }

    /** The client's Stat, 68 bytes. */
    public void writeStat(JuteWriter out) {
        PackedNode.writeStat(packed, childCount, out);
    }

    public int childCount() {
        return childCount;
    }

    /** The names of the children as a jute vector, in no particular order (spec client-protocol 4.1). */
    public void writeChildNames(JuteWriter out) {
        if (branch == null) {
            out.writeInt(0);
            return;
        }
        out.writeInt(branch.size());
        for (int i = 0; i < branch.capacity(); i++) {
            Object child = branch.slot(i);
            if (child != null) {
                byte[] p = PackedNode.of(child);
                out.writeBuffer(p, PackedNode.nameOffset(p), PackedNode.nameLength(p));
            }
        }
    }

    /** The names of the children, in no particular order. */
    public List<String> childNames() {
        List<String> names = new ArrayList<>(childCount);
        if (branch != null) {
            for (int i = 0; i < branch.capacity(); i++) {
                Object child = branch.slot(i);
                if (child != null) {
                    names.add(nameOf(PackedNode.of(child)));
                }
            }
        }
        return names;
    }

    private static String nameOf(byte[] p) {
        return new String(p, PackedNode.nameOffset(p), PackedNode.nameLength(p), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Znode[" + nameOf(packed) + ", " + stat() + "]";
    }
}
