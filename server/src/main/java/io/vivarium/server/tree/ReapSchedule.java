/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.OwnerKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Containers and TTL znodes, and which of them have had their time (spec client-protocol 5.6).
 *
 * <p>Thread: {@code core}. Pure: the time comes in, paths go out. When to look, and how fast to delete, is decided by
 * whoever asks.
 */
public final class ReapSchedule {
    private final PathSet containers = new PathSet();
    private final PathSet ttlNodes = new PathSet();

    ReapSchedule() {}

    public int containerCount() {
        return containers.size();
    }

    public int ttlCount() {
        return ttlNodes.size();
    }

    /**
     * The znodes that may be deleted now: containers that have lost all their children, and TTL nodes without children whose
     * time since their last setData has passed.
     *
     * @param nowMillis wall clock; mtime is compared with it
     * @param maxNeverUsedMillis how long a container that never had a child is kept; 0 for ever
     */
    public List<String> candidates(TreeView tree, long nowMillis, long maxNeverUsedMillis) {
        List<String> due = new ArrayList<>();
        List<String> paths = new ArrayList<>(containers.size());
        containers.copyTo(paths);
        for (String path : paths) {
            Znode node = tree.find(path);
            if (node != null && node.childCount() == 0 && isAbandoned(node, nowMillis, maxNeverUsedMillis)) {
                due.add(path);
            }
        }
        paths.clear();
        ttlNodes.copyTo(paths);
        for (String path : paths) {
            Znode node = tree.find(path);
            if (node != null
                    && node.childCount() == 0
                    && nowMillis - node.mtime() > OwnerKind.ttlMillis(node.owner())) {
                due.add(path);
            }
        }
        return due;
    }

    private static boolean isAbandoned(Znode container, long nowMillis, long maxNeverUsedMillis) {
        // The stored cversion counts creates, so 0 means that there never was a child.
        if (container.cversion() > 0) {
            return true;
        }
        return maxNeverUsedMillis != 0 && nowMillis - container.mtime() > maxNeverUsedMillis;
    }

    void addContainer(String path) {
        containers.add(path);
    }

    void removeContainer(String path) {
        containers.remove(path);
    }

    void addTtl(String path) {
        ttlNodes.add(path);
    }

    void removeTtl(String path) {
        ttlNodes.remove(path);
    }

    void clear() {
        List<String> paths = new ArrayList<>();
        containers.copyTo(paths);
        paths.forEach(containers::remove);
        paths.clear();
        ttlNodes.copyTo(paths);
        paths.forEach(ttlNodes::remove);
    }
}
