/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.persistence.recovery.TxnSink;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.quorum.zab.Proposal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest transactions of a replay, for the committed log (spec quorum 2.3).
 *
 * <p>Thread: the loader's. They are serialized again, as stock does; bytes of one zxid may differ (spec quorum 4).
 */
public final class RecentTxns implements TxnSink {
    private final int maxEntries;
    private final ArrayDeque<LoggedTxn> entries = new ArrayDeque<>();

    /** @param maxEntries as many as the committed log keeps */
    public RecentTxns(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    @Override
    public void apply(LoggedTxn txn) {
        // A zxid that goes back was applied again; the committed log has it.
        if (!entries.isEmpty() && txn.zxid() <= entries.getLast().zxid()) {
            return;
        }
        entries.addLast(txn);
        if (entries.size() > maxEntries) {
            entries.removeFirst();
        }
    }

    /** Forgets a replay that was given up. */
    public void clear() {
        entries.clear();
    }

    /** Oldest first. */
    public List<Proposal> proposals() {
        List<Proposal> proposals = new ArrayList<>(entries.size());
        JuteWriter scratch = new JuteWriter(1024);
        for (LoggedTxn txn : entries) {
            scratch.clear();
            txn.write(scratch);
            proposals.add(new Proposal(txn.zxid(), scratch.toByteArray()));
        }
        return proposals;
    }
}
