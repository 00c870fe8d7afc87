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
import io.vivarium.server.tree.QuotaIndex;
import io.vivarium.server.tree.TreeDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * create, create2, createContainer, createTTL (spec client-protocol 5.3.1, 5.5, 5.6).
 *
 * <p>Thread: {@code core}. The order of the checks is part of the contract: clients see which comes first.
 */
final class CreateRules {
    private static final int EPHEMERAL = 1;
    private static final int PERSISTENT_SEQUENTIAL = 2;
    private static final int EPHEMERAL_SEQUENTIAL = 3;
    private static final int TTL = 5;
    private static final int TTL_SEQUENTIAL = 6;
    private static final long NO_TTL = -1;

    private final PendingChanges pending;
    private final AccessCheck access;
    private final AclFixUp aclFixUp;
    private final QuotaIndex quotas;
    private final PrepareConfig config;

    CreateRules(
            PendingChanges pending, AccessCheck access, AclFixUp aclFixUp, QuotaIndex quotas, PrepareConfig config) {
        this.pending = pending;
        this.access = access;
        this.aclFixUp = aclFixUp;
        this.quotas = quotas;
        this.config = config;
    }

    Prepared prepare(int op, ClientRequest body, Preparation p) {
        if (body instanceof ClientRequest.CreateTtl ttl) {
            return prepare(op, ttl.path(), ttl.data(), ttl.acl(), ttl.flags(), ttl.ttlMillis(), p);
        }
        ClientRequest.Create create = (ClientRequest.Create) body;
        return prepare(op, create.path(), create.data(), create.acl(), create.flags(), NO_TTL, p);
    }

    /** The checks that need nothing but the request (steps 1 to 3); they come before the session's. */
    @Nullable
    ErrorCode checkFlags(int op, ClientRequest body) {
        boolean createTtl = body instanceof ClientRequest.CreateTtl;
        int flags = createTtl ? ((ClientRequest.CreateTtl) body).flags() : ((ClientRequest.Create) body).flags();
        long ttlMillis = createTtl ? ((ClientRequest.CreateTtl) body).ttlMillis() : NO_TTL;
        if (flags < 0 || flags > TTL_SEQUENTIAL) {
            return ErrorCode.BAD_ARGUMENTS;
        }
        boolean ttlMode = flags == TTL || flags == TTL_SEQUENTIAL;
        if (ttlMode && !config.ownerRules().extendedTypes()) {
            return ErrorCode.UNIMPLEMENTED;
        }
        if (ttlMode != OwnerKind.isValidTtl(ttlMillis)) {
            return ErrorCode.BAD_ARGUMENTS;
        }
        // A createTTL with other flags and a negative ttl passes stock's checks and then kills it (trap 28).
        return createTtl && !ttlMode ? ErrorCode.BAD_ARGUMENTS : null;
    }

    static boolean isEphemeral(ClientRequest body) {
        int flags = body instanceof ClientRequest.CreateTtl ttl ? ttl.flags() : ((ClientRequest.Create) body).flags();
        return flags == EPHEMERAL || flags == EPHEMERAL_SEQUENTIAL;
    }

