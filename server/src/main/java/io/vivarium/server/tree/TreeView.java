/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.Acl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The read side of the tree.
 *
 * <p>Thread: any, inside a shared hold of the gate; {@code core} always. Nothing blocks, nothing is changed; {@link #find}
 * allocates the handle it returns and nothing else.
 */
public interface TreeView {
    /**
     * The znode at a path, or null. The empty path is the root; any other path that is not in the form of a created one is
     * simply not found (spec client-protocol 5.3.9).
     */
    @Nullable
    Znode find(String path);

    /** The same with where it stands, for whoever is going to change it. */
    Place place(String path);

    /** The same for a path in UTF-8. */
    @Nullable
    Znode find(byte[] utf8, int offset, int length);

    /** The same for several paths at once; what was found is in the batch. */
    void find(PathBatch paths);

    /** Reads a little of what stands at these paths, so that it is at hand for whoever looks at it next. */
    void touch(PathBatch paths);

    /** The access control list of a node. */
    List<Acl> acl(Znode node);

    /** The highest zxid of an applied transaction. */
    long lastZxid();

    /** The digest of the tree, version 2; 0 while digests are off (spec persistence 5). */
    long digest();

    /** All znodes. Stock servers report one more, because they hold the root under two names. */
    int nodeCount();

    /** Bytes of all paths and all data, as stock's {@code approximate_data_size} counts them. */
    long approximateDataSize();

    /** Descendants of a node at all levels, 0 where there is no node. */
    int countDescendants(String path);

    /** The paths of a session's ephemerals, copied, in no order. */
    List<String> ephemeralsOf(long session);

    /** The ephemerals of all sessions. */
    EphemeralIndex ephemerals();

    AclTable acls();

    QuotaIndex quotas();

    ReapSchedule reapSchedule();
}
