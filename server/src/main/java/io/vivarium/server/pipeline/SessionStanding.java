/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.data.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What a session may not do at the moment of a request (spec client-protocol 5.2, 9.4). Immutable; thread: any.
 *
 * @param fault the answer to whatever it asks; null if it may ask
 * @param ephemeralFault the answer to a create of an ephemeral node, in a multi to that part alone; null if it may own one
 */
record SessionStanding(@Nullable ErrorCode fault, @Nullable ErrorCode ephemeralFault) {
    static final SessionStanding GOOD = new SessionStanding(null, null);

    /** It may do nothing, for this reason; everything if there is none. */
    static SessionStanding faulty(@Nullable ErrorCode fault) {
        return fault == null ? GOOD : new SessionStanding(fault, null);
    }

    /** It may do everything but own a node. */
    static SessionStanding withoutEphemerals(ErrorCode ephemeralFault) {
        return new SessionStanding(null, ephemeralFault);
    }
}
