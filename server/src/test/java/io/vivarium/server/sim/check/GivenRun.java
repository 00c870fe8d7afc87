/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import io.vivarium.server.sim.client.Operation;
import io.vivarium.server.sim.client.Reply;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A run written by hand: sessions 1 and 2 on connections 1 and 2, server 1 that applies, a clock that stands still. */
final class GivenRun {
    static final long SECOND = 1_000_000_000L;

    long nowNanos;
    final Checks checks = new Checks(42, () -> nowNanos, new OwnerKind.Rules(true, false), SyncPromise.ALWAYS);
    private final Map<Integer, Integer> lastXid = new HashMap<>();
    private long lastZxid = Zxid.of(1, 0);

    GivenRun() {
        for (int client = 1; client <= 2; client++) {
            commit(client, 0, OpCode.CREATE_SESSION, new Txn.CreateSession(4_000));
            checks.connected(client, client, client, 1);
        }
    }

    long lastZxid() {
        return lastZxid;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Operation sent(int client, int op, ClientRequest body) {
        int xid = lastXid.merge(client, 1, Integer::sum);
        Operation operation = new Operation(client, client, client, xid, op, body, nowNanos);
        checks.invoked(operation);
        return operation;
    }

    Operation creation(int client, String path, int flags) {
        return sent(client, OpCode.CREATE, new ClientRequest.Create(path, bytes("x"), Acl.OPEN, flags));
    }

    Operation change(int client, String path, String data) {
        return sent(client, OpCode.SET_DATA, new ClientRequest.SetData(path, bytes(data), -1));
    }

    Operation read(int client, String path, boolean watch) {
        return sent(client, OpCode.GET_DATA, new ClientRequest.Read(path, watch));
    }

    LoggedTxn txn(long zxid, long session, int cxid, int type, Txn body) {
        return new LoggedTxn(new TxnHeader(session, cxid, zxid, 1_000, type), body, null);
    }

    void commit(long session, int cxid, int type, Txn body) {
        checks.applied(1, txn(++lastZxid, session, cxid, type, body));
    }

    /** Commits what was asked, as an honest leader would. */
    void commit(Operation operation) {
        if (operation.body() instanceof ClientRequest.Create create) {
            boolean ephemeral = create.flags() == 1;
            commit(operation, new Txn.Create(create.path(), create.data(), create.acl(), ephemeral, 1));
        } else if (operation.body() instanceof ClientRequest.SetData set) {
            commit(operation, new Txn.SetData(set.path(), set.data(), 1));
        } else if (operation.op() == OpCode.CLOSE_SESSION) {
            commit(operation, new Txn.CloseSession(null));
        }
    }

    void commit(Operation operation, Txn body) {
        int type = body instanceof Txn.Refusal ? OpCode.ERROR : operation.op();
        commit(operation.sessionId(), operation.xid(), type, body);
    }

    /** Creates a node with the data {@code x}, from the request to the answer. */
    void exists(String path) {
        Operation creation = creation(1, path, 0);
        commit(creation);
        answerPath(creation, path);
    }

    void answer(Operation operation, Reply reply) {
        operation.answered(reply);
        checks.answered(operation);
    }

    void answerPath(Operation operation, String path) {
        answer(operation, new Reply(lastZxid, 0, path, null, null, null, null, 0, List.of()));
    }

    void answerError(Operation operation, int error) {
        answer(operation, Reply.header(lastZxid, error));
    }

    /** The data of a read, with the stat of the model as it was at {@code zxid}. */
    void answerData(Operation operation, long zxid, String data) {
        Stat stat = stat(((ClientRequest.Read) operation.body()).path(), zxid);
        answer(operation, new Reply(zxid, 0, null, stat, bytes(data), null, null, 0, List.of()));
    }

    Stat stat(String path, long zxid) {
        ModelTree tree = checks.history().tree();
        ModelNode node = tree.at(path, zxid);
        if (node == null) {
            throw new IllegalArgumentException("there is no " + path + " at " + Zxid.toString(zxid));
        }
        return node.shown(tree.rules());
    }

    void hears(int client, long zxid, int type, String path) {
        checks.notified(client, client, zxid, WatchEvent.of(type, path));
    }
}
