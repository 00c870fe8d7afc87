/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.vivarium.election.net.MeshConfig.KeepAlive;
import io.vivarium.election.net.MeshConfig.ListenOn;
import io.vivarium.protocol.ensemble.HostPort;
import java.util.List;

/**
 * How one server takes part in quorum links (spec quorum 14). Immutable.
 *
 * @param addresses own quorum addresses, at least one
 */
public record LinkConfig(List<HostPort> addresses, Sockets sockets, Limits limits, Dialling dialling) {
    /** Callers that have not sent a whole packet yet; one more pushes the oldest out. */
    static final int MAX_CALLERS = 64;
    /** What is queued on a link that the owner closes has this long to leave. */
    static final int CLOSING_MILLIS = 1000;

    private static final long MEBIBYTE = 1 << 20;

    /** Whether small packets leave at once. */
    public enum NoDelay {
        ON,
        OFF
    }

    /**
     * How sockets are set up.
     *
     * @param listenOn where the port is opened ({@code quorumListenOnAllIPs})
     * @param keepAlive TCP keep-alive ({@code zookeeper.tcpKeepAlive})
     * @param leaderNoDelay for links that come in ({@code leader.nodelay})
     * @param followerNoDelay for links we dial ({@code follower.nodelay})
     */
    public record Sockets(ListenOn listenOn, KeepAlive keepAlive, NoDelay leaderNoDelay, NoDelay followerNoDelay) {
        public static final Sockets DEFAULT =
                new Sockets(ListenOn.OWN_ADDRESSES, KeepAlive.OFF, NoDelay.ON, NoDelay.ON);
    }

    /**
     * What one link may cost.
     *
     * @param maxLength greatest length in a packet, bytes ({@link io.vivarium.protocol.jute.JuteReader#lengthLimit})
     * @param maxQueuedBytes packets that the other end does not take; more closes the link
     * @param maxQueuedBehindHistoryBytes the same while a history is under way, until it has been caught up with
     * @param maxUnconsumedBytes packets reported and not yet consumed; more stops reading until half is consumed
     * @param stallMillis how long a learner may take nothing of a history
     * @param firstPacketMillis how long a caller may take for its first packet
     */
    public record Limits(
            int maxLength,
            long maxQueuedBytes,
            long maxQueuedBehindHistoryBytes,
            long maxUnconsumedBytes,
            int stallMillis,
            int firstPacketMillis) {
        public Limits {
            if (maxLength < 0
                    || maxQueuedBytes <= 0
                    || maxQueuedBehindHistoryBytes < maxQueuedBytes
                    || maxUnconsumedBytes <= 0) {
                throw new IllegalArgumentException("greatest length " + maxLength + " bytes (0 or more), queued "
                        + maxQueuedBytes + " bytes (above 0), behind a history " + maxQueuedBehindHistoryBytes
                        + " bytes (not less than queued), unconsumed " + maxUnconsumedBytes + " bytes (above 0)");
            }
            if (stallMillis <= 0 || firstPacketMillis <= 0) {
                throw new IllegalArgumentException("stall limit " + stallMillis + " ms, first packet within "
                        + firstPacketMillis + " ms (both above 0)");
            }
        }

        /** 64 MiB queued, 256 MiB behind a history, 8 MiB unconsumed. */
        public static Limits of(int maxLength, int initMillis) {
            return new Limits(
                    maxLength,
                    64 * MEBIBYTE,
                    256 * MEBIBYTE,
                    8 * MEBIBYTE,
                    Math.max(1, initMillis),
                    Math.max(1, initMillis));
        }
    }

    /**
     * How a leader is dialled (spec quorum 6.1).
     *
     * @param attempts for each address, behind a few with shorter pauses
     * @param pauseMillis the full pause between attempts ({@code zookeeper.leaderConnectDelayDuringRetryMs})
     * @param connectTimeoutMillis one attempt, and one look-up of a name; never more than what is left of the budget
     * @param budgetMillis all attempts together, TLS included
     */
    public record Dialling(int attempts, int pauseMillis, int connectTimeoutMillis, int budgetMillis) {
        public static final int ATTEMPTS = 5;
        public static final int PAUSE_MILLIS = 100;

        public Dialling {
            if (attempts <= 0 || pauseMillis < 0 || connectTimeoutMillis <= 0 || budgetMillis <= 0) {
                throw new IllegalArgumentException("dial attempts " + attempts + " (above 0), pause " + pauseMillis
                        + " ms (0 or more), connect timeout " + connectTimeoutMillis + " ms, budget " + budgetMillis
                        + " ms (both above 0)");
            }
        }
    }

    public LinkConfig {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("this server has no quorum address");
        }
    }

    /**
     * The defaults of spec quorum 14. One attempt to connect has {@code syncMillis}, as in 3.5, so that a SYN which got
     * lost does not use up the whole budget.
     *
     * @param initMillis {@code initLimit} ticks
     * @param syncMillis {@code syncLimit} ticks
     */
    public static LinkConfig of(List<HostPort> addresses, int maxLength, int initMillis, int syncMillis) {
        return new LinkConfig(
                addresses,
                Sockets.DEFAULT,
                Limits.of(maxLength, initMillis),
                new Dialling(Dialling.ATTEMPTS, Dialling.PAUSE_MILLIS, syncMillis, initMillis));
    }
}
