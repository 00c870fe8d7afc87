/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.txn.LoggedTxn;
import org.jspecify.annotations.Nullable;

/**
 * A transaction between its preparation and its commit.
 *
 * @param payload its serialised form, made once and shared by the journal and every follower
 * @param origin the local request it answers, if any
 */
public record Proposal(
        LoggedTxn txn, byte[] payload, @Nullable WriteRequest origin) {
    public long zxid() {
        return txn.zxid();
    }
}
