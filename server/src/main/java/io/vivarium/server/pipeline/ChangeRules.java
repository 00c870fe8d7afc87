/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.data.ZnodePath;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.server.auth.AccessCheck;
import io.vivarium.server.auth.AclFixUp;
import io.vivarium.server.tree.Foreseen;
import io.vivarium.server.tree.Place;
import io.vivarium.server.tree.QuotaIndex;
import io.vivarium.server.tree.TreeDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * delete, deleteContainer, setData, setACL, check, closeSession (spec client-protocol 5.3.2 to 5.3.6, 9.3).
 *
 * <p>Thread: {@code core}. The order of the checks is part of the contract: clients see which comes first.
 */
final class ChangeRules {
    private static final Set<String> UNDELETABLE =
            Set.of(ZnodePath.ROOT, ZnodePath.SYSTEM, ZnodePath.QUOTA, ZnodePath.CONFIG);
    private static final int ANY_VERSION = -1;

    private final PendingChanges pending;
    private final AccessCheck access;
    private final AclFixUp aclFixUp;
    private final QuotaIndex quotas;
    private final PrepareConfig config;

    ChangeRules(
            PendingChanges pending, AccessCheck access, AclFixUp aclFixUp, QuotaIndex quotas, PrepareConfig config) {
        this.pending = pending;
        this.access = access;
        this.aclFixUp = aclFixUp;
        this.quotas = quotas;
        this.config = config;
    }

    /** Permission is asked of the parent, before the node is looked for. */
    Prepared delete(@Nullable String path, int version, Preparation p) {
        if (path == null) {
            return Prepared.refused(ErrorCode.MARSHALLING_ERROR);
        }
        if (!ZnodePath.isRoughlyValid(path) || UNDELETABLE.contains(path)) {
            return Prepared.refused(ErrorCode.BAD_ARGUMENTS);
        }
        String parentPath = ZnodePath.parentOf(path);
        PendingNode parent = pending.find(parentPath);
        if (parent == null) {
            return Prepared.refused(ErrorCode.NO_NODE);
        }
        if (!access.allows(parent.acl(), Acl.DELETE, p.identities())) {
            return Prepared.refused(ErrorCode.NO_AUTH);
        }
        PendingNode node = pending.find(path);
        if (node == null) {
            return Prepared.refused(ErrorCode.NO_NODE);
        }
        if (differs(version, node.requireStat().version())) {
            return Prepared.refused(ErrorCode.BAD_VERSION);
        }
        if (node.childCount() > 0) {
            return Prepared.refused(ErrorCode.NOT_EMPTY);
        }
        remove(path, node, parentPath, parent, p.zxid());
        return new Prepared.Accepted(OpCode.DELETE, new Txn.Delete(path));
    }

    /** The server's own removal of an empty container or a TTL node past its time. */
    Prepared deleteContainer(String path, Preparation p) {
        PendingNode node = pending.find(path);
        if (node == null) {
            return Prepared.refused(ErrorCode.NO_NODE);
        }
        if (node.childCount() > 0) {
            return Prepared.refused(ErrorCode.NOT_EMPTY);
        }
        OwnerKind kind = OwnerKind.of(node.requireStat().ephemeralOwner(), config.ownerRules());
        if (kind != OwnerKind.CONTAINER && kind != OwnerKind.TTL) {
            return Prepared.refused(ErrorCode.BAD_VERSION);
        }
        String parentPath = ZnodePath.parentOf(path);
        PendingNode parent = pending.find(parentPath);
        if (parent == null) {
            return Prepared.refused(ErrorCode.NO_NODE);
        }
        remove(path, node, parentPath, parent, p.zxid());
        return new Prepared.Accepted(OpCode.DELETE_CONTAINER, new Txn.Delete(path));
    }

    Prepared setData(ClientRequest.SetData request, Preparation p) {
        String path = request.path();
        if (path == null || !ZnodePath.isValid(path)) {
            return Prepared.refused(ErrorCode.BAD_ARGUMENTS);
        }
        PendingNode node = pending.find(path);
        if (node == null) {
            return Prepared.refused(ErrorCode.NO_NODE);
        }
        if (!access.allows(node.acl(), Acl.WRITE, p.identities())) {
            return Prepared.refused(ErrorCode.NO_AUTH);
        }
        byte[] data = request.data();
        int growth = (data == null ? 0 : data.length) - node.dataLength();
        if (config.enforceQuota() && !quotas.allows(path, growth, 0)) {
            return Prepared.refused(ErrorCode.QUOTA_EXCEEDED);
        }
        StoredStat old = node.requireStat();
        if (differs(request.version(), old.version())) {
            return Prepared.refused(ErrorCode.BAD_VERSION);
        }
        int version = old.version() + 1;
        StoredStat stat = new StoredStat(
                old.czxid(),
                p.zxid(),
                old.ctime(),
                p.timeMillis(),
                version,
                old.cversion(),
                old.aversion(),
                old.ephemeralOwner(),
                old.pzxid());
        long digestChange = putChanged(path, node, stat, node.acl(), data, p.zxid());
        Place place = node.place();
        return new Prepared.Accepted(
                OpCode.SET_DATA,
                new Txn.SetData(path, data, version),
                place == null ? null : new Foreseen(place, digestChange));
    }

