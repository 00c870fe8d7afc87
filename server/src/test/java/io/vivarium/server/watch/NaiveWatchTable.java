/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.ZnodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The watch table of plain maps that the compact one is compared with. */
final class NaiveWatchTable {
    private final Map<String, Map<Watcher, Integer>> byPath = new HashMap<>();
    private final IdentityHashMap<Watcher, Set<String>> byWatcher = new IdentityHashMap<>();

    /** One-shot watch on data and existence: exists, getData. */
    void watchData(String path, Watcher watcher) {
        add(path, watcher, WatchBits.DATA);
    }

    /** One-shot watch on the children: getChildren. */
    void watchChildren(String path, Watcher watcher) {
        add(path, watcher, WatchBits.CHILD);
    }

    /** addWatch, with {@link WatchMode#PERSISTENT} or {@link WatchMode#PERSISTENT_RECURSIVE}. */
    void watchPersistently(String path, WatchMode mode, Watcher watcher) {
        add(path, watcher, WatchBits.ofAddWatch(mode));
    }

    /** Whether the watcher has a watch of this type on exactly this path. */
    synchronized boolean contains(String path, WatcherType type, Watcher watcher) {
        Map<Watcher, Integer> watchers = byPath.get(path);
        return watchers != null && WatchBits.any(watchers.getOrDefault(watcher, 0), type.bits());
    }

    /** Removes the watches of this type on exactly this path; false, error -121, when there was none. */
    synchronized boolean remove(String path, WatcherType type, Watcher watcher) {
        Map<Watcher, Integer> watchers = byPath.get(path);
        int bits = watchers == null ? 0 : watchers.getOrDefault(watcher, 0);
        if (!WatchBits.any(bits, type.bits())) {
            return false;
        }
        keep(path, watcher, bits & ~type.bits());
        return true;
    }

    /** Forgets a watcher: its connection closed. */
    synchronized void removeAll(Watcher watcher) {
        Set<String> paths = byWatcher.remove(watcher);
        if (paths != null) {
            for (String path : paths) {
                Map<Watcher, Integer> watchers = byPath.get(path);
                watchers.remove(watcher);
                if (watchers.isEmpty()) {
                    byPath.remove(path);
                }
            }
        }
    }

    /** A node came to be. */
    void nodeCreated(String path, WatchMatches matches) {
        fire(path, WatchBits.DATA, WatchEvent.NODE_CREATED, matches);
        fireParent(path, matches);
    }

    /** A node went away, for whatever reason. */
    void nodeDeleted(String path, WatchMatches matches) {
        fire(path, WatchBits.DATA | WatchBits.CHILD, WatchEvent.NODE_DELETED, matches);
        fireParent(path, matches);
    }

    /** A node's data was set, if only to what it was. */
    void nodeDataChanged(String path, WatchMatches matches) {
        fire(path, WatchBits.DATA, WatchEvent.NODE_DATA_CHANGED, matches);
    }

    synchronized int size() {
        int size = 0;
        for (Map<Watcher, Integer> watchers : byPath.values()) {
            for (int bits : watchers.values()) {
                size += WatchBits.any(bits, WatchBits.IN_DATA_TABLE) ? 1 : 0;
                size += WatchBits.any(bits, WatchBits.IN_CHILD_TABLE) ? 1 : 0;
            }
        }
        return size;
    }

    synchronized WatchCounts counts() {
        Set<String> paths = new HashSet<>();
        Set<Watcher> watchers = new HashSet<>();
        int[] watches = new int[1];
        forEachDataWatch((path, watcher) -> {
            paths.add(path);
            watchers.add(watcher);
            watches[0]++;
        });
        return new WatchCounts(watchers.size(), paths.size(), watches[0]);
    }

    synchronized void forEachDataWatch(WatchVisitor visitor) {
        byPath.forEach((path, watchers) -> watchers.forEach((watcher, bits) -> {
            if (WatchBits.any(bits, WatchBits.IN_DATA_TABLE)) {
                visitor.onWatch(path, watcher);
            }
        }));
    }

    private synchronized void add(String path, Watcher watcher, int bit) {
        byPath.computeIfAbsent(path, p -> new LinkedHashMap<>()).merge(watcher, bit, (a, b) -> a | b);
        byWatcher.computeIfAbsent(watcher, w -> new HashSet<>()).add(path);
    }

    private synchronized void fire(String path, int oneShot, int eventType, WatchMatches matches) {
        IdentityHashMap<Watcher, Boolean> told = new IdentityHashMap<>();
        int wanted = oneShot | WatchBits.PERSISTENT | WatchBits.RECURSIVE;
        for (Map.Entry<Watcher, Integer> entry : entriesOf(path)) {
            if (WatchBits.any(entry.getValue(), wanted)) {
                told.put(entry.getKey(), true);
                keep(path, entry.getKey(), entry.getValue() & ~oneShot);
                matches.onMatch(entry.getKey(), eventType, path);
            }
        }
        for (String above = path; above.length() > 1; ) {
            above = parentOf(above);
            for (Map.Entry<Watcher, Integer> entry : entriesOf(above)) {
                if (WatchBits.any(entry.getValue(), WatchBits.RECURSIVE) && told.put(entry.getKey(), true) == null) {
                    matches.onMatch(entry.getKey(), eventType, path);
                }
            }
        }
    }

    private synchronized void fireParent(String path, WatchMatches matches) {
        String parent = parentOf(path);
        for (Map.Entry<Watcher, Integer> entry : entriesOf(parent)) {
            if (WatchBits.any(entry.getValue(), WatchBits.CHILD | WatchBits.PERSISTENT)) {
                keep(parent, entry.getKey(), entry.getValue() & ~WatchBits.CHILD);
                matches.onMatch(entry.getKey(), WatchEvent.NODE_CHILDREN_CHANGED, parent);
            }
        }
    }

    private List<Map.Entry<Watcher, Integer>> entriesOf(String path) {
        List<Map.Entry<Watcher, Integer>> copy = new ArrayList<>();
        byPath.getOrDefault(path, Map.of()).forEach((watcher, bits) -> copy.add(Map.entry(watcher, bits)));
        return copy;
    }

    private void keep(String path, Watcher watcher, int bits) {
        if (bits != 0) {
            byPath.get(path).put(watcher, bits);
            return;
        }
        byPath.get(path).remove(watcher);
        byWatcher.get(watcher).remove(path);
        if (byPath.get(path).isEmpty()) {
            byPath.remove(path);
        }
        if (byWatcher.get(watcher).isEmpty()) {
            byWatcher.remove(watcher);
        }
    }

    private static String parentOf(String path) {
        String parent = ZnodePath.parentOf(path);
        return parent.isEmpty() ? ZnodePath.ROOT : parent;
    }
}
