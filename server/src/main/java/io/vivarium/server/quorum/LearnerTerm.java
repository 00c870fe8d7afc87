/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.server.quorum.zab.LearnerCore;
import io.vivarium.server.quorum.zab.LearnerEvent;
import io.vivarium.server.quorum.zab.ZabEffects;

/** A term as follower or observer, on one link to the leader (spec quorum 4, 6). Thread: core. */
final class LearnerTerm extends RoleTerm<LearnerEvent, LearnerCore> {
    private final long link;

    /** @param link the link that is being dialled to the leader */
    LearnerTerm(LearnerCore core, ZabEffects effects, long link) {
        super(core, new LearnerEvent.TimePassed(), effects);
        this.link = link;
    }

    long link() {
        return link;
    }
}
