/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.ZnodePath;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The only way to change the tree: applies committed transactions, one after the other (spec persistence 3.4, 3.6).
 *
 * <p>Thread: {@code core}, in the exclusive hold of the gate. Nothing is checked that preparation has checked, and nothing is
 * read but the tree and the transaction, so every server comes to the same tree. All rules repair: a transaction whose effect
 * is there already, as after a fuzzy snapshot, does no harm, and its error is an answer to nobody.
 */
public final class TxnApplier {
    private final ZnodeTree tree;
    private final QuotaAccounts quotas;
    private final SessionChanges sessions;
    private final DigestHistory digests = new DigestHistory();

    public TxnApplier(ZnodeTree tree, SessionChanges sessions) {
        this.tree = tree;
        this.quotas = new QuotaAccounts(tree);
        this.sessions = sessions;
    }

    /** The read side of what this applies to. */
    public TreeView tree() {
        return tree;
    }

    public DigestHistory digests() {
        return digests;
    }

    /** Applies a transaction and compares its digest with the one it carries (spec persistence 5). */
    public ApplyResult apply(LoggedTxn txn, ChangeListener listener) {
        ApplyResult result = applyBody(txn.header(), txn.body(), null, listener);
        // With digests off the tree has none to compare with.
        digests.onApplied(txn.zxid(), tree.digest(), tree.keepsDigest() ? txn.digest() : null);
        return result;
    }

    /**
     * Applies a transaction that was made here, so that its digest needs no comparison.
     *
     * @param foreseen what its preparation knows, if it changes one node only
     */
    public ApplyResult apply(TxnHeader header, Txn body, @Nullable Foreseen foreseen, ChangeListener listener) {
        ApplyResult result = applyBody(header, body, foreseen, listener);
        digests.onApplied(header.zxid(), tree.digest(), null);
        return result;
    }

    private ApplyResult applyBody(TxnHeader header, Txn body, @Nullable Foreseen foreseen, ChangeListener listener) {
        ApplyResult result = body instanceof Txn.Multi multi
                ? multi(multi, header, listener)
                : single(header.type(), body, header, foreseen, listener);
        tree.advanceTo(header.zxid());
        return result;
    }

    private ApplyResult multi(Txn.Multi multi, TxnHeader header, ChangeListener listener) {
        boolean refused = multi.isRefused();
        List<ApplyResult> results = new ArrayList<>(multi.parts().size());
        for (Txn.Part part : multi.parts()) {
            if (part.body() instanceof Txn.Refusal refusal) {
                results.add(ApplyResult.refused(refusal.code()));
            } else if (refused) {
                results.add(ApplyResult.refused(ErrorCode.OK.code()));
            } else {
                results.add(single(part.type(), part.body(), header, null, listener));
            }
        }
        return ApplyResult.multi(results);
    }

    private ApplyResult single(
            int type, Txn body, TxnHeader header, @Nullable Foreseen foreseen, ChangeListener listener) {
        if (body instanceof Txn.Create create) {
            long owner = create.ephemeral() ? header.clientId() : 0;
            return create(
                    type, create.path(), create.data(), create.acl(), owner, create.parentCversion(), header, listener);
        }
        if (body instanceof Txn.SetData setData) {
            return setData(type, setData, header, foreseen, listener);
        }
        if (body instanceof Txn.Delete delete) {
            return delete(type, delete.path(), header.zxid(), listener);
        }
        if (body instanceof Txn.CreateContainer create) {
            return create(
                    type,
                    create.path(),
                    create.data(),
                    create.acl(),
                    OwnerKind.CONTAINER_OWNER,
                    create.parentCversion(),
                    header,
                    listener);
        }
        if (body instanceof Txn.CreateTtl create) {
            long owner = OwnerKind.ownerOfTtl(create.ttlMillis());
            return create(
                    type, create.path(), create.data(), create.acl(), owner, create.parentCversion(), header, listener);
        }
        if (body instanceof Txn.SetAcl setAcl) {
            Change change = tree.setAcl(setAcl.path(), setAcl.acl(), setAcl.version());
            return change.failed()
                    ? ApplyResult.failed(type, change.error(), setAcl.path())
                    : ApplyResult.done(type, setAcl.path(), change.requireNode().stat());
        }
        if (body instanceof Txn.CreateSession open) {
            sessions.created(header.clientId(), open.timeoutMillis());
            return ApplyResult.done(type);
        }
        if (body instanceof Txn.CloseSession close) {
            return closeSession(type, close, header, listener);
        }
        if (body instanceof Txn.Refusal refusal) {
            return ApplyResult.refused(refusal.code());
        }
        // What is left is a check, which was made when the transaction was prepared.
        return ApplyResult.done(type);
    }

