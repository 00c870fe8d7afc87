/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.txn.LoggedTxn;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * The newest transactions that the tree of a machine was made of, those in images and snapshots included, which the tree itself
 * cannot tell any more. A zxid names one transaction, as long as no epoch has two leaders. Thread: the test's.
 */
final class KnownTxns {
    /** More than can be undecided at the end of an epoch. */
    private static final int REMEMBERED = 2_000;

    private final ArrayDeque<LoggedTxn> txns = new ArrayDeque<>();

    /** One more; what a replay brings again is known. */
    void add(LoggedTxn txn) {
        if (txns.isEmpty() || txn.zxid() > txns.getLast().zxid()) {
            txns.addLast(txn);
            if (txns.size() > REMEMBERED) {
                txns.removeFirst();
            }
        }
    }

    /** The tree ends here now. */
    void cutAfter(long zxid) {
        while (!txns.isEmpty() && txns.getLast().zxid() > zxid) {
            txns.removeLast();
        }
    }

    void replaceBy(KnownTxns other) {
        if (other != this) {
            txns.clear();
            txns.addAll(other.txns);
        }
    }

    void giveAfter(long zxid, Consumer<LoggedTxn> taker) {
        for (LoggedTxn txn : txns) {
            if (txn.zxid() > zxid) {
                taker.accept(txn);
            }
        }
    }
}
