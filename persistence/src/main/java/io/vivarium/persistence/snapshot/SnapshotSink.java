/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.StoredStat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tree that can be filled from a snapshot (spec persistence 4.7).
 *
 * <p>Thread: the loader's. Order of calls: {@link #clear}, sessions, ACLs, nodes, then {@link #digest} if there is one
 * to keep, then {@link #loaded}. Any of them may be cut off by damage; then {@code clear} comes again with an older
 * candidate. Without any snapshot: {@code clear}, then {@link #fresh}. What makes no sense (a node without parent) is
 * refused with a {@link io.vivarium.protocol.jute.MalformedDataException}.
 */
public interface SnapshotSink {
    /** Forgets everything: nodes, ACLs, sessions, owners, digest. Called before each candidate. */
    void clear();

    void session(long id, int timeoutMillis);

    void acl(long id, List<Acl> acl);

    /** @param path empty for the root, parents come before children */
    void node(String path, byte @Nullable [] data, long aclId, StoredStat stat);

    /**
     * The same from the bytes as they stand in the file, which are only borrowed for the call. Who loads a million nodes does
     * not want a text and a copy of each.
     *
     * @param pathAt where the path begins in {@code bytes}; UTF-8 if nobody has damaged it
     * @param dataLength -1 for null data
     */
    default void node(
            byte[] bytes, int pathAt, int pathLength, int dataAt, int dataLength, long aclId, StoredStat stat) {
        node(
                new String(bytes, pathAt, pathLength, StandardCharsets.UTF_8),
                dataLength < 0 ? null : Arrays.copyOfRange(bytes, dataAt, dataAt + dataLength),
                aclId,
                stat);
    }

    /** Digest the tree must have once replay has reached {@code zxid}, which is not below the snapshot's. */
    void digest(long zxid, long digest);

    /** The snapshot was read to its end and every seal fits; the tree stands at this zxid. */
    void loaded(long zxid);

    /** There is no snapshot: the tree becomes a brand-new database with the built-in nodes (spec persistence 4.3). */
    void fresh();
}
