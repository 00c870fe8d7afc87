/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.auth;

import io.vivarium.protocol.data.Id;
import java.util.List;

/** The answer of a scheme to an auth packet. Refusals become error -115 and a closed connection (spec 7.4). */
public sealed interface AuthOutcome {
    /** Success; the identities are added to those the connection already holds. May be empty. */
    record Accepted(List<Id> identities) implements AuthOutcome {
        public Accepted {
            identities = List.copyOf(identities);
        }
    }

    /** Failure; the reason is for the log, clients only see the code. */
    record Rejected(String reason) implements AuthOutcome {}
}
