/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.tool;

import io.vivarium.persistence.snapshot.SnapshotSink;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.StoredStat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** First look at a snapshot: what has to be known before the first line of a dump is printed. Thread: one. */
final class SnapshotOutline implements SnapshotSink {
    final Map<Long, Integer> sessions = new TreeMap<>();
    final Map<Long, Integer> ownedNodes = new HashMap<>();
    long nodes;
    long highestZxid;
    long digestZxid = -1;
    long digest;

    @Override
    public void clear() {}

    @Override
    public void fresh() {}

    @Override
    public void session(long id, int timeoutMillis) {
        sessions.put(id, timeoutMillis);
    }

    @Override
    public void acl(long id, List<Acl> acl) {}

    @Override
    public void node(String path, byte @Nullable [] data, long aclId, StoredStat stat) {
        nodes++;
        highestZxid = Math.max(highestZxid, Math.max(stat.mzxid(), stat.pzxid()));
        ownedNodes.merge(stat.ephemeralOwner(), 1, Integer::sum);
    }

    @Override
    public void digest(long zxid, long treeDigest) {
        digestZxid = zxid;
        digest = treeDigest;
    }

    @Override
    public void loaded(long zxid) {
        highestZxid = Math.max(highestZxid, zxid);
    }
}
