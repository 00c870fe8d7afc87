/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ephemeral znodes of each session.
 *
 * <p>Thread: changed by {@code core} in the exclusive hold; read in a shared hold, copies only. Spec: client-protocol 5.6.
 */
public final class EphemeralIndex {
    private final Map<Long, PathSet> bySession = new HashMap<>();
    private int size;

    EphemeralIndex() {}

    /** Ephemeral znodes of all sessions. */
    public int size() {
        return size;
    }

    /** Sessions that own at least one. */
    public int sessionCount() {
        return bySession.size();
    }

    /** The paths of one session, in no order. */
    public List<String> of(long session) {
        PathSet paths = bySession.get(session);
        if (paths == null) {
            return List.of();
        }
        List<String> copy = new ArrayList<>(paths.size());
        paths.copyTo(copy);
        return copy;
    }

    /** How many a session owns. */
    public int count(long session) {
        PathSet paths = bySession.get(session);
        return paths == null ? 0 : paths.size();
    }

    /** Every session that owns ephemerals, with their paths. */
    public Map<Long, List<String>> copy() {
        Map<Long, List<String>> copy = new HashMap<>();
        for (Long session : bySession.keySet()) {
            copy.put(session, of(session));
        }
        return copy;
    }

    /** Owners that are not among the sessions; their nodes have outlived them (spec persistence 6.1, step 7). */
    List<Long> ownersOutside(Set<Long> sessions) {
        List<Long> dead = new ArrayList<>();
        for (Long owner : bySession.keySet()) {
            if (!sessions.contains(owner)) {
                dead.add(owner);
            }
        }
        dead.sort(null);
        return dead;
    }

    void add(long session, String path) {
        if (bySession.computeIfAbsent(session, id -> new PathSet()).add(path)) {
            size++;
        }
    }

    void remove(long session, String path) {
        PathSet paths = bySession.get(session);
        if (paths != null && paths.remove(path)) {
            size--;
            if (paths.isEmpty()) {
                bySession.remove(session);
            }
        }
    }

    void clear() {
        bySession.clear();
        size = 0;
    }
}
