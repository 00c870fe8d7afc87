/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.persistence.snapshot.AclSink;
import io.vivarium.persistence.snapshot.NodeSink;
import io.vivarium.persistence.snapshot.SessionSink;
import io.vivarium.persistence.snapshot.SnapshotSource;
import io.vivarium.protocol.data.Acl;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes the tree down while it goes on changing (spec persistence 4.5).
 *
 * <p>Thread: {@code snapshot}; one object for one walk. A hold lasts for the copy of one list: the sessions, the ACL table, the
 * children of one branch, a few of the leaves among them; everything is written outside of it. A branch and the list of its
 * children are of one moment; its leaves may be of a later one, other branches of another, and replay from {@link #lastZxid}
 * + 1 repairs that.
 *
 * <p>No node names an ACL that the table lacks: stock servers that load one count its uses wrongly and drop lists which other
 * nodes need (spec persistence 4.2). A node that came after the table was copied is left out, for the replay creates it; one
 * whose ACL was replaced is written as open, for the replay replaces it again before anybody is served.
 */
public final class TreeSnapshot implements SnapshotSource {
    private static final int NO_PARENT = -1;
    private static final Object[] NO_CHILDREN = {};
    /** Leaves copied in one hold. */
    private static final int LEAVES_PER_HOLD = 32;

    private final ZnodeTree tree;
    private final SharedHold hold;
    private final OpenSessions sessions;
    private final NodeFields fields = new NodeFields();
    private byte[] path = new byte[256];
    private long digest;
    /** When the ACL table was copied, and its highest number then. */
    private long aclZxid;

    private long newestAclId;

    /** A branch whose children are being written. */
    private static final class Level {
        final Object[] children;
        final int pathLength;
        int next;
        /** Up to here the leaves are copies. */
        int copied;

        Level(Object[] children, int pathLength) {
            this.children = children;
            this.pathLength = pathLength;
        }
    }

    public TreeSnapshot(ZnodeTree tree, SharedHold hold, OpenSessions sessions) {
        this.tree = tree;
        this.hold = hold;
        this.sessions = sessions;
    }

    @Override
    public long lastZxid() {
        return held(tree::lastZxid);
    }

    @Override
    public void writeSessions(SessionSink sink) throws IOException {
        for (Map.Entry<Long, Integer> session : held(sessions::timeouts).entrySet()) {
            sink.session(session.getKey(), session.getValue());
        }
    }

    @Override
    public void writeAcls(AclSink sink) throws IOException {
        for (Map.Entry<Long, List<Acl>> entry : held(this::copyAcls).entrySet()) {
            sink.acl(entry.getKey(), entry.getValue());
        }
    }

    private Map<Long, List<Acl>> copyAcls() {
        aclZxid = tree.lastZxid();
        newestAclId = tree.acls().newestId();
        return tree.acls().copy();
    }

    @Override
    public void writeNodes(NodeSink sink) throws IOException {
        ArrayDeque<Level> open = new ArrayDeque<>();
        open.push(enter(held(tree::root), NO_PARENT, sink));
        while (!open.isEmpty()) {
            Level level = open.peek();
            if (level.next == level.children.length) {
                open.pop();
                continue;
            }
            if (level.next == level.copied) {
                copyLeaves(level);
            }
            Object child = level.children[level.next++];
            if (child instanceof Branch branch) {
                open.push(enter(branch, level.pathLength, sink));
            } else {
                byte[] leaf = (byte[]) child;
                write(leaf, append(level.pathLength, leaf), sink);
            }
        }
    }

    private void copyLeaves(Level level) {
        level.copied = Math.min(level.children.length, level.copied + LEAVES_PER_HOLD);
        hold.acquire();
        try {
            for (int i = level.next; i < level.copied; i++) {
                if (level.children[i] instanceof byte[] leaf) {
                    level.children[i] = leaf.clone();
                }
            }
        } finally {
            hold.release();
        }
    }

    /** Writes a branch itself and starts with its children. */
    private Level enter(Branch branch, int parentLength, NodeSink sink) throws IOException {
        byte[] packed;
        Object[] children;
        hold.acquire();
        try {
            packed = branch.packed().clone();
            children = branch.children();
        } finally {
            hold.release();
        }
        int pathLength = parentLength == NO_PARENT ? 0 : append(parentLength, packed);
        // What is below a node that came later came later still.
        return new Level(write(packed, pathLength, sink) ? children : NO_CHILDREN, pathLength);
    }

    /** False if the node is left out. */
    private boolean write(byte[] packed, int pathLength, NodeSink sink) throws IOException {
        NodeFields f = fields.unpack(packed);
        boolean isListed = f.aclId <= newestAclId;
        if (!isListed && f.czxid > aclZxid) {
            return false;
        }
        long aclId = isListed ? f.aclId : AclTable.OPEN;
        sink.node(path, pathLength, packed, f.dataOffset, f.dataLength, aclId, f.storedStat());
        return true;
    }

    /** Puts a slash and the node's name behind its parent's path; answers the new length. */
    private int append(int parentLength, byte[] packed) {
        int nameLength = PackedNode.nameLength(packed);
        int length = parentLength + 1 + nameLength;
        if (length > path.length) {
            byte[] larger = new byte[Math.max(length, path.length * 2)];
            System.arraycopy(path, 0, larger, 0, parentLength);
            path = larger;
        }
        path[parentLength] = '/';
        System.arraycopy(packed, PackedNode.nameOffset(packed), path, parentLength + 1, nameLength);
        return length;
    }

    /** Also fixes the digest of that moment, which {@link #treeDigest} answers. */
    @Override
    public long digestZxid() {
        hold.acquire();
        try {
            digest = tree.digest();
            return tree.keepsDigest() ? tree.lastZxid() : 0;
        } finally {
            hold.release();
        }
    }

    @Override
    public long treeDigest() {
        return digest;
    }

    @Override
    public long lastZxidNow() {
        return held(tree::lastZxid);
    }

    private <T> T held(Supplier<T> read) {
        hold.acquire();
        try {
            return read.get();
        } finally {
            hold.release();
        }
    }
}
