/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.protocol.data.Zxid;

/**
 * Whether records follow one another without a hole. Pure (spec persistence 3.6, the rule of 3.9.4+).
 *
 * <p>Stock compares records only. Here the first one is compared with the snapshot as well: if the log that a snapshot
 * needs is gone, the tree would silently lack what stood in it.
 */
final class Continuity {
    /** How a record stands to what was before it. */
    enum Step {
        /** The next one, or the first of a higher epoch. */
        NEXT,
        /** Not above the last one: stock applies it all the same. */
        BACK,
        /** Records between are missing, or may be. */
        GAP
    }

    private long last;
    private boolean torn;

    /** @param start zxid of the snapshot; 0 without one */
    Continuity(long start) {
        this.last = start;
    }

    long last() {
        return last;
    }

    /** Something that does not read stands here: whether it was a record shows in the next one's number only. */
    void torn() {
        torn = true;
    }

    /** Judges a record and, unless it is a {@link Step#GAP}, takes it as the last one. */
    Step next(long zxid) {
        if (zxid <= last) {
            return Step.BACK;
        }
        // A new epoch may begin anywhere behind the old one, if that is known to have ended here.
        if ((torn || Zxid.epoch(zxid) == Zxid.epoch(last)) && zxid != last + 1) {
            return Step.GAP;
        }
        last = zxid;
        torn = false;
        return Step.NEXT;
    }
}
