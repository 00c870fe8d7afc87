/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.vote.VoteHandshake;
import java.util.List;

/**
 * How one server takes part in the mesh (spec election 5). Immutable.
 *
 * @param self configured id of this server
 * @param addresses own election addresses, at least one; others are told to call back here
 * @param listenOn where the port is opened ({@code quorumListenOnAllIPs})
 * @param format of our initial message; V2 only with multi-address on, or old peers hang up (ZOOKEEPER-3720)
 * @param connectTimeoutMillis how long one dial may take ({@code zookeeper.cnxTimeout})
 * @param handshakeTimeoutMillis how long a caller may take to say who it is ({@code zookeeper.quorumCnxnTimeoutMs})
 * @param bindAttempts how often the port is tried, 0 for ever ({@code zookeeper.electionPortBindRetry})
 * @param keepAlive TCP keep-alive ({@code zookeeper.tcpKeepAlive})
 */
public record MeshConfig(
        long self,
        List<HostPort> addresses,
        ListenOn listenOn,
        VoteHandshake.Format format,
        int connectTimeoutMillis,
        int handshakeTimeoutMillis,
        int bindAttempts,
        KeepAlive keepAlive) {
    /** Callers that have not said who they are yet; one more pushes the oldest out. */
    static final int MAX_PENDING_HANDSHAKES = 64;

    /** Links to servers that no configuration knows. */
    static final int MAX_STRANGERS = 64;

    static final int BIND_PAUSE_MILLIS = 1000;

    /** Which of this machine's addresses the port is opened on. */
    public enum ListenOn {
        OWN_ADDRESSES,
        EVERY_INTERFACE
    }

    /** Whether TCP probes silent connections. */
    public enum KeepAlive {
        ON,
        OFF
    }

    public MeshConfig {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("server " + self + " has no election address");
        }
        if (connectTimeoutMillis <= 0 || handshakeTimeoutMillis <= 0 || bindAttempts < 0) {
            throw new IllegalArgumentException("connect timeout " + connectTimeoutMillis + " ms, handshake timeout "
                    + handshakeTimeoutMillis + " ms (both above 0), bind attempts " + bindAttempts + " (0 or more)");
        }
    }

    /** The defaults of spec election 5 for a server with one address. */
    public static MeshConfig of(long self, HostPort address) {
        return new MeshConfig(
                self,
                List.of(address),
                ListenOn.OWN_ADDRESSES,
                VoteHandshake.Format.V1,
                5000,
                10_000,
                3,
                KeepAlive.OFF);
    }

    VoteHandshake handshake() {
        return switch (format) {
            case BARE -> new VoteHandshake(format, self, List.of());
            case V1 -> VoteHandshake.v1(self, addresses.get(0));
            case V2 -> new VoteHandshake(format, self, addresses);
        };
    }
}
