/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.server.auth.AccessCheck;
import io.vivarium.server.auth.AclFixUp;
import io.vivarium.server.auth.AuthConfig;
import io.vivarium.server.auth.AuthSchemes;
import io.vivarium.server.auth.Identities;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.SessionTable;
import io.vivarium.server.tree.ApplyResult;
import io.vivarium.server.tree.ChangeListener;
import io.vivarium.server.tree.Foreseen;
import io.vivarium.server.tree.TreeConfig;
import io.vivarium.server.tree.TreeLoader;
import io.vivarium.server.tree.TxnApplier;
import io.vivarium.server.tree.ZnodeTree;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fresh tree, and a preparer and an applier around it: no thread, no disk, no client. */
final class GivenTree {
    static final long SESSION = 0x100000000000001L;
    static final long OTHER_SESSION = 0x100000000000002L;
    static final long WALL_MILLIS = 1_700_000_000_000L;
    static final OwnerKind.Rules RULES = new OwnerKind.Rules(true, false);
    static final PrepareConfig CONFIG = new PrepareConfig(RULES, true, false, true, true, 1 << 20);
    static final Identities CALLER = Identities.ofPeer("127.0.0.1");

    final ZnodeTree tree = new ZnodeTree(new TreeConfig(RULES, true));
    final SessionTable sessions = new SessionTable();
    final ExpiryBuckets expiry = new ExpiryBuckets(100);
    final SessionKeeper keeper = new SessionKeeper(sessions, expiry);
    final TxnApplier applier = new TxnApplier(tree, keeper);
    final AuthSchemes schemes = AuthSchemes.of(AuthConfig.DEFAULT);
    final AccessCheck access = new AccessCheck(schemes, AuthConfig.DEFAULT);
    final TxnPreparer preparer;

    GivenTree() {
        this(CONFIG);
    }

    GivenTree(PrepareConfig config) {
        new TreeLoader(tree, applier, keeper).fresh();
        preparer = new TxnPreparer(tree, access, new AclFixUp(schemes), tree.quotas(), config);
    }

    LoggedTxn prepare(long session, int op, ClientRequest body) {
        return preparer.prepare(
                new WriteRequest(null, session, 1, op, body, CALLER, 0, List.of()), SessionStanding.GOOD, WALL_MILLIS);
    }

    LoggedTxn prepare(int op, ClientRequest body) {
        return prepare(SESSION, op, body);
    }

    ApplyResult apply(LoggedTxn txn) {
        return apply(txn, null);
    }

    ApplyResult apply(LoggedTxn txn, @Nullable Foreseen foreseen) {
        ApplyResult result = applier.apply(txn.header(), txn.body(), foreseen, ChangeListener.NONE);
        preparer.applied(txn.zxid());
        return result;
    }

    /** Prepares and applies. */
    ApplyResult does(int op, ClientRequest body) {
        return apply(prepare(op, body));
    }

    /** The refusal a request would get; 0 if it would be accepted. */
    int refusalOf(int op, ClientRequest body) {
        return codeOf(prepare(op, body));
    }

    static int codeOf(LoggedTxn txn) {
        return txn.body() instanceof Txn.Refusal refusal ? refusal.code() : 0;
    }

    // ---- Requests ---------------------------------------------------------------------------------------------

    static ClientRequest.Create creation(String path) {
        return creation(path, 0);
    }

    static ClientRequest.Create creation(String path, int flags) {
        return new ClientRequest.Create(path, bytes(""), Acl.OPEN, flags);
    }

    static ClientRequest.SetData setData(String path, String data, int version) {
        return new ClientRequest.SetData(path, bytes(data), version);
    }

    static ClientRequest.Part part(int op, ClientRequest body) {
        return new ClientRequest.Part(op, body);
    }

    static ClientRequest.Multi multi(ClientRequest.Part... parts) {
        return new ClientRequest.Multi(Arrays.asList(parts));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    GivenTree with(String... paths) {
        for (String path : paths) {
            does(OpCode.CREATE, creation(path));
        }
        return this;
    }
}
