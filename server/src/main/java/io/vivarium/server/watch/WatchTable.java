/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import io.vivarium.protocol.client.WatchEvent;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The watches of all connections of this server, and which of them a change fires (spec client-protocol 8).
 *
 * <pre>
 *   watchData ----------------\        path hash         /- nodeCreated
 *   watchChildren -------------+--&gt; 16 WatchShards &lt;----+-- nodeDeleted      --&gt; WatchMatches
 *   watchPersistently --------/                          \- nodeDataChanged
 * </pre>
 *
 * <p>Thread: any number of event loops add, look up, remove and list while they hold the shared side of the tree's gate;
 * they meet only in the lock of one shard. The core fires while it holds the exclusive side and takes no lock: the gate
 * keeps everybody else out and makes their changes visible.
 *
 * <p>A change sends each watcher at most one event per trigger, where one trigger is the node itself with all recursive
 * watches above it, and another the children of the parent. Events about the node come before NodeChildrenChanged. One-shot
 * watches are spent by firing, delivered or not; the others stay, even when the node goes.
 */
public final class WatchTable {
    static final int SHARD_BITS = 4;

    /** Written under a shard's lock, read by the core in the exclusive hold. */
    private final WatchShard[] shards = new WatchShard[1 << SHARD_BITS];

    /** Where the ancestors of the path being fired end, and their hashes, nearest last. Core only. */
    private final AncestorPaths ancestors = new AncestorPaths();

    public WatchTable() {
        for (int i = 0; i < shards.length; i++) {
            shards[i] = new WatchShard();
        }
    }

    /** One-shot watch on data and existence: exists, getData. */
    public void watchData(String path, Watcher watcher) {
        add(path, watcher, WatchBits.DATA);
    }

    /** One-shot watch on the children: getChildren. */
    public void watchChildren(String path, Watcher watcher) {
        add(path, watcher, WatchBits.CHILD);
    }

    /** addWatch, with {@link WatchMode#PERSISTENT} or {@link WatchMode#PERSISTENT_RECURSIVE}. */
    public void watchPersistently(String path, WatchMode mode, Watcher watcher) {
        add(path, watcher, WatchBits.ofAddWatch(mode));
    }

    /** Whether the watcher has a watch of this type on exactly this path. */
    public boolean contains(String path, WatcherType type, Watcher watcher) {
        int hash = path.hashCode();
        WatchShard shard = shardOf(hash);
        synchronized (shard) {
            return WatchBits.any(bits(shard, hash, path, path.length(), watcher), type.bits());
        }
    }

    /** Removes the watches of this type on exactly this path; false, error -121, when there was none. */
    public boolean remove(String path, WatcherType type, Watcher watcher) {
        int hash = path.hashCode();
        WatchShard shard = shardOf(hash);
        synchronized (shard) {
            int record = shard.find(hash, path, path.length());
            if (record == 0 || !WatchBits.any(shard.bits(record, watcher), type.bits())) {
                return false;
            }
            shard.remove(hash, record, watcher, type.bits());
            return true;
        }
    }

    /** Forgets a watcher, in time proportional to its watches: its connection closed. */
    public void removeAll(Watcher watcher) {
        for (WatchShard shard : shards) {
            synchronized (shard) {
                shard.removeAll(watcher);
            }
        }
    }

    /** A node came to be. */
    public void nodeCreated(String path, WatchMatches matches) {
        fire(path, WatchBits.DATA, WatchEvent.NODE_CREATED, matches);
        fireParent(path, matches);
    }

    /** A node went away, for whatever reason. */
    public void nodeDeleted(String path, WatchMatches matches) {
        // Whoever watches data and children of the node hears of its end once (spec client-protocol 8.2).
        fire(path, WatchBits.DATA | WatchBits.CHILD, WatchEvent.NODE_DELETED, matches);
        fireParent(path, matches);
    }

    /** A node's data was set, if only to what it was. */
    public void nodeDataChanged(String path, WatchMatches matches) {
        fire(path, WatchBits.DATA, WatchEvent.NODE_DATA_CHANGED, matches);
    }

