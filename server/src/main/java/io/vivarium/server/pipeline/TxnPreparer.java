/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnDigest;
import io.vivarium.protocol.txn.TxnHeader;
import io.vivarium.server.auth.AccessCheck;
import io.vivarium.server.auth.AclFixUp;
import io.vivarium.server.tree.Foreseen;
import io.vivarium.server.tree.QuotaIndex;
import io.vivarium.server.tree.TreeView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a write request into a transaction (spec quorum 9.2, client-protocol 5.3).
 *
 * <p>Thread: {@code core}. A pure function of the tree, the pending changes, the request and the time given. Each call
 * uses up one zxid, whether the request is accepted or refused: a refusal becomes a transaction too, so that every
 * server counts alike.
 */
public final class TxnPreparer {
    private static final Logger LOG = LoggerFactory.getLogger(TxnPreparer.class);

    private final PendingChanges pending;
    private final CreateRules creates;
    private final ChangeRules changes;
    private final PrepareConfig config;
    private long lastZxid;
    private @Nullable Foreseen foreseen;

    public TxnPreparer(TreeView tree, AccessCheck access, AclFixUp aclFixUp, QuotaIndex quotas, PrepareConfig config) {
        this.pending = new PendingChanges(tree, config.ownerRules());
        this.creates = new CreateRules(pending, access, aclFixUp, quotas, config);
        this.changes = new ChangeRules(pending, access, aclFixUp, quotas, config);
        this.config = config;
        this.lastZxid = tree.lastZxid();
    }

    /** The zxid of the last transaction prepared, or where counting starts. */
    public long lastZxid() {
        return lastZxid;
    }

    /** What is known of the effect of the last transaction prepared, for those who apply it here. */
    @Nullable
    Foreseen foreseen() {
        return foreseen;
    }

    /**
     * Prepares one request.
     *
     * @param standing what its session may not do
     * @param timeMillis wall clock, milliseconds
     */
    LoggedTxn prepare(WriteRequest request, SessionStanding standing, long timeMillis) {
        long zxid = ++lastZxid;
        Preparation p =
                new Preparation(request.sessionId(), request.identities(), zxid, timeMillis, standing.ephemeralFault());
        Prepared outcome;
        try {
            outcome = prepareBody(request, standing.fault(), p);
        } catch (RuntimeException e) {
            // Our fault, and this request alone has to bear it (spec client-protocol 5.2, step 8).
            LOG.error("{} of session 0x{} fails", OpCode.name(request.op()), Long.toHexString(request.sessionId()), e);
            pending.rollBack(zxid);
            outcome = Prepared.refused(ErrorCode.MARSHALLING_ERROR);
        }
        if (outcome instanceof Prepared.Accepted accepted) {
            foreseen = accepted.foreseen();
            TxnHeader header = new TxnHeader(request.sessionId(), request.xid(), zxid, timeMillis, accepted.type());
            TxnDigest digest = config.digests() ? new TxnDigest(TxnDigest.VERSION, pending.digest()) : null;
            return new LoggedTxn(header, accepted.body(), digest);
        }
        return refusal(request, ((Prepared.Refused) outcome).code(), timeMillis);
    }

    /**
     * Takes the last prepared transaction back and refuses its request instead: it turned out to be longer than any
     * reader would take, because lists were expanded.
     */
    public LoggedTxn refuseLast(WriteRequest request, long timeMillis) {
        pending.rollBack(lastZxid);
        return refusal(request, ErrorCode.BAD_ARGUMENTS, timeMillis);
    }

    private LoggedTxn refusal(WriteRequest request, ErrorCode code, long timeMillis) {
        foreseen = null;
        TxnHeader header = new TxnHeader(request.sessionId(), request.xid(), lastZxid, timeMillis, OpCode.ERROR);
        return new LoggedTxn(header, new Txn.Refusal(code.code()), null);
    }

    /** Counting goes on behind {@code zxid}, and nothing is pending: the tree was filled or followed by others. */
    void restart(long zxid) {
        pending.clear();
        lastZxid = zxid;
    }

    /** How many changes of nodes are prepared and not applied. */
    public int pendingChanges() {
        return pending.size();
    }

