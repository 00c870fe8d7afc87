/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Each distinct access control list once, under a number (spec persistence 4.2).
 *
 * <p>Thread: changed by {@code core} in the exclusive hold; {@link #get} in a shared hold. Numbers count from 1 and are never
 * given twice. {@link #OPEN} stands for {@code world:anyone} with all permissions on the nodes that the server itself made;
 * it is not in the table, and the same list from a client gets a number like any other. A list that no node uses is kept
 * until {@link #sweep}, so that the watchers of a deleted node can still be told by its list.
 */
public final class AclTable {
    /** The open list of nodes made by the server. */
    public static final long OPEN = -1;

    /** What a number that is not in the table stands for: nobody but a superuser. Never open by accident. */
    private static final List<Acl> NOBODY = List.of(new Acl(0, Id.ANYONE));

    private static final class Entry {
        final long id;
        final List<Acl> acl;
        long uses;

        @Nullable
        Entry next;

        Entry(long id, List<Acl> acl) {
            this.id = id;
            this.acl = acl;
        }
    }

    private final Map<List<Acl>, Entry> byList = new HashMap<>();
    private @Nullable Entry[] buckets = new Entry[16];
    private int size;
    private long lastId;
    private final List<Entry> idle = new ArrayList<>();
    /** The list that came into use last: most often the next one is the same, and comparing costs less than hashing. */
    private @Nullable Entry latest;

    AclTable() {}

    /** The list of a number. */
    public List<Acl> get(long id) {
        if (id == OPEN) {
            return Acl.OPEN;
        }
        Entry entry = find(id);
        return entry == null ? NOBODY : entry.acl;
    }

    /** Every list that comes into use from now on gets a higher number. */
    long newestId() {
        return lastId;
    }

    /** Distinct lists in the table. */
    public int size() {
        return size;
    }

    /** Takes a list into use by one more node and answers its number; null is open. */
    long use(@Nullable List<Acl> acl) {
        if (acl == null) {
            return OPEN;
        }
        Entry entry = latest;
        if (entry == null || (entry.acl != acl && !entry.acl.equals(acl))) {
            entry = byList.get(acl);
            if (entry == null) {
                entry = insert(lastId + 1, List.copyOf(acl));
            }
            latest = entry;
        }
        entry.uses++;
        return entry.id;
    }

    /** One more node uses a number that was read from a snapshot, whether its list is known or not. */
    void use(long id) {
        // A list that came into use while the snapshot was written is missing from it, but its number is on nodes. It
        // must
        // not be given to another list before the replay has put things right.
        lastId = Math.max(lastId, id);
        Entry entry = find(id);
        if (entry != null) {
            entry.uses++;
        }
    }

    /** A node does not use this number any more. */
    void release(long id) {
        Entry entry = id == OPEN ? null : find(id);
        if (entry != null) {
            entry.uses--;
            if (entry.uses == 0) {
                idle.add(entry);
            }
        }
    }

    /** Drops what was released and is not in use again. */
    void sweep() {
        if (idle.isEmpty()) {
            return;
        }
        for (Entry entry : idle) {
            if (entry.uses == 0) {
                remove(entry);
            }
        }
        idle.clear();
    }

    /** Drops everything that no node uses; the end of a load. */
    void sweepAll() {
        idle.clear();
        for (Entry entry : List.copyOf(byList.values())) {
            if (entry.uses == 0) {
                remove(entry);
            }
        }
    }

    /**
     * Registers a list under the number a snapshot gives it; false if the number is taken. A list that stands there under two
     * numbers keeps both.
     */
    boolean load(long id, List<Acl> acl) {
        if (id == OPEN) {
            return true;
        }
        if (find(id) != null) {
            return false;
        }
        insert(id, List.copyOf(acl));
        return true;
    }

    void clear() {
        byList.clear();
        latest = null;
        buckets = new Entry[16];
        size = 0;
        lastId = 0;
        idle.clear();
    }

    /** The table at this moment. */
    Map<Long, List<Acl>> copy() {
        Map<Long, List<Acl>> copy = new HashMap<>();
        for (Entry first : buckets) {
            for (Entry entry = first; entry != null; entry = entry.next) {
                copy.put(entry.id, entry.acl);
            }
        }
        return copy;
    }

    private @Nullable Entry find(long id) {
        Entry entry = buckets[(int) id & (buckets.length - 1)];
        while (entry != null && entry.id != id) {
            entry = entry.next;
        }
        return entry;
    }

    private Entry insert(long id, List<Acl> acl) {
        if (size >= buckets.length) {
            rehash(buckets.length * 2);
        }
        // Access checks know the open list at sight.
        Entry entry = new Entry(id, acl.equals(Acl.OPEN) ? Acl.OPEN : acl);
        link(entry);
        size++;
        byList.putIfAbsent(acl, entry);
        lastId = Math.max(lastId, id);
        return entry;
    }

    private void link(Entry entry) {
        int bucket = (int) entry.id & (buckets.length - 1);
        entry.next = buckets[bucket];
        buckets[bucket] = entry;
    }

    private void rehash(int capacity) {
        @Nullable Entry[] old = buckets;
        buckets = new Entry[capacity];
        for (Entry first : old) {
            Entry entry = first;
            while (entry != null) {
                Entry next = entry.next;
                link(entry);
                entry = next;
            }
        }
    }

    private void remove(Entry entry) {
        if (latest == entry) {
            latest = null;
        }
        int bucket = (int) entry.id & (buckets.length - 1);
        Entry before = null;
        for (Entry at = buckets[bucket]; at != null; before = at, at = at.next) {
            if (at == entry) {
                if (before == null) {
                    buckets[bucket] = at.next;
                } else {
                    before.next = at.next;
                }
                size--;
                byList.remove(entry.acl, entry);
                return;
            }
        }
    }
}
