/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.Acl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The watches one connection has, and what they make of a change (spec client-protocol 8.1, 8.2, 8.6). */
final class WatchedPaths {
    static final int DATA = 1;
    static final int CHILD = 2;
    static final int PERSISTENT = 4;
    static final int RECURSIVE = 8;

    /** An event as the watcher is told of it. */
    record Told(int type, String path) {}

    private final Map<String, Integer> bits = new HashMap<>();
    private int recursive;

    boolean isEmpty() {
        return bits.isEmpty();
    }

    void add(String path, int bit) {
        int before = bits.getOrDefault(path, 0);
        if ((bit & ~before & RECURSIVE) != 0) {
            recursive++;
        }
        bits.put(path, before | bit);
    }

    /** Returns whether there was any of them. */
    boolean remove(String path, int mask) {
        int before = bits.getOrDefault(path, 0);
        if ((before & mask & RECURSIVE) != 0) {
            recursive--;
        }
        if ((before & ~mask) == 0) {
            bits.remove(path);
        } else {
            bits.put(path, before & ~mask);
        }
        return (before & mask) != 0;
    }

    boolean has(String path, int mask) {
        return (bits.getOrDefault(path, 0) & mask) != 0;
    }

    /** What a type of checkWatches and removeWatches means (spec 8.7). */
    static int maskOf(int type) {
        switch (type) {
            case 1:
                return CHILD;
            case 2:
                return DATA;
            case 3:
                return DATA | CHILD | PERSISTENT | RECURSIVE;
            case 4:
                return PERSISTENT;
            case 5:
                return RECURSIVE;
            default:
                throw new IllegalArgumentException("watcher type " + type);
        }
    }

    /** A change happens; what fires once is gone after it, told or not. */
    void fire(Change change, List<Told> told) {
        String path = change.path();
        boolean deleted = change.type() == WatchEvent.NODE_DELETED;
        int own = DATA | PERSISTENT | RECURSIVE | (deleted ? CHILD : 0);
        if ((has(path, own) || isBelowRecursive(path)) && ModelNode.allows(change.acl(), Acl.READ)) {
            told.add(new Told(change.type(), path));
        }
        remove(path, deleted ? DATA | CHILD : DATA);
        if (change.type() != WatchEvent.NODE_DATA_CHANGED) {
            String parent = ModelTree.parentOf(path);
            if (has(parent, CHILD | PERSISTENT) && ModelNode.allows(change.parentAcl(), Acl.READ)) {
                told.add(new Told(WatchEvent.NODE_CHILDREN_CHANGED, parent));
            }
            remove(parent, CHILD);
        }
    }

    private boolean isBelowRecursive(String path) {
        if (recursive == 0) {
            return false;
        }
        String ancestor = path;
        while (ancestor.length() > 1) {
            ancestor = ModelTree.parentOf(ancestor);
            if (has(ancestor, RECURSIVE)) {
                return true;
            }
        }
        return false;
    }
}
