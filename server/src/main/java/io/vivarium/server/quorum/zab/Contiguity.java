/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;

/**
 * Whether one transaction may follow another in a history (I7).
 *
 * <p>Within an epoch the counter rises by one; an epoch begins with one. Behind an image the first transaction may be
 * part of the image already (spec quorum 18, trap 7), but none may be missing between them. A learner that lets a hole
 * pass would keep it for ever: 3.5 leaders could send one (ZOOKEEPER-2418). Thread: core.
 */
final class Contiguity {
    private long last;
    private boolean behindImage;

    private Contiguity(long last, boolean behindImage) {
        this.last = last;
        this.behindImage = behindImage;
    }

    /** What follows a history that ends with this zxid. */
    static Contiguity after(long zxid) {
        return new Contiguity(zxid, false);
    }

    /** What follows an image of this zxid. */
    static Contiguity afterImage(long zxid) {
        return new Contiguity(zxid, true);
    }

    /** Takes the next transaction; false if it does not follow. */
    boolean accept(long zxid) {
        boolean follows = zxid == last + 1
                || (behindImage && zxid <= last)
                || (Zxid.epoch(zxid) > Zxid.epoch(last) && Zxid.counter(zxid) == 1);
        if (follows) {
            last = zxid;
            behindImage = false;
        }
        return follows;
    }

    /** True if the transaction was accepted before, or lies before the history that was taken over. */
    boolean covers(long zxid) {
        return zxid <= last;
    }

    @Override
    public String toString() {
        return (behindImage ? "an image of " : "") + Zxid.toString(last);
    }
}
