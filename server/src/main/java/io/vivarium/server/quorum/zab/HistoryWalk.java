/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.PacketType;

/**
 * The walk over a history that finds what a learner lacks (spec quorum 4, "Walk").
 *
 * <p>It is shown the leader's transactions in ascending order, first those on disk, then those in memory, and chooses
 * the packet to begin with on the way: DIFF if the learner's last transaction is met, TRUNC if it is missing in the
 * leader's history. Pure; one walk is one object.
 */
final class HistoryWalk {
    private final long position;
    private final long newest;
    private long previous = -1;
    private long lastSent = -1;
    private int operation;
    private long operationZxid;
    private boolean givenUp;

    /**
     * @param position the learner's last zxid
     * @param newest the newest zxid of the history, which DIFF names
     */
    HistoryWalk(long position, long newest) {
        this.position = position;
        this.newest = newest;
    }

    /** Shows the next transaction; true if it must be sent. */
    boolean offer(long zxid) {
        if (givenUp) {
            return false;
        }
        if (zxid < position) {
            previous = zxid;
            return false;
        }
        if (operation == 0) {
            if (zxid == position) {
                choose(PacketType.DIFF, newest);
                lastSent = zxid;
                return false;
            }
            if (!beginsAtEpoch() && !branchesOff(zxid)) {
                return false;
            }
        }
        if (zxid <= lastSent) {
            return false;
        }
        lastSent = zxid;
        return true;
    }

    /** The learner's zxid is the start of an epoch: no transaction has it, so what follows simply follows. */
    private boolean beginsAtEpoch() {
        if (Zxid.counter(position) != 0) {
            return false;
        }
        choose(PacketType.DIFF, newest);
        return true;
    }

    /** The learner has a transaction that this history never had; false if the walk cannot tell where they part. */
    private boolean branchesOff(long zxid) {
        // Across epochs stock gives up here, and so do we; without any earlier transaction there is nothing to cut to.
        if (Zxid.epoch(zxid) != Zxid.epoch(position) || previous == -1) {
            givenUp = true;
            return false;
        }
        choose(PacketType.TRUNC, previous);
        return true;
    }

    /** After the last transaction: an epoch start with nothing behind it is a DIFF of nothing. */
    void finish() {
        if (operation == 0 && !givenUp && Zxid.counter(position) == 0) {
            choose(PacketType.DIFF, newest);
        }
    }

    private void choose(int packetType, long zxid) {
        operation = packetType;
        operationZxid = zxid;
    }

    boolean hasChosen() {
        return operation != 0;
    }

    int operation() {
        return operation;
    }

    long operationZxid() {
        return operationZxid;
    }

    /** The newest transaction that was met at or above the learner's position; -1 if none was. */
    long lastSent() {
        return lastSent;
    }
}
