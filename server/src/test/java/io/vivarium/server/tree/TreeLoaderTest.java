/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnDigest;
import io.vivarium.protocol.txn.TxnHeader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spec persistence 4.2, 4.3, 4.7 and 5. */
class TreeLoaderTest {
    private static final StoredStat ZERO = new StoredStat(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final List<Acl> MINE = List.of(new Acl(Acl.ALL, new Id("digest", "me:x")));

    private final RecordedSessions sessions = new RecordedSessions();
    private final ZnodeTree tree = new ZnodeTree(TreeConfig.DEFAULT);
    private final TxnApplier applier = new TxnApplier(tree, sessions);
    private final TreeLoader loader = new TreeLoader(tree, applier, sessions);

    @BeforeEach
    void beginWithTheRoot() {
        loader.clear();
        loader.node("", new byte[0], -1, ZERO);
    }

    @Test
    void aNodeBeforeItsParentIsRefused() {
        assertThatThrownBy(() -> loader.node("/a/b", null, -1, ZERO))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("Invalid Datatree, unable to find parent /a of path /a/b");
    }

    @Test
    void aPathThatOccursTwiceIsRefusedAtTheLatestAtTheEnd() {
        loader.node("/a", null, -1, ZERO);
        loader.node("/a/b", null, -1, ZERO);
        loader.node("/a", null, -1, ZERO);
        assertThatThrownBy(() -> loader.loaded(1))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("Invalid Datatree, path /a occurs twice");
        loader.clear();
        loader.node("", new byte[0], -1, ZERO);
        loader.node("/a", null, -1, ZERO);
        loader.node("/a/b", null, -1, ZERO);
        loader.node("/a/b", null, -1, ZERO);
        assertThatThrownBy(() -> loader.node("/c", null, -1, ZERO)).hasMessageContaining("path /a/b occurs twice");
    }

    @Test
    void siblingsMayComeTogetherOrOneByOneAndBytesMayBeAnything() {
        String[] names = {"a", "a/b", "a/c", "a/c/d", "a/e", "f", "g\u00e9", "g\u00e9/h", "a/i", "a/c/k"};
        for (String name : names) {
            byte[] path = ("/" + name).getBytes(StandardCharsets.UTF_8);
            byte[] bytes = new byte[path.length + 7];
            System.arraycopy(path, 0, bytes, 2, path.length);
            bytes[path.length + 5] = 42;
            loader.node(bytes, 2, path.length, path.length + 5, name.length() == 1 ? -1 : 2, -1, ZERO);
        }
        for (int i = 0; i < 100; i++) {
            loader.node("/f/" + i, null, -1, ZERO);
        }
        loader.loaded(9);
        for (String name : names) {
            assertThat(tree.find("/" + name).data()).isEqualTo(name.length() == 1 ? null : new byte[] {42, 0});
        }
        for (int i = 0; i < 100; i++) {
            assertThat(tree.find("/f/" + i)).isNotNull();
        }
        assertThat(tree.nodeCount()).isEqualTo(1 + names.length + 100);
        assertThat(tree.find("/f").childCount()).isEqualTo(100);
        assertThat(tree.find("/a").childCount()).isEqualTo(4);
    }

    @Test
    void aPathThatIsNoneIsRefused() {
        loader.node("/a", null, -1, ZERO);
        for (String path : List.of("b", "//", "/a/", "/b/c", "a/b")) {
            assertThatThrownBy(() -> loader.node(path, null, -1, ZERO))
                    .as(path)
                    .isInstanceOf(MalformedDataException.class);
        }
    }

    @Test
    void anAclIdThatOccursTwiceIsRefused() {
        loader.acl(1, MINE);
        assertThatThrownBy(() -> loader.acl(1, Acl.OPEN)).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void listsNobodyUsesAreDroppedAndIdsGoOnFromTheHighest() {
        loader.acl(9, MINE);
        loader.acl(4, Acl.READ_ONLY);
        loader.node("/a", null, 4, ZERO);
        loader.loaded(5);
        assertThat(tree.acls().size()).isEqualTo(1);
        assertThat(tree.acls().use(Acl.OPEN)).isEqualTo(10);
    }

    @Test
    void anUnknownAclIdOpensNothingAndIsNeverGivenToAnotherList() {
        loader.node("/a", null, 3, ZERO);
        loader.node("/b", null, 4, ZERO);
        loader.loaded(5);
        assertThat(tree.acl(tree.find("/a"))).allMatch(acl -> acl.perms() == 0);
        // Replay brings the lists back, in their old order; the id on /b must not become the list of /a.
        loader.apply(txn(6, OpCode.CREATE, new Txn.Create("/a", null, MINE, false, 1), null));
        assertThat(tree.acl(tree.find("/a"))).isEqualTo(MINE);
        assertThat(tree.acl(tree.find("/b"))).isNotEqualTo(MINE);
        loader.apply(txn(7, OpCode.CREATE, new Txn.Create("/b", null, Acl.OPEN, false, 1), null));
        assertThat(tree.acl(tree.find("/a"))).isEqualTo(MINE);
        assertThat(tree.acl(tree.find("/b"))).isEqualTo(Acl.OPEN);
    }

    @Test
    void quotasAreFoundAndCountedAnew() {
        for (String path : List.of("/app", "/zookeeper", "/zookeeper/quota", "/zookeeper/quota/app")) {
            loader.node(path, new byte[3], -1, ZERO);
        }
        loader.node(
                "/zookeeper/quota/app/zookeeper_limits",
                "count=1=;countHardLimit=1".getBytes(StandardCharsets.UTF_8),
                -1,
                ZERO);
        loader.node(
                "/zookeeper/quota/app/zookeeper_stats", "count=77,bytes=77".getBytes(StandardCharsets.UTF_8), -1, ZERO);
        loader.loaded(5);
        assertThat(tree.find("/zookeeper/quota/app/zookeeper_stats").data())
                .isEqualTo("count=1,bytes=3".getBytes(StandardCharsets.UTF_8));
        assertThat(tree.quotas().allows("/app/x", 0, 1)).isFalse();
    }

    @Test
    void theDigestOfASnapshotIsComparedWhenItsZxidIsReachedAndHidesThoseOfTransactions() {
        loader.digest(7, 12345);
        loader.loaded(5);
        TxnDigest wrong = new TxnDigest(2, 99);
        loader.apply(txn(6, OpCode.ERROR, new Txn.Refusal(-1), wrong));
        assertThat(applier.digests().mismatches()).isZero();
        assertThat(applier.digests().pending()).isEqualTo(new DigestHistory.Entry(7, 12345));
        loader.apply(txn(7, OpCode.ERROR, new Txn.Refusal(-1), new TxnDigest(2, tree.digest())));
        assertThat(applier.digests().mismatches()).isEqualTo(1);
        assertThat(applier.digests().pending()).isNull();
        loader.apply(txn(8, OpCode.ERROR, new Txn.Refusal(-1), wrong));
        assertThat(applier.digests().mismatches()).isEqualTo(2);
        loader.apply(txn(9, OpCode.ERROR, new Txn.Refusal(-1), new TxnDigest(1, 99)));
        assertThat(applier.digests().mismatches()).isEqualTo(2);
    }

    @Test
    void aDigestAtTheSnapshotsOwnZxidIsComparedAtOnceAndOlderOnesNever() {
        loader.digest(5, tree.digest());
        loader.loaded(5);
        assertThat(applier.digests().mismatches()).isZero();
        assertThat(applier.digests().pending()).isNull();
        loader.digest(4, 1);
        loader.loaded(5);
        assertThat(applier.digests().mismatches()).isZero();
        assertThat(applier.digests().pending()).isNull();
    }

    @Test
    void aFailedCandidateLeavesNothingBehind() {
        loader.session(1, 4000);
        loader.acl(1, MINE);
        loader.node("/e", new byte[7], 1, new StoredStat(1, 1, 1, 1, 0, 0, 0, 5, 1));
        loader.clear();
        loader.fresh();
        assertThat(sessions.timeouts()).isEmpty();
        assertThat(tree.digest()).isEqualTo(0x51c6d660L);
        assertThat(tree.nodeCount()).isEqualTo(4);
        assertThat(tree.ephemerals().size()).isZero();
        assertThat(tree.find("/zookeeper/config").aclId()).isEqualTo(1);
    }

    private static LoggedTxn txn(long zxid, int type, Txn body, TxnDigest digest) {
        return new LoggedTxn(new TxnHeader(1, 1, zxid, zxid, type), body, digest);
    }
}
