/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.session;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * When sessions end: they wait in buckets whose times are multiples of the tick, and a bucket expires as a whole (spec
 * client-protocol 9.2).
 *
 * <pre>
 *   touch at t:  expiry = ((t + timeout) / tick + 1) * tick
 *   due(now):    for each bucket up to now, each session:
 *                  heard since?  -&gt; touched at that time, moves to a later bucket
 *                  else          -&gt; leaves, and is in the answer
 * </pre>
 *
 * <p>So expiry comes between timeout and timeout + tick after the last sign of life, and a session whose connection is on
 * this server costs one look-up per timeout however busy it is. Moving between buckets relinks a ring; the number of
 * buckets is about the longest timeout divided by the tick.
 *
 * <p>Time is any clock of milliseconds that never goes back. Pure. Thread: core.
 */
public final class ExpiryBuckets {
    /** {@link #nextDeadlineMillis} when nothing waits. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private final int tickMillis;
    private final TreeMap<Long, ExpiryEntry> ringByTime = new TreeMap<>();
    private int size;
    private long expired;

    public ExpiryBuckets(int tickMillis) {
        if (tickMillis < 1) {
            throw new IllegalArgumentException("tick " + tickMillis + " ms is less than 1 ms");
        }
        this.tickMillis = tickMillis;
    }

    /** The end of the tick that follows the end of the timeout. */
    public long expiryOf(long touchedMillis, int timeoutMillis) {
        return (Math.floorDiv(touchedMillis + timeoutMillis, (long) tickMillis) + 1) * tickMillis;
    }

    /** The session gives a sign of life, its first or another; its current timeout counts from here. */
    public void touch(Session session, long nowMillis) {
        long expiryMillis = expiryOf(nowMillis, session.timeoutMillis());
        ExpiryEntry entry = session.expiry;
        if (entry == null || entry.holder != this) {
            entry = new ExpiryEntry(this, session);
            session.expiry = entry;
            size++;
        } else if (entry.expiryMillis == expiryMillis) {
            return;
        } else {
            leaveBucket(entry);
        }
        enterBucket(entry, expiryMillis);
    }

    /** The session does not expire any more: it was closed. */
    public void forget(Session session) {
        ExpiryEntry entry = session.expiry;
        if (entry != null && entry.holder == this) {
            leaveBucket(entry);
            session.expiry = null;
            size--;
        }
    }

    /** The sessions that are over at {@code nowMillis}, earliest bucket first; they are not waited for any more. */
    public List<Session> due(long nowMillis, LastHeard lastHeard) {
        List<Session> expired = new ArrayList<>();
        while (nextDeadlineMillis() <= nowMillis) {
            ExpiryEntry ring = ringByTime.pollFirstEntry().getValue();
            for (ExpiryEntry first = ring.next; first.session != null; first = ring.next) {
                settle(first, first.session, nowMillis, lastHeard, expired);
            }
        }
        return expired;
    }

    /** When {@link #due} has something to do next, or {@link #NO_DEADLINE}. */
    public long nextDeadlineMillis() {
        return ringByTime.isEmpty() ? NO_DEADLINE : ringByTime.firstKey();
    }

    public int size() {
        return size;
    }

    /** How many sessions have been over so far. */
    public long expiredCount() {
        return expired;
    }

    /** All buckets, earliest first. */
    public List<ExpiryBucket> dump() {
        List<ExpiryBucket> buckets = new ArrayList<>(ringByTime.size());
        ringByTime.forEach((time, ring) -> {
            List<Long> ids = new ArrayList<>();
            for (ExpiryEntry entry = ring.next; entry.session != null; entry = entry.next) {
                ids.add(entry.session.id());
            }
            buckets.add(new ExpiryBucket(time, ids));
        });
        return buckets;
    }

    private void settle(
            ExpiryEntry entry, Session session, long nowMillis, LastHeard lastHeard, List<Session> expired) {
        entry.unlink();
        long heardMillis = lastHeard.millisOf(session.id());
        long expiryMillis =
                heardMillis == LastHeard.NEVER ? entry.expiryMillis : expiryOf(heardMillis, session.timeoutMillis());
        if (expiryMillis > nowMillis) {
            enterBucket(entry, expiryMillis);
        } else {
            session.expiry = null;
            size--;
            this.expired++;
            expired.add(session);
        }
    }

    private void enterBucket(ExpiryEntry entry, long expiryMillis) {
        entry.expiryMillis = expiryMillis;
        entry.insertBefore(ringByTime.computeIfAbsent(expiryMillis, time -> new ExpiryEntry(this, null)));
    }

    private void leaveBucket(ExpiryEntry entry) {
        boolean last = entry.previous == entry.next;
        entry.unlink();
        if (last) {
            ringByTime.remove(entry.expiryMillis);
        }
    }
}
