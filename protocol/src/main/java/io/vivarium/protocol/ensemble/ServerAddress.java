/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.ensemble;

/**
 * One place where a member is reached by the other members: a host as written and its two ports.
 *
 * @param quorumPort where the leader listens for learners (usually 2888)
 * @param electionPort where every member listens for votes (usually 3888)
 */
public record ServerAddress(String host, int quorumPort, int electionPort) {
    public ServerAddress {
        Ports.check(host, quorumPort);
        Ports.check(host, electionPort);
    }

    public HostPort quorum() {
        return new HostPort(host, quorumPort);
    }

    public HostPort election() {
        return new HostPort(host, electionPort);
    }

    /** {@code host:quorumPort:electionPort}, an IPv6 host in brackets. */
    @Override
    public String toString() {
        return HostPort.bracketed(host) + ":" + quorumPort + ":" + electionPort;
    }
}
