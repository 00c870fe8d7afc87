/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.tree.Foreseen;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on its way to the tree.
 *
 * @param payload its serialised form, shared by the journal, every follower and the committed log
 * @param origin the request of a client of this server that it answers, if any
 * @param foreseen what its preparation here knows of its effect, if anything
 * @param source where it was made
 */
public record Proposal(
        LoggedTxn txn,
        byte[] payload,
        @Nullable WriteRequest origin,
        @Nullable Foreseen foreseen,
        Source source) {
    /** Where a transaction was made. */
    public enum Source {
        /** Here: its digest needs no comparison. */
        OWN,
        /** On another server, or in another life of this one. */
        FOREIGN
    }

    public long zxid() {
        return txn.zxid();
    }

    boolean isOwn() {
        return source == Source.OWN;
    }
}
