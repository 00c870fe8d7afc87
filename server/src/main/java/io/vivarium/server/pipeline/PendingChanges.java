/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.data.ZnodePath;
import io.vivarium.server.tree.Place;
import io.vivarium.server.tree.TreeDigest;
import io.vivarium.server.tree.TreeView;
import io.vivarium.server.tree.Znode;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tree plus all changes that were prepared and are not applied yet (spec quorum 9.2).
 *
 * <p>Thread: {@code core}. Preparation looks nodes up here, so each request sees what those before it will do. A change
 * is forgotten once the transaction that made it, or a later one, has been applied; the changes of a refused multi are
 * rolled back. Also keeps the digest the tree will have after the last prepared transaction.
 */
final class PendingChanges {
    /** One change, with what it replaced, for the way back. */
    private record Change(
            String path, PendingNode node, @Nullable PendingNode before, long digestBefore) {}

    private final TreeView tree;
    private final OwnerKind.Rules ownerRules;
    private final Map<String, PendingNode> newest = new HashMap<>();
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private long digest;

    PendingChanges(TreeView tree, OwnerKind.Rules ownerRules) {
        this.tree = tree;
        this.ownerRules = ownerRules;
        this.digest = tree.digest();
    }

    /** The node as it will be, or null if there will be none. The empty path is the root. */
    @Nullable
    PendingNode find(String path) {
        String key = path.isEmpty() ? ZnodePath.ROOT : path;
        PendingNode pending = newest.get(key);
        if (pending != null) {
            return pending.exists() ? pending : null;
        }
        Place place = tree.place(key);
        Znode node = place.znode();
        if (node == null) {
            return null;
        }
        byte[] data = node.data();
        StoredStat stat = node.storedStat();
        long digestOfNode = TreeDigest.ofNode(key, data, stat);
        return new PendingNode(0, stat, node.childCount(), tree.acl(node), data, digestOfNode, place);
    }

    /** Records a change of an existing or new node and carries it into the digest. */
    void put(String path, PendingNode before, PendingNode after) {
        record(path, before.digest(), after);
    }

    /** Records a node that did not exist before. */
    void putNew(String path, PendingNode after) {
        record(path, 0, after);
    }

    /** The digest after everything prepared so far. */
    long digest() {
        return changes.isEmpty() ? tree.digest() : digest;
    }

    private void record(String path, long digestOfBefore, PendingNode after) {
        String key = path.isEmpty() ? ZnodePath.ROOT : path;
        long digestBefore = digest();
        changes.addLast(new Change(key, after, newest.put(key, after), digestBefore));
        digest = digestBefore - digestOfBefore + after.digest();
    }

    /** Takes back every change of transaction {@code zxid}, which must be the last prepared one. */
    void rollBack(long zxid) {
        while (!changes.isEmpty() && changes.peekLast().node().zxid() == zxid) {
            Change change = changes.removeLast();
            if (change.before() == null) {
                newest.remove(change.path());
            } else {
                newest.put(change.path(), change.before());
            }
            digest = change.digestBefore();
        }
    }

    /** The tree has caught up with {@code zxid}. */
    void applied(long zxid) {
        while (!changes.isEmpty() && changes.peekFirst().node().zxid() <= zxid) {
            Change change = changes.removeFirst();
            newest.remove(change.path(), change.node());
        }
    }

    /** Forgets everything: what was prepared will not be decided here. */
    void clear() {
        newest.clear();
        changes.clear();
        digest = tree.digest();
    }

    /** The ephemerals of a session as they will be: those of the tree, less pending deletes, plus pending creates. */
    Set<String> ephemeralsOf(long sessionId) {
        Collection<String> present = tree.ephemeralsOf(sessionId);
        Set<String> paths = new LinkedHashSet<>(present);
        for (Change change : changes) {
            StoredStat stat = change.node().stat();
            if (stat == null) {
                paths.remove(change.path());
            } else if (stat.ephemeralOwner() == sessionId
                    && OwnerKind.of(sessionId, ownerRules) == OwnerKind.EPHEMERAL) {
                paths.add(change.path());
            }
        }
        return paths;
    }

    /** How many changes are prepared and not applied. */
    int size() {
        return changes.size();
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }
}