    private ApplyResult create(
            int type,
            String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            long owner,
            int parentCversion,
            TxnHeader header,
            ChangeListener listener) {
        Change change = tree.create(path, data, acl, owner, parentCversion, header.zxid(), header.timeMillis());
        if (change.failed()) {
            // The type of the part counts, not that of the multi around it; the later create types do not do this.
            if (change.error() == ErrorCode.NODE_EXISTS && type == OpCode.CREATE) {
                tree.countCreate(path, parentCversion, header.zxid());
            }
            return ApplyResult.failed(type, change.error(), path);
        }
        Znode node = change.requireNode();
        quotas.onCreated(path, node);
        listener.created(path, node, parentOf(path), change.requireParent());
        // The oldest kind of create is answered by a path alone.
        return type == OpCode.CREATE ? ApplyResult.done(type, path) : ApplyResult.done(type, path, node.stat());
    }

    private ApplyResult delete(int type, String path, long zxid, ChangeListener listener) {
        Change change = tree.delete(path, zxid);
        if (change.failed()) {
            return ApplyResult.failed(type, change.error(), path);
        }
        Znode last = change.requireNode();
        quotas.onDeleted(path, last);
        listener.deleted(path, last, parentOf(path), change.requireParent());
        return ApplyResult.done(type, path);
    }

    private ApplyResult setData(
            int type, Txn.SetData body, TxnHeader header, @Nullable Foreseen foreseen, ChangeListener listener) {
        String path = body.path();
        int lengthBefore = quotas.lengthOf(path);
        Change change = tree.setData(path, body.data(), body.version(), header.zxid(), header.timeMillis(), foreseen);
        if (change.failed()) {
            return ApplyResult.failed(type, change.error(), path);
        }
        Znode node = change.requireNode();
        quotas.onDataChanged(path, lengthBefore, node.dataLength());
        listener.dataChanged(path, node);
        return type == OpCode.RECONFIG
                ? ApplyResult.reconfigured(path, node.stat(), body.data())
                : ApplyResult.done(type, path, node.stat());
    }

    private ApplyResult closeSession(int type, Txn.CloseSession body, TxnHeader header, ChangeListener listener) {
        sessions.closed(header.clientId());
        List<String> listed = body.paths();
        if (listed != null) {
            for (String path : listed) {
                delete(OpCode.DELETE, path, header.zxid(), listener);
            }
        }
        removeEphemerals(header.clientId(), header.zxid(), listener);
        return ApplyResult.done(type);
    }

    private void removeEphemerals(long session, long zxid, ChangeListener listener) {
        for (String path : tree.ephemeralsOf(session)) {
            delete(OpCode.DELETE, path, zxid, listener);
        }
    }

    private static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? ZnodePath.ROOT : path.substring(0, slash);
    }

    // ---- Without a transaction --------------------------------------------------------------------------------

    /** Owners of ephemerals that are no session any more (spec persistence 6.1, step 7), in order. */
    public List<Long> ownersWithoutSession(Set<Long> sessionIds) {
        return tree.ephemerals().ownersOutside(sessionIds);
    }

    /**
     * Deletes the ephemerals of a session that ended without a closeSession in the log. No transaction says so; it reaches
     * the disk with the next snapshot (spec persistence 8, T15).
     */
    public void removeEphemeralsOf(long session) {
        removeEphemerals(session, tree.lastZxid(), ChangeListener.NONE);
        tree.advanceTo(tree.lastZxid());
    }

    /** Writes the configuration that an ensemble starts with; {@code version} becomes the mzxid (spec persistence 4.3). */
    public void putConfig(byte[] text, long version, long nowMillis) {
        tree.putConfig(text, version, nowMillis);
    }

    /** Sets the last zxid to where an epoch or a truncated log begins (spec persistence 6.1 and 2.8). */
    public void resetLastZxid(long zxid) {
        tree.setLastZxid(zxid);
    }
}
