/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.sim.client.Operation;
import io.vivarium.server.sim.client.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that is committed, and all that follows from it.
 *
 * @param operation of a client, if one asked for it
 * @param expected the answer that is due for it
 * @param changes what watches see of it, in order
 * @param digest of the tree after it, by the model
 */
record Committed(
        LoggedTxn txn,
        int fingerprint,
        @Nullable Operation operation,
        Reply expected,
        List<Change> changes,
        long digest) {
    long zxid() {
        return txn.zxid();
    }

    @Override
    public String toString() {
        return Zxid.toString(zxid()) + " " + txn.header() + " "
                + txn.body().getClass().getSimpleName();
    }
}
