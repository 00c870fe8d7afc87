/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.jute.JuteWriter;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes sessions, ACL table, nodes and terminator: parts 2 to 4 of a snapshot file, and steps 1 to 3 of the image that
 * a leader streams to a learner (spec persistence 4.1, quorum 1.5).
 *
 * <p>Thread: {@code snapshot}. Collects pieces of {@value #CHUNK_BYTES} bytes and passes them on; memory does not grow
 * with the tree, but for the sessions and ACLs, whose count stands before them.
 */
public final class SnapshotBodyWriter {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int STAT_BYTES = 60;

    private final OutputStream out;
    private final JuteWriter chunk = new JuteWriter(CHUNK_BYTES + 4096);

    public SnapshotBodyWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes everything up to and including the terminator; {@code out} is neither flushed nor closed. */
    public void write(SnapshotSource source) throws IOException {
        int[] count = new int[1];
        chunk.writeInt(0);
        source.writeSessions((id, timeoutMillis) -> {
            count[0]++;
            chunk.writeLong(id);
            chunk.writeInt(timeoutMillis);
        });
        chunk.setInt(0, count[0]);
        passOn();

        count[0] = 0;
        chunk.writeInt(0);
        source.writeAcls((id, acl) -> {
            count[0]++;
            chunk.writeLong(id);
            chunk.writeRecords(acl);
        });
        chunk.setInt(0, count[0]);
        passOn();
        chunk.shrink(CHUNK_BYTES + 4096);

        source.writeNodes(this::writeNode);
        chunk.writeString(SnapshotFormat.TERMINATOR);
        passOn();
    }

    private void writeNode(
            byte[] path, int pathLength, byte[] data, int dataOffset, int dataLength, long aclId, StoredStat stat)
            throws IOException {
        chunk.writeBuffer(path, 0, pathLength);
        if (dataLength < 0) {
            chunk.writeInt(-1);
        } else if (dataLength < CHUNK_BYTES) {
            chunk.writeBuffer(data, dataOffset, dataLength);
        } else {
            // Large data goes straight through instead of growing the chunk.
            chunk.writeInt(dataLength);
            passOn();
            out.write(data, dataOffset, dataLength);
        }
        chunk.writeLong(aclId);
        stat.write(chunk);
        if (chunk.size() >= CHUNK_BYTES - STAT_BYTES) {
            passOn();
        }
    }

    private void passOn() throws IOException {
        out.write(chunk.array(), 0, chunk.size());
        chunk.clear();
    }
}
