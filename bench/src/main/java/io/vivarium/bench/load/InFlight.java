/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

/**
 * Requests of one session that wait for their replies, oldest first.
 *
 * <p>Replies come in the order of requests (spec client-protocol 3), so a ring of start times is all the bookkeeping.
 * Thread: one.
 */
public final class InFlight {
    private final long[] startNanos;
    private final int[] xids;
    private final byte[] kinds;
    private int head;
    private int size;

    public InFlight(int depth) {
        if (depth < 1) {
            throw new IllegalArgumentException("depth " + depth + " is below 1");
        }
        this.startNanos = new long[depth];
        this.xids = new int[depth];
        this.kinds = new byte[depth];
    }

    public int size() {
        return size;
    }

    public int room() {
        return xids.length - size;
    }

    public void add(int xid, int kind, long nanos) {
        int slot = head + size;
        if (slot >= xids.length) {
            slot -= xids.length;
        }
        startNanos[slot] = nanos;
        xids[slot] = xid;
        kinds[slot] = (byte) kind;
        size++;
    }

    /** True if a reply with that xid is the one that must come next. */
    public boolean expects(int xid) {
        return size > 0 && xids[head] == xid;
    }

    public int oldestKind() {
        return kinds[head];
    }

    public long oldestStartNanos() {
        return startNanos[head];
    }

    public void removeOldest() {
        head = head + 1 == xids.length ? 0 : head + 1;
        size--;
    }

    /** Tells of each that waits, oldest first. */
    public void forEach(Waiting each) {
        for (int i = 0; i < size; i++) {
            int slot = (head + i) % xids.length;
            each.accept(kinds[slot], startNanos[slot]);
        }
    }

    /** Is told of a request that waits. */
    @FunctionalInterface
    public interface Waiting {
        void accept(int kind, long startNanos);
    }

    /** Forgets all and tells how many there were. */
    public int clear() {
        int lost = size;
        head = 0;
        size = 0;
        return lost;
    }
}
