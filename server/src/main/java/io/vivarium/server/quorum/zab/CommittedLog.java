/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The most recent applied transactions, from which learners that were away for a moment are brought up to date (spec
 * quorum 2.3).
 *
 * <p>Whoever applies transactions adds them, in order, also while restoring from disk and while syncing with a leader
 * (ZOOKEEPER-4925). Bounded by entries and by bytes; the newest entry always stays. Thread: core.
 */
public final class CommittedLog {
    /** Default and minimum of {@code zookeeper.commitLogCount}. */
    public static final int DEFAULT_ENTRIES = 500;

    private final int maxEntries;
    private final long maxBytes;
    private final ArrayDeque<Proposal> entries = new ArrayDeque<>();
    private long bytes;

    /**
     * @param maxEntries the most transactions kept, at least 1
     * @param maxBytes the most bytes of serialized transactions kept
     */
    public CommittedLog(int maxEntries, long maxBytes) {
        if (maxEntries < 1) {
            throw new IllegalArgumentException("commitLogCount is " + maxEntries + ", it must be at least 1");
        }
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
    }

    /** Adds the next transaction; one that is in already is ignored, a hole is an error of this server. */
    public void add(Proposal proposal) {
        if (!entries.isEmpty()) {
            long last = entries.getLast().zxid();
            if (proposal.zxid() <= last) {
                return;
            }
            if (proposal.zxid() != last + 1 && Zxid.epoch(proposal.zxid()) <= Zxid.epoch(last)) {
                throw Invariant.broken(
                        "I8",
                        "committed log would jump from "
                                + Zxid.toString(last)
                                + " to "
                                + Zxid.toString(proposal.zxid()));
            }
        }
        entries.addLast(proposal);
        bytes += proposal.txn().length;
        while (entries.size() > maxEntries || (bytes > maxBytes && entries.size() > 1)) {
            bytes -= entries.removeFirst().txn().length;
        }
    }

    /** Forgets everything; for a tree that was replaced by an image or cut back. */
    public void clear() {
        entries.clear();
        bytes = 0;
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    public int size() {
        return entries.size();
    }

    /** The entries, oldest first, as they are now. */
    public List<Proposal> copy() {
        return new ArrayList<>(entries);
    }
}
