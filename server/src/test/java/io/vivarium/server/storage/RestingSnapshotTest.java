/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.model.NaiveTree;
import io.vivarium.persistence.snapshot.SnapshotSource;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestingSnapshotTest {
    private static final int NODES = 5_000;

    private final NaiveTree tree = new NaiveTree();
    private long now;
    private long rested;
    private boolean hurry;
    private final SnapshotSource resting = new RestingSnapshot(tree, () -> now, this::rest, () -> hurry);

    @BeforeEach
    void grow() {
        tree.fresh();
        for (int i = 0; i < NODES; i++) {
            TxnHeader header = new TxnHeader(1, i, i + 1, 0, OpCode.CREATE);
            tree.apply(new LoggedTxn(header, new Txn.Create("/n" + i, new byte[0], null, false, i + 1), null));
        }
    }

    private void rest(long nanos) {
        rested += nanos;
        now += nanos;
    }

    /** Writes all nodes, each of which takes so long; answers how long they took without rests. */
    private long write(long nanosOfANode) throws IOException {
        long[] worked = new long[1];
        resting.writeNodes((path, pathLength, data, dataOffset, dataLength, aclId, stat) -> {
            now += nanosOfANode;
            worked[0] += nanosOfANode;
        });
        return worked[0];
    }

    @Test
    void restsMuchLongerThanItWorks() throws IOException {
        long worked = write(1_000);
        assertThat((double) rested / worked).isBetween(8.0, 10.0);
    }

    @Test
    void restsNoLongerBecauseTheDiskWasSlow() throws IOException {
        long worked = write(100_000_000);
        assertThat(rested).isLessThan(worked / 50);
    }

    @Test
    void doesNotRestWhenSomebodyWaitsForTheEnd() throws IOException {
        hurry = true;
        write(1_000);
        assertThat(rested).isZero();
    }

    @Test
    void isTheSameTree() throws IOException {
        assertThat(resting.lastZxid()).isEqualTo(NODES);
        assertThat(resting.lastZxidNow()).isEqualTo(NODES);
        assertThat(resting.treeDigest()).isEqualTo(tree.treeDigest());
        assertThat(resting.digestZxid()).isEqualTo(tree.digestZxid());
    }
}
