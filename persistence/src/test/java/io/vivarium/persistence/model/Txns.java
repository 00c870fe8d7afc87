/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.model;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnDigest;
import io.vivarium.protocol.txn.TxnHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes transactions that fit a {@link NaiveTree}, as a leader would. Thread: one. */
public final class Txns {
    private static final int MAX_DATA_BYTES = 200;

    private final RandomGenerator dice;

    public Txns(RandomGenerator dice) {
        this.dice = dice;
    }

    public static byte[] bytes(LoggedTxn txn) {
        JuteWriter out = new JuteWriter(256);
        txn.write(out);
        return out.toByteArray();
    }

    /** A create of {@code /n<zxid>} with its digest left out. */
    public static LoggedTxn create(long zxid, byte[] data) {
        return new LoggedTxn(
                new TxnHeader(1, (int) zxid, zxid, 1_700_000_000_000L + zxid, OpCode.CREATE),
                new Txn.Create("/n" + Long.toHexString(zxid), data, Acl.OPEN, false, -1),
                null);
    }

    /** The next transaction, applied to the tree already, its digest attached. */
    public LoggedTxn next(NaiveTree tree, long zxid) {
        long session = 0x100L + dice.nextInt(3);
        Txn body;
        int type;
        List<String> paths = new ArrayList<>(tree.nodes().keySet());
        paths.removeIf(path -> path.startsWith("/zookeeper"));
        String path = paths.get(dice.nextInt(paths.size()));
        boolean leaf = !path.equals("/") && tree.children(path).isEmpty();
        switch (dice.nextInt(leaf ? 10 : 9)) {
            case 0:
                type = OpCode.CREATE_SESSION;
                body = new Txn.CreateSession(10_000 + dice.nextInt(1000));
                break;
            case 1:
                type = OpCode.CLOSE_SESSION;
                body = new Txn.CloseSession(
                        new ArrayList<>(tree.ephemerals().getOrDefault(session, new java.util.TreeSet<>())));
                break;
            case 2:
                type = OpCode.ERROR;
                body = new Txn.Refusal(-101);
                break;
            case 3:
                type = OpCode.SET_DATA;
                body = new Txn.SetData(path, data(), tree.node(path).version + 1);
                break;
            case 4:
                type = OpCode.SET_ACL;
                body = new Txn.SetAcl(
                        path,
                        List.of(new Acl(1 + dice.nextInt(31), new Id("digest", "u" + dice.nextInt(4)))),
                        tree.node(path).aversion + 1);
                break;
            case 9:
                type = OpCode.DELETE;
                body = new Txn.Delete(path);
                break;
            default:
                boolean ephemeral = tree.sessions().containsKey(session) && dice.nextInt(3) == 0;
                String parent = tree.node(path).owner == 0 ? path : "/";
                type = dice.nextBoolean() ? OpCode.CREATE : OpCode.CREATE2;
                body = new Txn.Create(
                        (parent.equals("/") ? "" : parent) + "/n" + Long.toHexString(zxid),
                        data(),
                        Acl.OPEN,
                        ephemeral,
                        tree.node(parent).cversion + 1);
        }
        LoggedTxn txn = new LoggedTxn(new TxnHeader(session, 7, zxid, 1_700_000_000_000L + zxid, type), body, null);
        tree.apply(txn);
        return new LoggedTxn(txn.header(), body, new TxnDigest(TxnDigest.VERSION, tree.treeDigest()));
    }

    private byte[] data() {
        byte[] data = new byte[dice.nextInt(MAX_DATA_BYTES)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) dice.nextInt();
        }
        return data;
    }
}
