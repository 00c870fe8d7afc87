/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

/** Bugs between a server and its clients. */
final class ClientBugs {
    private ClientBugs() {}

    static final class GoesBack extends Saboteur {
        @Override
        long lastZxid(long real) {
            return Long.MAX_VALUE;
        }
    }

    static final class EventAfterData extends Saboteur {
        @Override
        boolean eventsFirst() {
            return false;
        }
    }
}
