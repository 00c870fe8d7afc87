/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

/** The two loopback ports at which a member of an ensemble is reached by its peers (spec operations 1.7). */
record PeerPorts(int quorum, int election) {
    static PeerPorts reserve() {
        return new PeerPorts(LoopbackPorts.reserve(), LoopbackPorts.reserve());
    }

    @Override
    public String toString() {
        return "127.0.0.1:" + quorum + ":" + election;
    }
}
