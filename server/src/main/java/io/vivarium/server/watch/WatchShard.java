/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watches on the paths of one slice of the hash range, packed into ints.
 *
 * <pre>
 *   buckets[hash] --&gt; record number --&gt; { text in the PathArena | holders | next record in the bucket }
 *   holders &gt; 0   one watcher: its number in WatcherSlots, shifted left by 4, and its {@link WatchBits}
 *   holders &lt; 0   ~index of a crowd: an IntTable of such ints, one per watcher
 * </pre>
 *
 * <p>Most paths have one watcher, and then a watch costs 12 bytes of record, about 6 of bucket, about 6 in the set of its
 * watcher, and the text. Nothing of this shows outside of the package. Memory is given back when the shard is empty.
 *
 * <p>Not thread-safe: {@link WatchTable} locks.
 */
final class WatchShard {
    private static final int BITS_WIDTH = 4;
    private static final int MIN_BUCKETS = 8;
    private static final int SPREAD = 0x9E3779B9;

    private static final int TEXT = 0;
    private static final int HOLDERS = 1;
    private static final int NEXT = 2;
    private static final int FIELDS = 3;
    private static final int PAGE_SHIFT = 7;
    private static final int PAGE_RECORDS = 1 << PAGE_SHIFT;

    private PathArena texts = new PathArena();
    private WatcherSlots watchers = new WatcherSlots();
    private final List<int[]> pages = new ArrayList<>();
    private final List<@Nullable IntTable> crowds = new ArrayList<>();
    private final Deque<Integer> freeCrowds = new ArrayDeque<>();
    private int[] buckets = new int[MIN_BUCKETS];
    /** Records are numbered from 1; 0 ends every list. */
    private int top = 1;

    private int firstFree;
    private int paths;
    private int dataWatches;
    private int childWatches;
    private int recursiveWatches;

    int dataWatches() {
        return dataWatches;
    }

    int childWatches() {
        return childWatches;
    }

    int recursiveWatches() {
        return recursiveWatches;
    }

    /** The record of the first {@code length} characters of {@code path}, or 0. The hash is that of this prefix. */
    int find(int hash, String path, int length) {
        int record = buckets[bucketOf(hash)];
        while (record != 0 && !texts.matches(get(record, TEXT), path, length)) {
            record = get(record, NEXT);
        }
        return record;
    }

    void add(int hash, String path, Watcher watcher, int bit) {
        int record = find(hash, path, path.length());
        if (record == 0) {
            record = addRecord(hash, path);
        }
        int number = watchers.addPath(watcher, record);
        int old = bitsOf(record, number);
        setBits(record, number, old, old | bit);
    }

    /** The watcher's bits on a record, 0 for none. */
    int bits(int record, Watcher watcher) {
        int number = watchers.find(watcher);
        return number == 0 ? 0 : bitsOf(record, number);
    }

    /** Takes bits from a watcher that has some of them. */
    void remove(int hash, int record, Watcher watcher, int bits) {
        int number = watchers.find(watcher);
        int old = bitsOf(record, number);
        setBits(record, number, old, old & ~bits);
        if ((old & ~bits) == 0) {
            watchers.removePath(number, record);
            dropIfUnwatched(hash, record);
        }
    }

    void removeAll(Watcher watcher) {
        int number = watchers.find(watcher);
        if (number == 0) {
            return;
        }
        for (int record : watchers.removeAll(number)) {
            setBits(record, number, bitsOf(record, number), 0);
            dropIfUnwatched(texts.hash(get(record, TEXT)), record);
        }
    }

    /** Tells all who have one of the wanted bits, and takes the one-shot bits from them. */
    void fire(int hash, int record, int wanted, int oneShot, int eventType, String path, WatchMatches matches) {
        int gone = 0;
        for (int slot = 0; slot < slots(record); slot++) {
            int holder = holderAt(record, slot);
            if (WatchBits.any(holder, wanted)) {
                Watcher watcher = watchers.get(holder >>> BITS_WIDTH);
                int left = holder & ~oneShot;
                count(holder, left);
                setHolderAt(record, slot, left);
                if (!WatchBits.any(left, WatchBits.ALL)) {
                    watchers.removePath(holder >>> BITS_WIDTH, record);
                    gone++;
                }
                matches.onMatch(watcher, eventType, path);
            }
        }
        if (gone > 0) {
            thinOut(record);
            dropIfUnwatched(hash, record);
        }
    }

