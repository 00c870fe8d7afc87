/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules of spec persistence 3.6 and traps of its section 8, one by one. */
class TxnApplierTest {
    private static final long SESSION = 0x1000L;
    private static final List<Acl> MINE = List.of(new Acl(Acl.ALL, new Id("digest", "me:x")));

    private final RecordedSessions sessions = new RecordedSessions();
    private ZnodeTree tree = new ZnodeTree(TreeConfig.DEFAULT);
    private TxnApplier applier = new TxnApplier(tree, sessions);
    private final List<String> heard = new ArrayList<>();
    private long zxid;

    private final ChangeListener listener = new ChangeListener() {
        @Override
        public void created(String path, Znode node, String parentPath, Znode parent) {
            heard.add("created " + path + " " + tree.acl(node).size() + " below " + parentPath + " "
                    + parent.childCount());
        }

        @Override
        public void deleted(String path, Znode last, String parentPath, Znode parent) {
            heard.add("deleted " + path + " " + tree.acl(last) + " below " + parentPath + " " + parent.childCount());
        }

        @Override
        public void dataChanged(String path, Znode node) {
            heard.add("changed " + path + " " + node.version());
        }
    };

    @Test
    void aCreateShowsInTheParentAndNowhereElse() {
        create("/a");
        ApplyResult result = create("/a/b");
        assertThat(result.path()).isEqualTo("/a/b");
        assertThat(result.error()).isZero();
        assertThat(tree.find("/a/b").czxid()).isEqualTo(2);
        Znode parent = tree.find("/a");
        assertThat(parent.cversion()).isEqualTo(1);
        assertThat(parent.pzxid()).isEqualTo(2);
        assertThat(parent.mzxid()).isEqualTo(1);
        assertThat(tree.find("/").pzxid()).isEqualTo(1);
    }

    @Test
    void theStatOfAResultStaysAsItWasThen() {
        create("/a");
        ApplyResult changed = setData("/a", "first", 1);
        create("/a/b");
        // Of the same size, so that it is written over the state that the result tells of.
        setData("/a", "later", 2);
        assertThat(changed.stat().numChildren()).isZero();
        assertThat(changed.stat().version()).isEqualTo(1);
        assertThat(tree.find("/a").stat().version()).isEqualTo(2);
    }

    @Test
    void aReplayedPlainCreateRaisesTheParentAndTakesOverTheAcl() {
        create("/a");
        create("/a/b");
        tree.create("/a/b", null, MINE, 0, 7, 9, 0);
        assertThat(tree.find("/a").cversion()).isEqualTo(1);
        apply(OpCode.CREATE2, new Txn.Create("/a/b", null, Acl.OPEN, false, 7));
        assertThat(tree.find("/a").cversion()).isEqualTo(1);
        ApplyResult result = apply(OpCode.CREATE, new Txn.Create("/a/b", null, MINE, false, 7));
        assertThat(result.error()).isEqualTo(-110);
        assertThat(tree.find("/a").cversion()).isEqualTo(7);
        assertThat(tree.find("/a").pzxid()).isEqualTo(zxid);
        assertThat(tree.acl(tree.find("/a/b"))).isEqualTo(MINE);
        assertThat(tree.find("/a/b").data()).isNotNull();
    }

    @Test
    void anOldCreateWithoutParentCversionCountsOneUp() {
        apply(OpCode.CREATE, new Txn.Create("/a", null, Acl.OPEN, false, -1));
        assertThat(tree.find("/").cversion()).isEqualTo(1);
    }

    @Test
    void aParentThatKnowsMoreCreatesAlreadyIsLeftAlone() {
        create("/a");
        apply(OpCode.CREATE, new Txn.Create("/a/late", null, Acl.OPEN, false, 0));
        assertThat(tree.find("/a").pzxid()).isEqualTo(1);
        assertThat(tree.find("/a").childCount()).isEqualTo(1);
    }

    @Test
    void whatIsMissingIsNoNode() {
        assertThat(create("/x/y").error()).isEqualTo(-101);
        assertThat(setData("/x", "", 1).error()).isEqualTo(-101);
        assertThat(apply(OpCode.SET_ACL, new Txn.SetAcl("/x", MINE, 1)).error()).isEqualTo(-101);
        assertThat(delete("/x/y").error()).isEqualTo(-101);
        assertThat(create("/").error()).isEqualTo(-110);
        assertThat(tree.nodeCount()).isEqualTo(4);
        assertThat(tree.acls().size()).isEqualTo(1);
        assertThat(tree.lastZxid()).isEqualTo(5);
    }

    @Test
    void aDeleteOfAMissingNodeStillRaisesTheParent() {
        create("/a");
        assertThat(delete("/a/gone").error()).isEqualTo(-101);
        assertThat(tree.find("/a").pzxid()).isEqualTo(2);
        tree.delete("/a/gone", 1);
        assertThat(tree.find("/a").pzxid()).isEqualTo(2);
    }