    /** The tree has caught up with {@code zxid}. */
    public void applied(long zxid) {
        pending.applied(zxid);
    }

    private Prepared prepareBody(WriteRequest request, @Nullable ErrorCode sessionFault, Preparation p) {
        ClientRequest body = request.body();
        int op = request.op();
        if (body == null) {
            return Prepared.refused(ErrorCode.MARSHALLING_ERROR);
        }
        if (op == OpCode.RECONFIG && !config.reconfigEnabled()) {
            return Prepared.refused(ErrorCode.RECONFIG_DISABLED);
        }
        if (body instanceof ClientRequest.Create || body instanceof ClientRequest.CreateTtl) {
            ErrorCode fault = creates.checkFlags(op, body);
            if (fault != null) {
                return Prepared.refused(fault);
            }
        }
        if (sessionFault != null) {
            return Prepared.refused(sessionFault);
        }
        switch (op) {
            case OpCode.MULTI:
                return multi((ClientRequest.Multi) body, p);
            case OpCode.CREATE_SESSION:
                return new Prepared.Accepted(
                        op, new Txn.CreateSession(((ClientRequest.CreateSession) body).timeoutMillis()));
            case OpCode.CLOSE_SESSION:
                return changes.closeSession(p);
            case OpCode.DELETE_CONTAINER:
                String path = ((ClientRequest.PathOnly) body).path();
                return path == null ? Prepared.refused(ErrorCode.MARSHALLING_ERROR) : changes.deleteContainer(path, p);
            case OpCode.SET_ACL:
                return changes.setAcl((ClientRequest.SetAcl) body, p);
            case OpCode.RECONFIG:
                // A single server has no ensemble to change (spec 5.3.7).
                return Prepared.refused(ErrorCode.UNIMPLEMENTED);
            default:
                return single(op, body, p);
        }
    }

    /** The operations that may also be part of a multi. */
    private Prepared single(int op, ClientRequest body, Preparation p) {
        switch (op) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL:
                if (p.ephemeralFault() != null && CreateRules.isEphemeral(body)) {
                    return Prepared.refused(p.ephemeralFault());
                }
                return creates.prepare(op, body, p);
            case OpCode.DELETE:
                ClientRequest.Delete delete = (ClientRequest.Delete) body;
                return changes.delete(delete.path(), delete.version(), p);
            case OpCode.SET_DATA:
                return changes.setData((ClientRequest.SetData) body, p);
            case OpCode.CHECK:
                return changes.check((ClientRequest.Check) body, p);
            default:
                throw new IllegalArgumentException(OpCode.name(op) + " is not a write");
        }
    }

    /**
     * All or nothing (spec client-protocol 4.3, persistence 3.4): after the first refusal the parts before it are
     * taken back but keep their bodies in the transaction, those behind it count as refused unseen.
     */
    private Prepared multi(ClientRequest.Multi request, Preparation p) {
        List<Txn.Part> parts = new ArrayList<>(request.parts().size());
        boolean refused = false;
        for (ClientRequest.Part part : request.parts()) {
            if (refused) {
                parts.add(refusal(ErrorCode.RUNTIME_INCONSISTENCY));
                continue;
            }
            Prepared outcome = part(part, p);
            if (outcome instanceof Prepared.Accepted accepted) {
                parts.add(new Txn.Part(accepted.type(), accepted.body()));
            } else {
                refused = true;
                pending.rollBack(p.zxid());
                parts.add(refusal(((Prepared.Refused) outcome).code()));
            }
        }
        return new Prepared.Accepted(OpCode.MULTI, new Txn.Multi(parts));
    }

    private Prepared part(ClientRequest.Part part, Preparation p) {
        ClientRequest body = part.body();
        if (body instanceof ClientRequest.Create || body instanceof ClientRequest.CreateTtl) {
            ErrorCode fault = creates.checkFlags(part.op(), body);
            if (fault != null) {
                return Prepared.refused(fault);
            }
        }
        return single(part.op(), body, p);
    }

    private static Txn.Part refusal(ErrorCode code) {
        return new Txn.Part(OpCode.ERROR, new Txn.Refusal(code.code()));
    }
}
