/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.server.tree.Foreseen;
import org.jspecify.annotations.Nullable;

/** What became of one operation: a transaction body, or a refusal. */
sealed interface Prepared {
    /** @param foreseen what is known of the effect of the transaction, if it is about one node */
    record Accepted(int type, Txn body, @Nullable Foreseen foreseen) implements Prepared {
        Accepted(int type, Txn body) {
            this(type, body, null);
        }
    }

    record Refused(ErrorCode code) implements Prepared {}

    static Prepared refused(ErrorCode code) {
        return new Refused(code);
    }
}