    /** Watches of both tables; a persistent one counts in each. Cheap. */
    public int size() {
        int size = 0;
        for (WatchShard shard : shards) {
            synchronized (shard) {
                size += shard.dataWatches() + shard.childWatches();
            }
        }
        return size;
    }

    /** Counts by walking all watches. */
    public WatchCounts counts() {
        Set<Watcher> watchers = Collections.newSetFromMap(new IdentityHashMap<>());
        int paths = 0;
        int watches = 0;
        for (WatchShard shard : shards) {
            synchronized (shard) {
                paths += shard.collect(WatchBits.IN_DATA_TABLE, watchers);
                watches += shard.dataWatches();
            }
        }
        return new WatchCounts(watchers.size(), paths, watches);
    }

    /** Shows every pair of path and watcher in the data table: what {@code wchc} and {@code wchp} list. */
    public void forEachDataWatch(WatchVisitor visitor) {
        for (WatchShard shard : shards) {
            synchronized (shard) {
                shard.showAll(WatchBits.IN_DATA_TABLE, visitor);
            }
        }
    }

    private void add(String path, Watcher watcher, int bit) {
        int hash = path.hashCode();
        WatchShard shard = shardOf(hash);
        synchronized (shard) {
            shard.add(hash, path, watcher, bit);
        }
    }

    /** The trigger of the node itself: its own watches and the recursive ones above. */
    private void fire(String path, int oneShot, int eventType, WatchMatches matches) {
        int wanted = oneShot | WatchBits.PERSISTENT | WatchBits.RECURSIVE;
        if (hasRecursive()) {
            fireAncestors(path, wanted, eventType, matches);
        }
        int hash = path.hashCode();
        WatchShard shard = shardOf(hash);
        int record = shard.find(hash, path, path.length());
        if (record != 0) {
            shard.fire(hash, record, wanted, oneShot, eventType, path, matches);
        }
    }

    /**
     * Tells the recursive watchers above. Comes before the node's own watches fire, because those still say who is told
     * there and so must not be told here; between watchers no order is promised.
     */
    private void fireAncestors(String path, int wanted, int eventType, WatchMatches matches) {
        ancestors.of(path);
        int own = path.hashCode();
        for (int i = 0; i < ancestors.count(); i++) {
            WatchShard shard = shardOf(ancestors.hash(i));
            int record = shard.find(ancestors.hash(i), path, ancestors.length(i));
            if (record != 0) {
                int nearer = i + 1;
                shard.show(
                        record,
                        WatchBits.RECURSIVE,
                        (same, watcher) -> {
                            if (!WatchBits.any(bits(shardOf(own), own, path, path.length(), watcher), wanted)
                                    && !watchesNearer(path, nearer, watcher)) {
                                matches.onMatch(watcher, eventType, same);
                            }
                        },
                        path);
            }
        }
    }

    /** Whether a recursive watch on a nearer ancestor tells the watcher already. */
    private boolean watchesNearer(String path, int from, Watcher watcher) {
        for (int i = from; i < ancestors.count(); i++) {
            int hash = ancestors.hash(i);
            if (WatchBits.any(bits(shardOf(hash), hash, path, ancestors.length(i), watcher), WatchBits.RECURSIVE)) {
                return true;
            }
        }
        return false;
    }

    /** The trigger of the parent's children. */
    private void fireParent(String path, WatchMatches matches) {
        int length = AncestorPaths.parentLength(path);
        int hash = AncestorPaths.hash(path, length);
        WatchShard shard = shardOf(hash);
        int record = shard.find(hash, path, length);
        if (record != 0) {
            String parent = path.substring(0, length);
            int type = WatchEvent.NODE_CHILDREN_CHANGED;
            shard.fire(hash, record, WatchBits.IN_CHILD_TABLE, WatchBits.CHILD, type, parent, matches);
        }
    }

    private boolean hasRecursive() {
        int recursive = 0;
        for (WatchShard shard : shards) {
            recursive += shard.recursiveWatches();
        }
        return recursive > 0;
    }

    private static int bits(WatchShard shard, int hash, String path, int length, Watcher watcher) {
        int record = shard.find(hash, path, length);
        return record == 0 ? 0 : shard.bits(record, watcher);
    }

    private WatchShard shardOf(int hash) {
        return shards[WatchShard.shardOf(hash)];
    }
}
