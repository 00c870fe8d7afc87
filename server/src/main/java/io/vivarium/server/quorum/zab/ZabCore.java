/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import java.util.List;

/**
 * What the two cores have in common: events in, actions out (spec quorum 2).
 *
 * <p>Thread: core. A core is made for one term of a role; after {@link ZabAction.ExitRole} it is spent.
 *
 * @param <E> what it can be told
 */
public interface ZabCore<E> {
    /** One event; the actions must be performed before the next step. A core that is spent answers with nothing. */
    List<ZabAction> step(E event, long nowNanos);

    /** When the core wants to be told that time has passed; {@link Long#MAX_VALUE} for never. */
    long deadlineNanos();

    /** True after the core has left the role. */
    boolean isOver();

    /** The phase as the monitor value {@code peer_state} names it (spec quorum 2.1). */
    String phase();
}