    private Prepared prepare(
            int op,
            @Nullable String requested,
            byte @Nullable [] data,
            @Nullable List<Acl> requestedAcl,
            int flags,
            long ttlMillis,
            Preparation p) {
        if (requested == null) {
            return Prepared.refused(ErrorCode.MARSHALLING_ERROR);
        }
        if (!ZnodePath.isRoughlyValid(requested)) {
            return Prepared.refused(ErrorCode.BAD_ARGUMENTS);
        }
        AclFixUp.Outcome fixed = aclFixUp.apply(requestedAcl, p.identities());
        if (fixed instanceof AclFixUp.Outcome.Refused refused) {
            return Prepared.refused(refused.error());
        }
        List<Acl> acl = ((AclFixUp.Outcome.Usable) fixed).acl();
        String parentPath = ZnodePath.parentOf(requested);
        PendingNode parent = pending.find(parentPath);
        if (parent == null) {
            return Prepared.refused(ErrorCode.NO_NODE);
        }
        if (!access.allows(parent.acl(), Acl.CREATE, p.identities())) {
            return Prepared.refused(ErrorCode.NO_AUTH);
        }
        StoredStat parentStat = parent.requireStat();
        String path = isSequential(flags) ? requested + suffix(parentStat.cversion()) : requested;
        if (!ZnodePath.isValid(path)) {
            return Prepared.refused(ErrorCode.BAD_ARGUMENTS);
        }
        if (pending.find(path) != null) {
            return Prepared.refused(ErrorCode.NODE_EXISTS);
        }
        if (OwnerKind.of(parentStat.ephemeralOwner(), config.ownerRules()) == OwnerKind.EPHEMERAL) {
            return Prepared.refused(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
        }
        if (config.enforceQuota() && !quotas.allows(path, data == null ? 0 : data.length, 1)) {
            return Prepared.refused(ErrorCode.QUOTA_EXCEEDED);
        }
        return accept(op, path, data, acl, flags, ttlMillis, parentPath, parent, p);
    }

    private Prepared accept(
            int op,
            String path,
            byte @Nullable [] data,
            List<Acl> acl,
            int flags,
            long ttlMillis,
            String parentPath,
            PendingNode parent,
            Preparation p) {
        boolean ephemeral = op != OpCode.CREATE_CONTAINER
                && op != OpCode.CREATE_TTL
                && (flags == EPHEMERAL || flags == EPHEMERAL_SEQUENTIAL);
        long owner = ownerOf(op, ephemeral, ttlMillis, p.sessionId());
        int parentCversion = parent.requireStat().cversion() + 1;
        putParent(parentPath, parent, parentCversion, p.zxid());
        StoredStat stat = new StoredStat(p.zxid(), p.zxid(), p.timeMillis(), p.timeMillis(), 0, 0, 0, owner, p.zxid());
        pending.putNew(path, new PendingNode(p.zxid(), stat, 0, acl, data, TreeDigest.ofNode(path, data, stat), null));
        Txn txn;
        switch (op) {
            case OpCode.CREATE_CONTAINER:
                txn = new Txn.CreateContainer(path, data, acl, parentCversion);
                break;
            case OpCode.CREATE_TTL:
                txn = new Txn.CreateTtl(path, data, acl, parentCversion, ttlMillis);
                break;
            default:
                txn = new Txn.Create(path, data, acl, ephemeral, parentCversion);
                break;
        }
        return new Prepared.Accepted(op, txn);
    }

    private void putParent(String parentPath, PendingNode parent, int cversion, long zxid) {
        StoredStat old = parent.requireStat();
        StoredStat stat = new StoredStat(
                old.czxid(),
                old.mzxid(),
                old.ctime(),
                old.mtime(),
                old.version(),
                cversion,
                old.aversion(),
                old.ephemeralOwner(),
                zxid);
        String key = parentPath.isEmpty() ? ZnodePath.ROOT : parentPath;
        pending.put(
                key,
                parent,
                new PendingNode(
                        zxid,
                        stat,
                        parent.childCount() + 1,
                        parent.acl(),
                        parent.data(),
                        TreeDigest.ofNode(key, parent.data(), stat),
                        parent.place()));
    }

    private static long ownerOf(int op, boolean ephemeral, long ttlMillis, long sessionId) {
        switch (op) {
            case OpCode.CREATE_CONTAINER:
                return OwnerKind.CONTAINER_OWNER;
            case OpCode.CREATE_TTL:
                return OwnerKind.ownerOfTtl(ttlMillis);
            default:
                return ephemeral ? sessionId : 0;
        }
    }

    private static boolean isSequential(int flags) {
        return flags == PERSISTENT_SEQUENTIAL || flags == EPHEMERAL_SEQUENTIAL || flags == TTL_SEQUENTIAL;
    }

    /** {@code %010d}, written out because creates of sequential nodes are what locks and queues are made of. */
    static String suffix(int counter) {
        String digits = Long.toString(Math.abs((long) counter));
        int width = counter < 0 ? 9 : 10;
        return (counter < 0 ? "-" : "") + "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
