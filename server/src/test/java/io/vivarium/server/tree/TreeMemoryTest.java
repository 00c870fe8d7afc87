/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import org.junit.jupiter.api.Test;

/** What a znode costs: 100 bytes of data, a name of ten characters, a thousand children for each parent. */
class TreeMemoryTest {
    private static final int PARENTS = 200;
    private static final int CHILDREN = 1000;
    private static final long BUDGET_BYTES = 170;

    @Test
    void aZnodeStaysWithinItsBudget() {
        long before = usedBytes();
        ZnodeTree tree = new ZnodeTree(TreeConfig.DEFAULT);
        TxnApplier applier = new TxnApplier(tree, new RecordedSessions());
        long zxid = 0x1_0000_0000L;
        for (int p = 0; p < PARENTS; p++) {
            create(applier, "/parent" + p, ++zxid);
            for (int c = 0; c < CHILDREN; c++) {
                create(applier, String.format("/parent%d/child-%04d", p, c), ++zxid);
            }
        }
        double perNode = (double) (usedBytes() - before) / tree.nodeCount();
        System.out.printf("%.1f bytes of heap per znode, %d znodes%n", perNode, tree.nodeCount());
        // Also keeps the tree alive until here.
        assertThat(applier.tree().nodeCount()).isEqualTo(4 + PARENTS * (CHILDREN + 1));
        assertThat(perNode).isLessThan(BUDGET_BYTES);
    }

    private static void create(TxnApplier applier, String path, long zxid) {
        applier.apply(
                new TxnHeader(1, 1, zxid, 1_770_000_000_000L + zxid % 1_000_000, OpCode.CREATE),
                new Txn.Create(path, new byte[100], Acl.OPEN, false, -1),
                null,
                ChangeListener.NONE);
    }

    /** Heap in use after collections that find nothing more to free. */
    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            System.gc();
            long now = runtime.totalMemory() - runtime.freeMemory();
            if (now >= used) {
                return used;
            }
            used = now;
        }
        return used;
    }
}
