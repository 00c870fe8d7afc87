/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.server.quorum.MemberConfig;
import io.vivarium.server.quorum.MemberState;
import io.vivarium.server.quorum.QuorumEffects;
import io.vivarium.server.quorum.QuorumEvent;
import java.util.function.Consumer;

/**
 * Sits between one life of a server and its world and plants a bug there; this one plants none. Thread: the test's.
 *
 * <p>What production does is not touched: the core gets other answers than the world gave, or the world other wishes than the
 * core had, as if the code between were wrong.
 */
class Saboteur {
    /** What a saboteur may do besides listening. */
    interface Accomplice {
        void post(QuorumEvent event);

        long lastApplied();

        long currentEpoch();

        /** Writes a snapshot of the tree and leaves everything else on the disk as it is. */
        void writeSnapshot();
    }

    QuorumEffects effects(QuorumEffects real, Accomplice member) {
        return real;
    }

    /** An event on its way to the core. */
    void event(QuorumEvent event, Consumer<QuorumEvent> core) {
        core.accept(event);
    }

    MemberConfig config(MemberConfig real) {
        return real;
    }

    MemberState state(MemberState real) {
        return real;
    }

    /** What a client may have seen and still be served. */
    long lastZxid(long real) {
        return real;
    }

    /** Whether the answers and events that wait for a client leave before a read is served. */
    boolean eventsFirst() {
        return true;
    }
}
