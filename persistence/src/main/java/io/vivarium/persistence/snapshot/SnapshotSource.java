/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.snapshot;

import java.io.IOException;

/**
 * A tree that can be written down while it changes (spec persistence 4.5).
 *
 * <p>Thread: {@code snapshot} (or whoever streams an image). The methods are called once each, in the order of
 * declaration. No lock is held over the whole walk: each session, ACL list and node is consistent in itself, and the
 * result may hold effects of transactions above {@link #lastZxid()}, which replay repairs.
 */
public interface SnapshotSource {
    /** Last applied zxid at the start; names the file. */
    long lastZxid();

    void writeSessions(SessionSink sink) throws IOException;

    /** Lists with an id of their own; -1, the open list, is not among them (spec persistence 4.2). */
    void writeAcls(AclSink sink) throws IOException;

    /** Parents before children, the root first and with the empty path. */
    void writeNodes(NodeSink sink) throws IOException;

    /** After the nodes: last applied zxid that {@link #treeDigest()} belongs to; 0 if nothing was applied since start. */
    long digestZxid();

    /** Tree digest at {@link #digestZxid()} (spec persistence 5). */
    long treeDigest();

    /** After the nodes: last applied zxid. */
    long lastZxidNow();
}