    @Test
    void nullAndEmptyDataAreKeptApart() {
        apply(OpCode.CREATE, new Txn.Create("/null", null, Acl.OPEN, false, 1));
        apply(OpCode.CREATE, new Txn.Create("/empty", new byte[0], Acl.OPEN, false, 2));
        assertThat(tree.find("/null").data()).isNull();
        assertThat(tree.find("/empty").data()).isEmpty();
        assertThat(tree.find("/null").stat().dataLength()).isZero();
    }

    @Test
    void setAclChangesNeitherZxidNorTime() {
        create("/a");
        ApplyResult result = apply(OpCode.SET_ACL, new Txn.SetAcl("/a", MINE, 5));
        assertThat(result.stat().aversion()).isEqualTo(5);
        assertThat(result.stat().mzxid()).isEqualTo(1);
        assertThat(result.stat().mtime()).isEqualTo(result.stat().ctime());
        assertThat(tree.acl(tree.find("/a"))).isEqualTo(MINE);
    }

    @Test
    void listenersHearInOrderAndCanStillResolveTheAclOfADeletedNode() {
        apply(OpCode.CREATE, new Txn.Create("/a", null, MINE, false, 1));
        setData("/a", "x", 1);
        delete("/a");
        assertThat(heard)
                .containsExactly("created /a 1 below / 2", "changed /a 1", "deleted /a " + MINE + " below / 1");
        assertThat(tree.acls().size()).isEqualTo(1);
    }

    @Test
    void aRefusedMultiChangesNothingAndReportsEveryPart() {
        Txn.Multi multi = new Txn.Multi(List.of(
                new Txn.Part(OpCode.CREATE, new Txn.Create("/m", null, Acl.OPEN, false, 1)),
                new Txn.Part(OpCode.ERROR, new Txn.Refusal(-103)),
                new Txn.Part(OpCode.ERROR, new Txn.Refusal(-2))));
        ApplyResult result = apply(OpCode.MULTI, multi);
        assertThat(result.error()).isZero();
        assertThat(result.refused()).isTrue();
        assertThat(result.parts()).extracting(ApplyResult::error).containsExactly(0, -103, -2);
        assertThat(tree.find("/m")).isNull();
        assertThat(tree.lastZxid()).isEqualTo(1);
        assertThat(heard).isEmpty();
    }

    @Test
    void aMultiReportsEachPartWithTheStatOfItsMoment() {
        ApplyResult result = apply(
                OpCode.MULTI,
                new Txn.Multi(List.of(
                        new Txn.Part(OpCode.CREATE2, new Txn.Create("/m", null, Acl.OPEN, false, 1)),
                        new Txn.Part(OpCode.SET_DATA, new Txn.SetData("/m", new byte[3], 1)),
                        new Txn.Part(OpCode.CHECK, new Txn.Check("/m", 2)),
                        new Txn.Part(OpCode.DELETE, new Txn.Delete("/m")))));
        assertThat(result.refused()).isFalse();
        assertThat(result.parts()).extracting(ApplyResult::type).containsExactly(15, 5, 13, 2);
        assertThat(result.parts().get(0).stat().version()).isZero();
        assertThat(result.parts().get(1).stat().version()).isEqualTo(1);
        assertThat(tree.find("/m")).isNull();
        assertThat(heard).hasSize(3);
    }

    @Test
    void closingASessionDeletesTheListedPathsFirstAndThenWhatIsLeft() {
        apply(OpCode.CREATE_SESSION, new Txn.CreateSession(4000));
        assertThat(sessions.timeouts()).containsEntry(SESSION, 4000);
        for (String name : List.of("/e1", "/e2", "/e3")) {
            apply(OpCode.CREATE, new Txn.Create(name, null, Acl.OPEN, true, -1));
        }
        heard.clear();
        apply(OpCode.CLOSE_SESSION, new Txn.CloseSession(List.of("/e3", "/never")));
        assertThat(heard.get(0)).startsWith("deleted /e3");
        assertThat(heard).hasSize(3);
        assertThat(tree.ephemeralsOf(SESSION)).isEmpty();
        assertThat(sessions.timeouts()).isEmpty();
        assertThat(tree.find("/").pzxid()).isEqualTo(zxid);
    }

    @Test
    void aCloseSessionWithoutListDeletesTheEphemeralsTheTreeKnows() {
        apply(OpCode.CREATE, new Txn.Create("/e", null, Acl.OPEN, true, -1));
        apply(OpCode.CLOSE_SESSION, new Txn.CloseSession(null));
        assertThat(tree.find("/e")).isNull();
    }

    @Test
    void ttlNodesAreTtlNodesOnlyWithExtendedTypesOn() {
        long owner = OwnerKind.ownerOfTtl(1000);
        apply(OpCode.CREATE_TTL, new Txn.CreateTtl("/t", null, Acl.OPEN, 1, 1000));
        assertThat(tree.find("/t").kind()).isEqualTo(OwnerKind.EPHEMERAL);
        assertThat(applier.ownersWithoutSession(Set.of())).containsExactly(owner);
        applier.removeEphemeralsOf(owner);
        assertThat(tree.find("/t")).isNull();

        tree = new ZnodeTree(new TreeConfig(new OwnerKind.Rules(true, false), true));
        applier = new TxnApplier(tree, sessions);
        apply(OpCode.CREATE_TTL, new Txn.CreateTtl("/t", null, Acl.OPEN, 1, 1000));
        assertThat(tree.find("/t").kind()).isEqualTo(OwnerKind.TTL);
        assertThat(tree.find("/t").owner()).isEqualTo(owner);
        assertThat(tree.find("/t").stat().ephemeralOwner()).isZero();
        assertThat(applier.ownersWithoutSession(Set.of())).isEmpty();
    }

