/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import java.util.concurrent.locks.StampedLock;

/**
 * Keeps readers and the one writer of the tree apart.
 *
 * <p>Thread: any for the shared side; {@code core} takes the exclusive side, and, while no role serves, whoever has claimed
 * the tree to fill it anew ({@code TreeClaim}). Neither side is reentrant, and no holder may block on anything else. The
 * shared side is held for a piece of a burst of reads, the exclusive side for one batch of applied transactions, so both
 * waits are bounded by work in memory. What a client must see in one moment (value and watch, event and reply) happens inside
 * one hold. Decision and alternatives: docs/adr/0004.
 */
public final class TreeGate {
    private final StampedLock lock = new StampedLock();

    /** Enters the shared side; the stamp goes to {@link #leaveShared}. */
    public long enterShared() {
        return lock.readLock();
    }

    public void leaveShared(long stamp) {
        lock.unlockRead(stamp);
    }

    /** Enters the exclusive side; the stamp goes to {@link #leaveExclusive}. */
    public long enterExclusive() {
        return lock.writeLock();
    }

    public void leaveExclusive(long stamp) {
        lock.unlockWrite(stamp);
    }
}
