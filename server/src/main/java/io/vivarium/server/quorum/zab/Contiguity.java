/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;

/**
 * Whether one transaction may follow another in a history (I7).
 *
 * <p>Within an epoch the counter rises by one; an epoch begins with one. After an image the first transaction is free,
 * because it may be part of the image already (spec quorum 18, trap 7). A learner that lets a hole pass would keep it for
 * ever: 3.5 leaders could send one (ZOOKEEPER-2418). Thread: core.
 */
final class Contiguity {
    private static final long ANY = -1;

    private long last;

    private Contiguity(long last) {
        this.last = last;
    }

    static Contiguity after(long zxid) {
        return new Contiguity(zxid);
    }

    static Contiguity free() {
        return new Contiguity(ANY);
    }

    /** Takes the next transaction; false if it does not follow. */
    boolean accept(long zxid) {
        boolean follows =
                last == ANY || zxid == last + 1 || (Zxid.epoch(zxid) > Zxid.epoch(last) && Zxid.counter(zxid) == 1);
        if (follows) {
            last = zxid;
        }
        return follows;
    }

    /** True if the transaction was accepted before, or lies before the history that was taken over. */
    boolean covers(long zxid) {
        return last != ANY && zxid <= last;
    }

    @Override
    public String toString() {
        return last == ANY ? "an image" : Zxid.toString(last);
    }
}
