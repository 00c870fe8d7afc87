/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which proposals are outstanding and who has them (spec quorum 5.1 to 5.3).
 *
 * <p>A server acknowledges in zxid order, and an acknowledgement says that everything before is durable there, too (I5).
 * So one zxid for each server is all there is to remember, and a proposal is decided when the servers at or above it
 * are a quorum of each configuration that was in force when it was proposed. Proposals are decided in order, never past
 * one that is not. Thread: core.
 */
final class AckTracker {
    private final ArrayDeque<Outstanding> outstanding = new ArrayDeque<>();
    private final Map<Long, Long> ackedUpTo = new HashMap<>();

    private record Outstanding(Proposal proposal, Ensembles ensembles) {}

    void propose(Proposal proposal, Ensembles ensembles) {
        outstanding.addLast(new Outstanding(proposal, ensembles));
    }

    /** Notes an acknowledgement; false if it says nothing about any outstanding proposal (spec quorum 5.2). */
    boolean ack(long sid, long zxid) {
        Outstanding oldest = outstanding.peekFirst();
        if (oldest == null
                || Zxid.counter(zxid) == 0
                || zxid < oldest.proposal.zxid()
                || zxid > outstanding.getLast().proposal.zxid()) {
            return false;
        }
        ackedUpTo.merge(sid, zxid, Math::max);
        return true;
    }

    /**
     * Forgets what a server acknowledged. A learner that joins again is told to cut back what is not committed, so its
     * former acknowledgements are no longer true; it will be sent the proposals again.
     */
    void withdraw(long sid) {
        ackedUpTo.remove(sid);
    }

    /** The oldest proposal if it is decided; it is no longer outstanding then. */
    @Nullable
    Proposal pollDecided() {
        Outstanding oldest = outstanding.peekFirst();
        if (oldest == null) {
            return null;
        }
        long zxid = oldest.proposal.zxid();
        if (!oldest.ensembles.isQuorum(sid -> ackedUpTo.getOrDefault(sid, 0L) >= zxid)) {
            return null;
        }
        outstanding.removeFirst();
        return oldest.proposal;
    }

    boolean isEmpty() {
        return outstanding.isEmpty();
    }

    /** The outstanding proposals, oldest first. */
    Iterable<Proposal> proposals() {
        return () -> outstanding.stream().map(Outstanding::proposal).iterator();
    }
}
