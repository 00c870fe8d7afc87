/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spec client-protocol 5.6. */
class ReapScheduleTest {
    private static final long FOR_EVER = 0;

    private final ZnodeTree tree = new ZnodeTree(new TreeConfig(new OwnerKind.Rules(true, false), true));
    private final TxnApplier applier = new TxnApplier(tree, new RecordedSessions());
    private long zxid;

    @Test
    void aContainerIsDueOnceItsLastChildIsGone() {
        apply(100, OpCode.CREATE_CONTAINER, new Txn.CreateContainer("/c", null, Acl.OPEN, -1));
        assertThat(candidates(1_000_000, FOR_EVER)).isEmpty();
        apply(100, OpCode.CREATE, new Txn.Create("/c/x", null, Acl.OPEN, false, -1));
        assertThat(candidates(1_000_000, FOR_EVER)).isEmpty();
        apply(100, OpCode.DELETE, new Txn.Delete("/c/x"));
        assertThat(candidates(100, FOR_EVER)).containsExactly("/c");
        apply(100, OpCode.DELETE_CONTAINER, new Txn.Delete("/c"));
        assertThat(candidates(100, FOR_EVER)).isEmpty();
        assertThat(tree.reapSchedule().containerCount()).isZero();
    }

    @Test
    void aContainerThatNeverHadAChildIsKeptUnlessAskedOtherwise() {
        apply(100, OpCode.CREATE_CONTAINER, new Txn.CreateContainer("/c", null, Acl.OPEN, -1));
        assertThat(candidates(150, 50)).isEmpty();
        assertThat(candidates(151, 50)).containsExactly("/c");
    }

    @Test
    void aTtlRunsFromTheLastSetDataAndOnlyWithoutChildren() {
        apply(100, OpCode.CREATE_TTL, new Txn.CreateTtl("/t", null, Acl.OPEN, -1, 50));
        assertThat(candidates(150, FOR_EVER)).isEmpty();
        assertThat(candidates(151, FOR_EVER)).containsExactly("/t");
        apply(140, OpCode.SET_DATA, new Txn.SetData("/t", null, 1));
        assertThat(candidates(190, FOR_EVER)).isEmpty();
        apply(140, OpCode.CREATE, new Txn.Create("/t/x", null, Acl.OPEN, false, -1));
        assertThat(candidates(1_000, FOR_EVER)).isEmpty();
        apply(900, OpCode.DELETE, new Txn.Delete("/t/x"));
        assertThat(candidates(191, FOR_EVER)).containsExactly("/t");
    }

    private List<String> candidates(long nowMillis, long maxNeverUsedMillis) {
        return tree.reapSchedule().candidates(tree, nowMillis, maxNeverUsedMillis);
    }

    private void apply(long timeMillis, int type, Txn body) {
        zxid++;
        applier.apply(new TxnHeader(1, 1, zxid, timeMillis, type), body, null, ChangeListener.NONE);
    }
}
