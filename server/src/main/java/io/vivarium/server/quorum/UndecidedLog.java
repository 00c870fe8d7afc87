/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.pipeline.Replica;
import io.vivarium.server.quorum.zab.Proposal;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What was given to the log and is not decided: the difference between the log and the tree. Thread: core.
 *
 * <p>When a role ends it is applied, so that tree and log are one history again; whether it stays is the next leader's to say
 * (spec quorum 2.3). Nothing has to be read from disk for it.
 */
final class UndecidedLog {
    /**
     * @param txn what the bytes say; null where the replica knows it, because it made it
     * @param nanos when it was given to the log
     */
    record Entry(Proposal proposal, @Nullable LoggedTxn txn, long nanos) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    void logged(Proposal proposal, @Nullable LoggedTxn txn, long nowNanos) {
        entries.addLast(new Entry(proposal, txn, nowNanos));
    }

    /**
     * A transaction is decided. Decisions come in the order of the log; what goes straight into an image was never in it.
     *
     * @return what was noted of it; null if it was never given to the log
     */
    @Nullable
    Entry decided(long zxid) {
        Entry first = entries.peekFirst();
        if (first == null || first.proposal.zxid() != zxid) {
            return null;
        }
        entries.removeFirst();
        return first;
    }

    /** The zxid that was given to the log last, if it is not decided. */
    OptionalLong lastZxid() {
        Entry last = entries.peekLast();
        return last == null ? OptionalLong.empty() : OptionalLong.of(last.proposal.zxid());
    }

    /** The log is durable, its role is over: the tree catches up. */
    void applyAll(Replica replica) {
        Entry entry;
        while ((entry = entries.pollFirst()) != null) {
            Proposal proposal = entry.proposal;
            LoggedTxn txn = entry.txn == null ? replica.read(proposal.zxid(), proposal.txn()) : entry.txn;
            replica.decided(txn, proposal.txn());
        }
        replica.settle();
    }

    void clear() {
        entries.clear();
    }
}
