/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.server.tree.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A znode as it will be once everything prepared so far has been applied.
 *
 * @param zxid the transaction that makes it so; 0 if it is as the tree has it
 * @param stat null if the node will not exist
 * @param digest its part in the tree digest
 * @param place where in the tree it was found; null if it was not there yet
 */
record PendingNode(
        long zxid,
        @Nullable StoredStat stat,
        int childCount,
        List<Acl> acl,
        byte @Nullable [] data,
        long digest,
        @Nullable Place place) {

    static PendingNode deleted(long zxid) {
        return new PendingNode(zxid, null, 0, List.of(), null, 0, null);
    }

    boolean exists() {
        return stat != null;
    }

    /** The stat of a node that is known to exist. */
    StoredStat requireStat() {
        if (stat == null) {
            throw new IllegalStateException("a deleted node has no stat");
        }
        return stat;
    }

    int dataLength() {
        return data == null ? 0 : data.length;
    }
}
