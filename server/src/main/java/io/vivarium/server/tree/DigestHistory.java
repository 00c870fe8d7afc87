/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.txn.TxnDigest;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares the tree's digest with those that others computed, and remembers some of its values (spec persistence 5).
 *
 * <p>Thread: {@code core}. While the digest of a fuzzy snapshot waits for its zxid, only that one is compared; without it,
 * each transaction's own. A mismatch is counted, never fatal: whoever steps the tree reads {@link #mismatches} and
 * warns.
 */
public final class DigestHistory {
    /** One remembered value. */
    public record Entry(long zxid, long digest) {}

    private static final int INTERVAL = 128;
    private static final int LARGEST = 1024;

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private @Nullable Entry pending;
    private long mismatches;
    private long lastMismatch = -1;
    private boolean suspended;

    DigestHistory() {}

    /** Remembered values, oldest first. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Comparisons that failed. */
    public long mismatches() {
        return mismatches;
    }

    /** The zxid of the last comparison that failed, or -1. */
    public long lastMismatchZxid() {
        return lastMismatch;
    }

    /** The snapshot's digest while its zxid has not been reached; null otherwise. */
    public @Nullable Entry pending() {
        return pending;
    }

    /**
     * An image of a changing tree is coming that carries no digest of its own: until what changed it meanwhile has been applied
     * again, no comparison means anything. Lasts until {@link #resume}.
     */
    public void suspend() {
        suspended = true;
    }

    /** The tree is whole again. */
    public void resume() {
        suspended = false;
    }

    /** A snapshot named {@code snapshotZxid} carries the digest the tree had at {@code zxid}. */
    void onSnapshot(long snapshotZxid, long zxid, long digest, long treeDigest) {
        pending = zxid > 0 && zxid >= snapshotZxid ? new Entry(zxid, digest) : null;
        comparePending(snapshotZxid, treeDigest);
    }

    /** A transaction has been applied. */
    void onApplied(long zxid, long treeDigest, @Nullable TxnDigest claimed) {
        if (pending != null) {
            comparePending(zxid, treeDigest);
        } else if (!suspended && claimed != null && claimed.version() == TxnDigest.VERSION) {
            compare(zxid, claimed.treeDigest(), treeDigest);
        }
        if (zxid % INTERVAL == 0) {
            if (entries.size() == LARGEST) {
                entries.removeFirst();
            }
            entries.addLast(new Entry(zxid, treeDigest));
        }
    }

    void clear() {
        entries.clear();
        pending = null;
    }

    private void comparePending(long zxid, long treeDigest) {
        Entry waiting = pending;
        if (waiting != null && waiting.zxid() == zxid) {
            pending = null;
            compare(zxid, waiting.digest(), treeDigest);
        }
    }

    private void compare(long zxid, long claimed, long actual) {
        if (claimed != actual) {
            mismatches++;
            lastMismatch = zxid;
        }
    }
}