    /** The list is judged before the node is looked for. */
    Prepared setAcl(ClientRequest.SetAcl request, Preparation p) {
        String path = request.path();
        if (path == null || !ZnodePath.isValid(path)) {
            return Prepared.refused(ErrorCode.BAD_ARGUMENTS);
        }
        AclFixUp.Outcome fixed = aclFixUp.apply(request.acl(), p.identities());
        if (fixed instanceof AclFixUp.Outcome.Refused refused) {
            return Prepared.refused(refused.error());
        }
        List<Acl> acl = ((AclFixUp.Outcome.Usable) fixed).acl();
        PendingNode node = pending.find(path);
        if (node == null) {
            return Prepared.refused(ErrorCode.NO_NODE);
        }
        if (!access.allows(node.acl(), Acl.ADMIN, p.identities())) {
            return Prepared.refused(ErrorCode.NO_AUTH);
        }
        StoredStat old = node.requireStat();
        if (differs(request.version(), old.aversion())) {
            return Prepared.refused(ErrorCode.BAD_VERSION);
        }
        int aversion = old.aversion() + 1;
        StoredStat stat = new StoredStat(
                old.czxid(),
                old.mzxid(),
                old.ctime(),
                old.mtime(),
                old.version(),
                old.cversion(),
                aversion,
                old.ephemeralOwner(),
                old.pzxid());
        putChanged(path, node, stat, acl, node.data(), p.zxid());
        return new Prepared.Accepted(OpCode.SET_ACL, new Txn.SetAcl(path, acl, aversion));
    }

    /** Changes nothing; the version in the transaction is the current one plus one, as stock writes it. */
    Prepared check(ClientRequest.Check request, Preparation p) {
        String path = request.path();
        if (path == null || !ZnodePath.isValid(path)) {
            return Prepared.refused(ErrorCode.BAD_ARGUMENTS);
        }
        PendingNode node = pending.find(path);
        if (node == null) {
            return Prepared.refused(ErrorCode.NO_NODE);
        }
        if (!access.allows(node.acl(), Acl.READ, p.identities())) {
            return Prepared.refused(ErrorCode.NO_AUTH);
        }
        int version = node.requireStat().version();
        if (differs(request.version(), version)) {
            return Prepared.refused(ErrorCode.BAD_VERSION);
        }
        return new Prepared.Accepted(OpCode.CHECK, new Txn.Check(path, version + 1));
    }

    /** Everything the session still holds goes with it, creates on their way included (spec 9.3). */
    Prepared closeSession(Preparation p) {
        List<String> paths = new ArrayList<>();
        long listBytes = 0;
        for (String path : pending.ephemeralsOf(p.sessionId())) {
            PendingNode node = pending.find(path);
            String parentPath = ZnodePath.parentOf(path);
            PendingNode parent = pending.find(parentPath);
            if (node != null && parent != null) {
                remove(path, node, parentPath, parent, p.zxid());
                // What no longer fits is deleted all the same: appliers remove the rest of the session's ephemerals.
                listBytes += 4 + 3L * path.length();
                if (listBytes < config.maxCloseSessionBytes()) {
                    paths.add(path);
                }
            }
        }
        return new Prepared.Accepted(
                OpCode.CLOSE_SESSION, new Txn.CloseSession(config.closeSessionPaths() ? paths : null));
    }

    private void remove(String path, PendingNode node, String parentPath, PendingNode parent, long zxid) {
        pending.put(path, node, PendingNode.deleted(zxid));
        StoredStat old = parent.requireStat();
        StoredStat stat = new StoredStat(
                old.czxid(),
                old.mzxid(),
                old.ctime(),
                old.mtime(),
                old.version(),
                old.cversion(),
                old.aversion(),
                old.ephemeralOwner(),
                Math.max(zxid, old.pzxid()));
        String key = parentPath.isEmpty() ? ZnodePath.ROOT : parentPath;
        pending.put(
                key,
                parent,
                new PendingNode(
                        zxid,
                        stat,
                        parent.childCount() - 1,
                        parent.acl(),
                        parent.data(),
                        TreeDigest.ofNode(key, parent.data(), stat),
                        parent.place()));
    }

    /** Answers what the change adds to the digest of the tree. */
    private long putChanged(
            String path, PendingNode node, StoredStat stat, List<Acl> acl, byte @Nullable [] data, long zxid) {
        long digest = TreeDigest.ofNode(path, data, stat);
        pending.put(path, node, new PendingNode(zxid, stat, node.childCount(), acl, data, digest, node.place()));
        return digest - node.digest();
    }

    private static boolean differs(int expected, int actual) {
        return expected != ANY_VERSION && expected != actual;
    }
}