    /** Shows all watchers of a record who have one of the wanted bits. */
    void show(int record, int wanted, WatchVisitor visitor, String path) {
        for (int slot = 0; slot < slots(record); slot++) {
            int holder = holderAt(record, slot);
            if (WatchBits.any(holder, wanted)) {
                visitor.onWatch(path, watchers.get(holder >>> BITS_WIDTH));
            }
        }
    }

    void showAll(int wanted, WatchVisitor visitor) {
        for (int record = 1; record < top; record++) {
            if (get(record, HOLDERS) != 0) {
                show(record, wanted, visitor, texts.text(get(record, TEXT)));
            }
        }
    }

    /** Adds the watchers with a wanted bit to {@code found}; answers the number of paths that have one. */
    int collect(int wanted, Set<Watcher> found) {
        int counted = 0;
        for (int record = 1; record < top; record++) {
            boolean watched = false;
            for (int slot = 0; slot < slots(record); slot++) {
                int holder = holderAt(record, slot);
                if (WatchBits.any(holder, wanted)) {
                    watched = true;
                    found.add(watchers.get(holder >>> BITS_WIDTH));
                }
            }
            counted += watched ? 1 : 0;
        }
        return counted;
    }

    /** How many slots {@link #holderAt} knows for a record. */
    private int slots(int record) {
        int holders = get(record, HOLDERS);
        return holders < 0 ? crowd(holders).capacity() : 1;
    }

    /** One watcher's number and bits, or 0 for an empty slot. */
    private int holderAt(int record, int slot) {
        int holders = get(record, HOLDERS);
        return holders < 0 ? crowd(holders).at(slot) : holders;
    }

    private void setHolderAt(int record, int slot, int holder) {
        int holders = get(record, HOLDERS);
        if (holders < 0) {
            crowd(holders).replaceAt(slot, holder);
        } else {
            set(record, HOLDERS, holder);
        }
    }

    private int bitsOf(int record, int number) {
        int holders = get(record, HOLDERS);
        int holder = holders < 0 ? crowd(holders).find(number) : holders;
        return holder >>> BITS_WIDTH == number ? holder & WatchBits.ALL : 0;
    }

    private void setBits(int record, int number, int old, int bits) {
        count(old, bits);
        int holder = number << BITS_WIDTH | bits;
        int holders = get(record, HOLDERS);
        if (holders < 0) {
            IntTable crowd = crowd(holders);
            if (bits != 0) {
                crowd.put(holder);
                return;
            }
            crowd.remove(number);
            dissolveIfAlone(record, crowd);
        } else if (holders == 0 || holders >>> BITS_WIDTH == number) {
            set(record, HOLDERS, bits == 0 ? 0 : holder);
        } else {
            IntTable crowd = new IntTable(BITS_WIDTH);
            crowd.put(holders);
            crowd.put(holder);
            set(record, HOLDERS, ~addCrowd(crowd));
        }
    }

    /** Drops those whom a firing left without bits. */
    private void thinOut(int record) {
        int holders = get(record, HOLDERS);
        if (holders >= 0) {
            set(record, HOLDERS, WatchBits.any(holders, WatchBits.ALL) ? holders : 0);
            return;
        }
        IntTable crowd = crowd(holders);
        IntTable left = new IntTable(BITS_WIDTH);
        for (int slot = 0; slot < crowd.capacity(); slot++) {
            if (WatchBits.any(crowd.at(slot), WatchBits.ALL)) {
                left.put(crowd.at(slot));
            }
        }
        crowds.set(~holders, left);
        dissolveIfAlone(record, left);
    }

