/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.txn.Txn;

/** What became of one operation: a transaction body, or a refusal. */
sealed interface Prepared {
    record Accepted(int type, Txn body) implements Prepared {}

    record Refused(ErrorCode code) implements Prepared {}

    static Prepared refused(ErrorCode code) {
        return new Refused(code);
    }
}
