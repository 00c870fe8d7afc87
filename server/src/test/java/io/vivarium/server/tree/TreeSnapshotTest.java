/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a snapshot shows of changes that come while it is written; {@code TreePropertyTest} replays what follows. */
class TreeSnapshotTest {
    private static final List<Acl> KNOWN = List.of(new Acl(Acl.ALL, new Id("digest", "known:x")));
    private static final List<Acl> LATE = List.of(new Acl(Acl.ALL, new Id("digest", "late:x")));

    private final RecordedSessions sessions = new RecordedSessions();
    private final ZnodeTree tree = new ZnodeTree(TreeConfig.DEFAULT);
    private final TxnApplier applier = new TxnApplier(tree, sessions);
    private final SharedHold hold = new SharedHold() {
        @Override
        public void acquire() {}

        @Override
        public void release() {}
    };
    private final TreeSnapshot snapshot = new TreeSnapshot(tree, hold, Map::of);
    private final Set<Long> listed = new HashSet<>(Set.of(AclTable.OPEN));
    private final Map<String, Long> written = new HashMap<>();
    private long zxid;

    @BeforeEach
    void beginWithATree() throws IOException {
        create("/early", KNOWN);
        create("/changed", KNOWN);
        snapshot.lastZxid();
        snapshot.writeAcls((id, acl) -> listed.add(id));
    }

    @Test
    void noNodeNamesAnAclThatTheTableLacks() throws IOException {
        create("/late", LATE);
        create("/late/child", KNOWN);
        create("/early/late", LATE);
        create("/early/known", KNOWN);
        apply(OpCode.SET_ACL, new Txn.SetAcl("/changed", LATE, 1));
        writeNodes();
        assertThat(written.values()).isSubsetOf(listed);
    }

    @Test
    void aNodeThatCameLaterWithAnAclOfItsOwnIsLeftToTheReplay() throws IOException {
        create("/late", LATE);
        create("/late/child", KNOWN);
        writeNodes();
        assertThat(written).containsKeys("", "/early", "/changed").doesNotContainKeys("/late", "/late/child");
    }

    @Test
    void aNodeWhoseAclWasReplacedLaterIsWrittenAsOpenForTheReplayReplacesIt() throws IOException {
        apply(OpCode.SET_ACL, new Txn.SetAcl("/changed", LATE, 1));
        writeNodes();
        assertThat(written).containsEntry("/changed", AclTable.OPEN);
        assertThat(written.get("/early")).isNotEqualTo(AclTable.OPEN);
    }

    private void writeNodes() throws IOException {
        snapshot.writeNodes((path, pathLength, data, offset, length, aclId, stat) ->
                written.put(new String(path, 0, pathLength, StandardCharsets.UTF_8), aclId));
    }

    private void create(String path, List<Acl> acl) {
        apply(OpCode.CREATE, new Txn.Create(path, null, acl, false, -1));
    }

    private void apply(int type, Txn body) {
        applier.apply(new TxnHeader(1, 1, ++zxid, 1, type), body, null, ChangeListener.NONE);
    }
}