    /** A crowd of one or none is no crowd any more. */
    private void dissolveIfAlone(int record, IntTable crowd) {
        if (crowd.size() > 1) {
            return;
        }
        int last = 0;
        for (int slot = 0; slot < crowd.capacity(); slot++) {
            last |= crowd.at(slot);
        }
        int index = ~get(record, HOLDERS);
        crowds.set(index, null);
        freeCrowds.push(index);
        set(record, HOLDERS, last);
    }

    private int addCrowd(IntTable crowd) {
        Integer index = freeCrowds.poll();
        if (index == null) {
            crowds.add(crowd);
            return crowds.size() - 1;
        }
        crowds.set(index, crowd);
        return index;
    }

    private IntTable crowd(int holders) {
        IntTable crowd = crowds.get(~holders);
        if (crowd == null) {
            throw new IllegalStateException("crowd " + ~holders + " is gone");
        }
        return crowd;
    }

    private void count(int old, int bits) {
        dataWatches += present(bits, WatchBits.IN_DATA_TABLE) - present(old, WatchBits.IN_DATA_TABLE);
        childWatches += present(bits, WatchBits.IN_CHILD_TABLE) - present(old, WatchBits.IN_CHILD_TABLE);
        recursiveWatches += present(bits, WatchBits.RECURSIVE) - present(old, WatchBits.RECURSIVE);
    }

    private static int present(int bits, int wanted) {
        return WatchBits.any(bits, wanted) ? 1 : 0;
    }

    private int addRecord(int hash, String path) {
        if (paths == buckets.length) {
            growBuckets();
        }
        int record = firstFree;
        if (record != 0) {
            firstFree = get(record, NEXT);
        } else {
            record = top++;
            if (record >> PAGE_SHIFT == pages.size()) {
                pages.add(new int[PAGE_RECORDS * FIELDS]);
            }
        }
        set(record, TEXT, texts.add(path));
        link(hash, record);
        paths++;
        return record;
    }

    private void dropIfUnwatched(int hash, int record) {
        if (get(record, HOLDERS) != 0) {
            return;
        }
        unlink(hash, record);
        texts.remove(get(record, TEXT));
        set(record, NEXT, firstFree);
        firstFree = record;
        paths--;
        if (paths == 0 && pages.size() > 1) {
            reset();
        }
    }

    private void link(int hash, int record) {
        int bucket = bucketOf(hash);
        set(record, NEXT, buckets[bucket]);
        buckets[bucket] = record;
    }

    private void unlink(int hash, int record) {
        int bucket = bucketOf(hash);
        int next = get(record, NEXT);
        if (buckets[bucket] == record) {
            buckets[bucket] = next;
            return;
        }
        int before = buckets[bucket];
        while (get(before, NEXT) != record) {
            before = get(before, NEXT);
        }
        set(before, NEXT, next);
    }

    private void growBuckets() {
        buckets = new int[buckets.length * 2];
        for (int record = 1; record < top; record++) {
            if (get(record, HOLDERS) != 0) {
                link(texts.hash(get(record, TEXT)), record);
            }
        }
    }

    private void reset() {
        texts = new PathArena();
        watchers = new WatcherSlots();
        pages.clear();
        crowds.clear();
        freeCrowds.clear();
        buckets = new int[MIN_BUCKETS];
        top = 1;
        firstFree = 0;
    }

    /** The highest bits of the spread hash chose the shard; the bucket is chosen by those below them. */
    private int bucketOf(int hash) {
        return ((hash * SPREAD) << WatchTable.SHARD_BITS) >>> (Integer.numberOfLeadingZeros(buckets.length) + 1);
    }

    static int shardOf(int hash) {
        return (hash * SPREAD) >>> (Integer.SIZE - WatchTable.SHARD_BITS);
    }

    private int get(int record, int field) {
        return pages.get(record >> PAGE_SHIFT)[(record & (PAGE_RECORDS - 1)) * FIELDS + field];
    }

    private void set(int record, int field, int value) {
        pages.get(record >> PAGE_SHIFT)[(record & (PAGE_RECORDS - 1)) * FIELDS + field] = value;
    }
}
