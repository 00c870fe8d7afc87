/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;

/** Nodes are written over in place while a snapshot is taken: each must be shown as it was at one moment. */
class SnapshotUnderChangesTest {
    private static final int NODES = 300;
    private static final int SNAPSHOTS = 200;
    /** From here on the numbers of the stat keep their size, so that every change is written in place. */
    private static final int FIRST_VERSION = 1 << 21;

    private final ZnodeTree tree = new ZnodeTree(TreeConfig.DEFAULT);
    private final TxnApplier applier = new TxnApplier(tree, new RecordedSessions());
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
    private long zxid;

    private final SharedHold hold = new SharedHold() {
        @Override
        public void acquire() {
            gate.readLock().lock();
        }

        @Override
        public void release() {
            gate.readLock().unlock();
        }
    };

    @Test
    void dataAndVersionAreOfOneMoment() throws Exception {
        for (int i = 0; i < NODES; i++) {
            apply(OpCode.CREATE, new Txn.Create("/n" + i, new byte[32], null, false, -1));
            change(i, FIRST_VERSION);
        }
        AtomicBoolean ends = new AtomicBoolean();
        ExecutorService writer = Executors.newSingleThreadExecutor();
        Future<Integer> changes = writer.submit(() -> {
            int version = FIRST_VERSION;
            while (!ends.get()) {
                version++;
                for (int i = 0; i < NODES; i++) {
                    change(i, version);
                }
            }
            return version;
        });
        try {
            for (int i = 0; i < SNAPSHOTS; i++) {
                assertConsistent();
            }
        } finally {
            ends.set(true);
            writer.shutdown();
        }
        assertThat(changes.get()).isGreaterThan(FIRST_VERSION);
    }

    private void assertConsistent() throws Exception {
        TreeSnapshot snapshot = new TreeSnapshot(tree, hold, Map::of);
        snapshot.lastZxid();
        snapshot.writeAcls((id, acl) -> {});
        int[] seen = new int[1];
        snapshot.writeNodes((path, pathLength, data, offset, length, aclId, stat) -> {
            if (length == 32) {
                seen[0]++;
                for (int at = 0; at < length; at += Integer.BYTES) {
                    assertThat(ByteBuffer.wrap(data).getInt(offset + at)).isEqualTo(stat.version());
                }
            }
        });
        assertThat(seen[0]).isEqualTo(NODES);
    }

    private void change(int node, int version) {
        ByteBuffer data = ByteBuffer.allocate(32);
        while (data.hasRemaining()) {
            data.putInt(version);
        }
        apply(OpCode.SET_DATA, new Txn.SetData("/n" + node, data.array(), version));
    }

    private void apply(int type, Txn body) {
        gate.writeLock().lock();
        try {
            applier.apply(new TxnHeader(1, 1, ++zxid, 1, type), body, null, ChangeListener.NONE);
        } finally {
            gate.writeLock().unlock();
        }
    }
}
