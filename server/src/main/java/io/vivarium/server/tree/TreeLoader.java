/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.persistence.recovery.TxnSink;
import io.vivarium.persistence.snapshot.SnapshotSink;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.txn.LoggedTxn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fills the tree from a snapshot and from the log behind it (spec persistence 4.7, 6.1).
 *
 * <p>Thread: the loader's, while nobody else sees the tree; or in the exclusive hold {@code peer-io}, for an image that a
 * leader sends, and {@code journal} or {@code disk}, for a tree that is read anew.
 */
public final class TreeLoader implements SnapshotSink, TxnSink {
    private final ZnodeTree tree;
    private final TxnApplier applier;
    private final SessionChanges sessions;
    private long digestZxid;
    private long digest;

    public TreeLoader(ZnodeTree tree, TxnApplier applier, SessionChanges sessions) {
        this.tree = tree;
        this.applier = applier;
        this.sessions = sessions;
    }

    @Override
    public void clear() {
        tree.clear();
        sessions.cleared();
        applier.digests().clear();
        digestZxid = 0;
        digest = 0;
    }

    @Override
    public void session(long id, int timeoutMillis) {
        sessions.created(id, timeoutMillis);
    }

    @Override
    public void acl(long id, List<Acl> acl) {
        if (!tree.acls().load(id, acl)) {
            throw MalformedDataException.badValue(0, "ACL id " + id + " occurs twice");
        }
    }

    @Override
    public void node(String path, byte @Nullable [] data, long aclId, StoredStat stat) {
        String fault = tree.load(path, data, aclId, stat);
        if (fault != null) {
            throw MalformedDataException.badValue(0, fault);
        }
    }

    @Override
    public void node(
            byte[] bytes, int pathAt, int pathLength, int dataAt, int dataLength, long aclId, StoredStat stat) {
        for (int i = pathAt; i < pathAt + pathLength; i++) {
            if (bytes[i] < 0) {
                // By way of a text, which makes something whole of what is no UTF-8.
                SnapshotSink.super.node(bytes, pathAt, pathLength, dataAt, dataLength, aclId, stat);
                return;
            }
        }
        String fault = tree.load(bytes, pathAt, pathLength, dataAt, dataLength, aclId, stat);
        if (fault != null) {
            throw MalformedDataException.badValue(0, fault);
        }
    }

    @Override
    public void digest(long zxid, long expected) {
        digestZxid = zxid;
        digest = expected;
    }

    @Override
    public void loaded(long zxid) {
        String fault = tree.loaded(zxid);
        if (fault != null) {
            throw MalformedDataException.badValue(0, fault);
        }
        new QuotaAccounts(tree).rebuild();
        if (tree.keepsDigest()) {
            applier.digests().onSnapshot(zxid, digestZxid, digest, tree.digest());
        }
    }

    @Override
    public void fresh() {
        tree.plant();
    }

    @Override
    public void apply(LoggedTxn txn) {
        applier.apply(txn, ChangeListener.NONE);
    }
}
