/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Prepares random transactions against a {@link NaiveTree} as a leader would, and applies them to it. */
final class RandomHistory {
    private static final List<String> NAMES = List.of("a", "b", "c", "n0000000001", "éclair", "日本", "x y");
    private static final List<List<Acl>> ACLS = List.of(
            Acl.OPEN,
            Acl.READ_ONLY,
            List.of(new Acl(31, new Id("digest", "u:h"))),
            List.of(new Acl(1, Id.ANYONE), new Acl(16, new Id("ip", "127.0.0.1"))));

    /** What a closeSession says of the session's ephemerals. */
    enum Closes {
        /** All of them, as since 3.6. */
        LISTED,
        /** Nothing or all of them, as logs of older servers mix. */
        MIXED
    }

    final NaiveTree model;
    private final Closes closes;
    private final Random random;
    private long zxid;
    private long nextSession = 0x100000000000000L;

    RandomHistory(long seed, OwnerKind.Rules rules, Closes closes) {
        this.closes = closes;
        this.random = new Random(seed);
        this.model = new NaiveTree(rules);
    }

    List<LoggedTxn> next(int count) {
        List<LoggedTxn> txns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            txns.add(next());
        }
        return txns;
    }

    LoggedTxn next() {
        zxid += zxid % 97 == 96 ? 0x1_0000_0000L : 1;
        int dice = random.nextInt(100);
        if (model.sessions.isEmpty() || dice < 3) {
            return apply(header(nextSession++, OpCode.CREATE_SESSION), new Txn.CreateSession(4000 + dice));
        }
        long session = pick(List.copyOf(model.sessions.keySet()));
        if (dice < 6) {
            List<String> paths = closes == Closes.MIXED && random.nextBoolean() ? null : model.ephemeralsOf(session);
            return apply(header(session, OpCode.CLOSE_SESSION), new Txn.CloseSession(paths));
        }
        if (dice < 12) {
            return apply(header(session, OpCode.ERROR), new Txn.Refusal(-101));
        }
        if (dice < 14) {
            List<Txn.Part> parts = List.of(
                    new Txn.Part(OpCode.DELETE, new Txn.Delete("/zookeeper")),
                    new Txn.Part(OpCode.ERROR, new Txn.Refusal(-111)));
            return apply(header(session, OpCode.MULTI), new Txn.Multi(parts));
        }
        if (dice < 22) {
            return multi(session);
        }
        Txn.Part one = single();
        return apply(header(session, one.type()), one.body());
    }

    private LoggedTxn multi(long session) {
        TxnHeader header = header(session, OpCode.MULTI);
        List<Txn.Part> parts = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            Txn.Part part = single();
            parts.add(part);
            // Applied at once, so that the next part is prepared behind it.
            model.apply(new TxnHeader(session, 1, zxid, header.timeMillis(), part.type()), part.body());
        }
        model.apply(header, new Txn.Refusal(0));
        return new LoggedTxn(header, new Txn.Multi(parts), null);
    }

    private Txn.Part single() {
        List<String> paths = model.nodes.keySet().stream()
                .filter(path -> !path.startsWith("/zookeeper"))
                .toList();
        String path = pick(paths);
        int dice = random.nextInt(10);
        if (dice < 2 && !path.equals("/")) {
            return setData(path);
        }
        if (dice == 2) {
            int aversion = model.nodes.get(path).stat().aversion();
            return new Txn.Part(OpCode.SET_ACL, new Txn.SetAcl(path, pick(ACLS), aversion + 1));
        }
        if (dice < 6 && !path.equals("/") && model.childNames(path).isEmpty()) {
            return new Txn.Part(random.nextBoolean() ? OpCode.DELETE : OpCode.DELETE_CONTAINER, new Txn.Delete(path));
        }
        if (dice == 6) {
            return new Txn.Part(OpCode.CHECK, new Txn.Check(path, 1));
        }
        return create(path);
    }

    private Txn.Part create(String wantedParent) {
        String parent = wantedParent;
        while (model.kindOf(parent) == OwnerKind.EPHEMERAL || parent.split("/").length > 4) {
            parent = NaiveTree.parentOf(parent);
        }
        if (random.nextInt(12) == 0) {
            String quota = quotaStep();
            if (quota != null) {
                return newNode(quota, OpCode.CREATE, false);
            }
        }
        String path = (parent.equals("/") ? "" : parent) + "/" + pick(NAMES);
        if (model.nodes.containsKey(path)) {
            return setData(path);
        }
        int type =
                pick(List.of(OpCode.CREATE, OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL));
        return newNode(path, type, random.nextInt(3) == 0);
    }

    /** The next missing node of a quota on /a, in the order in which clients make them; null if all are there. */
    private String quotaStep() {
        for (String path : List.of(
                "/zookeeper/quota/a", "/zookeeper/quota/a/zookeeper_limits", "/zookeeper/quota/a/zookeeper_stats")) {
            if (!model.nodes.containsKey(path)) {
                return path;
            }
        }
        return null;
    }

    private Txn.Part newNode(String path, int type, boolean ephemeral) {
        int cversion = model.nodes.get(NaiveTree.parentOf(path)).stat().cversion() + 1;
        byte[] data = data();
        List<Acl> acl = pick(ACLS);
        switch (type) {
            case OpCode.CREATE_CONTAINER:
                return new Txn.Part(type, new Txn.CreateContainer(path, data, acl, cversion));
            case OpCode.CREATE_TTL:
                return new Txn.Part(type, new Txn.CreateTtl(path, data, acl, cversion, 1 + random.nextInt(1000)));
            default:
                return new Txn.Part(type, new Txn.Create(path, data, acl, ephemeral, cversion));
        }
    }

    private Txn.Part setData(String path) {
        return new Txn.Part(
                OpCode.SET_DATA,
                new Txn.SetData(path, data(), model.nodes.get(path).stat().version() + 1));
    }

    private byte[] data() {
        int dice = random.nextInt(10);
        return dice == 0 ? null : "x".repeat(dice == 1 ? 0 : random.nextInt(40)).getBytes(StandardCharsets.UTF_8);
    }

    private TxnHeader header(long session, int type) {
        return new TxnHeader(session, 1, zxid, 1_700_000_000_000L + random.nextInt(1000), type);
    }

    private LoggedTxn apply(TxnHeader header, Txn body) {
        model.apply(header, body);
        return new LoggedTxn(header, body, null);
    }

    private <T> T pick(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }
}
