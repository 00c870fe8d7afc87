/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.ensemble.Ensemble;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The configurations in force: the committed one and, while a change is under way, the one last seen (spec quorum 10.4).
 *
 * @param lastSeen the newer configuration, null if there is none
 */
public record Ensembles(Ensemble committed, @Nullable Ensemble lastSeen) {

    /** With a last-seen configuration that is not newer dropped: only a newer one takes part (spec quorum 5.1). */
    public Ensembles {
        if (lastSeen != null && lastSeen.version() <= committed.version()) {
            lastSeen = null;
        }
    }

    public static Ensembles of(Ensemble committed) {
        return new Ensembles(committed, null);
    }

    /** True if the members are a quorum of every configuration in force. */
    public boolean isQuorum(LongPredicate members) {
        return committed.isQuorum(members) && (lastSeen == null || lastSeen.isQuorum(members));
    }

    /** The configuration that NEWLEADER tells: the last one seen. */
    public Ensemble newest() {
        return lastSeen == null ? committed : lastSeen;
    }
}
