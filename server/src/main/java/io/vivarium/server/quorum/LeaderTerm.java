/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.server.quorum.zab.LeaderCore;
import io.vivarium.server.quorum.zab.LeaderEvent;
import io.vivarium.server.quorum.zab.ZabEffects;

/** A term as leader (spec quorum 3, 5). Thread: core. */
final class LeaderTerm extends RoleTerm<LeaderEvent, LeaderCore> {
    LeaderTerm(LeaderCore core, ZabEffects effects) {
        super(core, new LeaderEvent.TimePassed(), effects);
    }

    void begin(long nowNanos) {
        perform(core().begin(nowNanos));
    }
}