    @Test
    void ephemeralsOfDeadSessionsGoWithoutATransaction() {
        create("/p");
        apply(OpCode.CREATE, new Txn.Create("/p/e", null, Acl.OPEN, true, -1));
        long before = tree.lastZxid();
        assertThat(applier.ownersWithoutSession(Set.of(SESSION))).isEmpty();
        assertThat(applier.ownersWithoutSession(Set.of())).containsExactly(SESSION);
        applier.resetLastZxid(before + 10);
        applier.removeEphemeralsOf(SESSION);
        assertThat(tree.lastZxid()).isEqualTo(before + 10);
        assertThat(tree.find("/p").pzxid()).isEqualTo(before + 10);
        assertThat(tree.find("/p/e")).isNull();
    }

    @Test
    void reconfigIsASetDataOfTheConfiguration() {
        ApplyResult result = apply(OpCode.RECONFIG, new Txn.SetData("/zookeeper/config", new byte[] {1}, -1));
        assertThat(result.stat().version()).isEqualTo(-1);
        assertThat(result.stat().mzxid()).isEqualTo(1);
        assertThat(result.data()).containsExactly(1);
        assertThat(heard).containsExactly("changed /zookeeper/config -1");
        delete("/zookeeper/config");
        applier.putConfig(new byte[] {2}, 0x100000000L, 77);
        Znode config = tree.find("/zookeeper/config");
        assertThat(config.stat().mzxid()).isEqualTo(0x100000000L);
        assertThat(config.mtime()).isEqualTo(77);
        assertThat(config.version()).isEqualTo(-1);
        assertThat(config.aversion()).isEqualTo(-1);
        assertThat(tree.acl(config)).isEqualTo(Acl.READ_ONLY);
    }

    @Test
    void namesOutsideAsciiAreFoundListedAndDeleted() {
        create("/naïve");
        create("/naïve/日本語");
        JuteWriter out = new JuteWriter(64);
        tree.find("/naïve").writeChildNames(out);
        assertThat(new JuteReader(out.view(), 1000).readVector(JuteReader::readString))
                .isEqualTo(List.of("日本語"));
        byte[] utf8 = "xx/naïve/日本語".getBytes(StandardCharsets.UTF_8);
        assertThat(tree.find(utf8, 2, utf8.length - 2).czxid()).isEqualTo(2);
        delete("/naïve/日本語");
        delete("/naïve");
        assertThat(tree.nodeCount()).isEqualTo(4);
    }

    @Test
    void aBranchDeletedByAnOlderTransactionTakesItsChildrenAlong() {
        create("/a");
        apply(OpCode.CREATE, new Txn.Create("/a/e", new byte[5], MINE, true, -1));
        create("/a/b");
        create("/a/b/c");
        delete("/a");
        assertThat(tree.nodeCount()).isEqualTo(4);
        assertThat(tree.approximateDataSize()).isEqualTo(44);
        assertThat(tree.ephemerals().size()).isZero();
        assertThat(tree.acls().size()).isEqualTo(1);
    }

    @Test
    void digestsAreKeptForEveryHundredAndTwentyEighthZxid() {
        for (int i = 0; i < 300; i++) {
            apply(OpCode.ERROR, new Txn.Refusal(-101));
        }
        assertThat(applier.digests().entries())
                .containsExactly(new DigestHistory.Entry(128, 0x51c6d660L), new DigestHistory.Entry(256, 0x51c6d660L));
    }

    @Test
    void withDigestsOffNothingIsComputedOrCompared() {
        tree = new ZnodeTree(new TreeConfig(OwnerKind.Rules.DEFAULT, false));
        applier = new TxnApplier(tree, sessions);
        create("/a");
        setData("/a", "b", 1);
        assertThat(tree.digest()).isZero();
    }

    private ApplyResult create(String path) {
        return apply(OpCode.CREATE, new Txn.Create(path, "d".getBytes(StandardCharsets.UTF_8), Acl.OPEN, false, -1));
    }

    private ApplyResult setData(String path, String data, int version) {
        return apply(OpCode.SET_DATA, new Txn.SetData(path, data.getBytes(StandardCharsets.UTF_8), version));
    }

    private ApplyResult delete(String path) {
        return apply(OpCode.DELETE, new Txn.Delete(path));
    }

    private ApplyResult apply(int type, Txn body) {
        zxid++;
        return applier.apply(new TxnHeader(SESSION, 1, zxid, 1000 + zxid, type), body, null, listener);
    }
}
