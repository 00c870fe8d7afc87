/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

/**
 * What a replica asks of the world. Thread: {@code core}; nothing here blocks.
 *
 * <p>The answers come back as messages: {@link CoreMessage.JournalSynced}, {@link CoreMessage.SnapshotDue}.
 */
public interface ReplicaEffects {
    /** Writes a record to the journal and answers when it, and all before it, is on disk. */
    void append(long zxid, byte[] payload);

    /** Takes a snapshot of the tree, in the background. */
    void takeSnapshot();
}
