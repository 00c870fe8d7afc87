/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.vote.Notification;
import io.vivarium.testkit.sim.SimConnection;
import io.vivarium.testkit.sim.SimNetwork;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The links for votes of one process, by the rules of spec election 1: one for each pair, dialled by the larger sid, the newest
 * wins. Twin of {@code VoteMesh}. Thread: the test's.
 */
final class MemberMesh {
    /** What the owner hears. */
    interface Listener {
        void connected(long sid);

        void disconnected(long sid);

        void received(long sid, Notification message);
    }

    private static final long MIN_PAUSE_NANOS = 50_000_000;
    private static final long MAX_PAUSE_NANOS = 1_000_000_000;

    /** One peer as this end sees it. */
    private static final class Peer {
        @Nullable
        SimConnection<PeerFrame> connection;

        boolean dialling;
        long pauseNanos = MIN_PAUSE_NANOS;
    }

    private final long self;
    private final SimProcess process;
    private final SimNetwork<PeerFrame> network;
    private final Listener listener;
    private final Map<Long, Peer> peers = new HashMap<>();
    private Set<Long> wanted = Set.of();

    MemberMesh(long self, SimProcess process, SimNetwork<PeerFrame> network, Listener listener) {
        this.self = self;
        this.process = process;
        this.network = network;
        this.listener = listener;
    }

    void open() {
        network.listen(
                SimMachine.address(self, SimMachine.ELECTION_PORT),
                connection -> process.isAlive() ? new AcceptedEnd() : new DeadEnd());
    }

    void send(long sid, Notification message) {
        Peer peer = peer(sid);
        if (peer.connection == null) {
            dial(sid);
        } else {
            peer.connection.send(new PeerFrame.Ballot(message));
        }
    }

    void seek(Collection<Long> sids) {
        wanted = Set.copyOf(sids);
        for (long sid : sids) {
            peer(sid).pauseNanos = MIN_PAUSE_NANOS;
            dial(sid);
        }
    }

    void rest() {
        wanted = Set.of();
    }

    void dialAll(Collection<Long> sids) {
        sids.forEach(this::dial);
    }

    private Peer peer(long sid) {
        return peers.computeIfAbsent(sid, unseen -> new Peer());
    }

    private void dial(long sid) {
        Peer peer = peer(sid);
        if (sid == self || peer.connection != null || peer.dialling) {
            return;
        }
        peer.dialling = true;
        network.connect(SimMachine.hostOf(self), SimMachine.address(sid, SimMachine.ELECTION_PORT), new Dial(sid));
    }

    private void redialLater(long sid) {
        Peer peer = peer(sid);
        if (wanted.contains(sid)) {
            process.after(peer.pauseNanos, () -> {
                if (wanted.contains(sid)) {
                    dial(sid);
                }
            });
            peer.pauseNanos = Math.min(2 * peer.pauseNanos, MAX_PAUSE_NANOS);
        }
    }

    private void link(long sid, SimConnection<PeerFrame> connection) {
        Peer peer = peer(sid);
        SimConnection<PeerFrame> previous = peer.connection;
        peer.connection = connection;
        peer.pauseNanos = MIN_PAUSE_NANOS;
        if (previous != null) {
            previous.close();
        }
        listener.connected(sid);
    }

    private void unlink(long sid, SimConnection<PeerFrame> connection) {
        Peer peer = peer(sid);
        if (peer.connection == connection) {
            peer.connection = null;
            listener.disconnected(sid);
            redialLater(sid);
        }
    }

    private void hear(long sid, SimConnection<PeerFrame> connection, PeerFrame frame) {
        if (peer(sid).connection == connection && frame instanceof PeerFrame.Ballot ballot) {
            listener.received(sid, ballot.message());
        }
    }

    /** Our dial: keeps the connection only if the peer is the smaller one. */
    private final class Dial implements SimNetwork.Dialler<PeerFrame> {
        private final long sid;

        Dial(long sid) {
            this.sid = sid;
        }

        @Override
        public void onConnected(SimConnection<PeerFrame> connection) {
            if (!process.isAlive()) {
                connection.close();
                return;
            }
            process.run(() -> connected(connection));
        }

        private void connected(SimConnection<PeerFrame> connection) {
            peer(sid).dialling = false;
            connection.send(new PeerFrame.Hello(self));
            if (sid > self) {
                connection.close();
                redialLater(sid);
            } else {
                link(sid, connection);
            }
        }

        @Override
        public void onRefused() {
            process.run(() -> {
                peer(sid).dialling = false;
                redialLater(sid);
            });
        }

        @Override
        public void onMessage(SimConnection<PeerFrame> connection, PeerFrame frame) {
            process.run(() -> hear(sid, connection, frame));
        }

        @Override
        public void onClosed(SimConnection<PeerFrame> connection) {
            process.run(() -> unlink(sid, connection));
        }
    }

    /** A caller: nobody until it says hello. */
    private final class AcceptedEnd implements SimConnection.Listener<PeerFrame> {
        private long caller = -1;

        @Override
        public void onMessage(SimConnection<PeerFrame> connection, PeerFrame frame) {
            process.run(() -> {
                if (caller >= 0) {
                    hear(caller, connection, frame);
                } else if (frame instanceof PeerFrame.Hello hello) {
                    introduce(connection, hello.sid());
                }
            });
        }

        @Override
        public void onClosed(SimConnection<PeerFrame> connection) {
            process.run(() -> {
                if (caller >= 0) {
                    unlink(caller, connection);
                }
            });
        }

        private void introduce(SimConnection<PeerFrame> connection, long sid) {
            if (sid > self) {
                caller = sid;
                link(sid, connection);
                return;
            }
            connection.close();
            SimConnection<PeerFrame> existing = peer(sid).connection;
            if (existing != null) {
                existing.close();
                unlink(sid, existing);
            }
            dial(sid);
        }
    }

    /** The acceptor of a process that died in the same moment. */
    private static final class DeadEnd implements SimConnection.Listener<PeerFrame> {
        @Override
        public void onMessage(SimConnection<PeerFrame> connection, PeerFrame frame) {
            connection.close();
        }

        @Override
        public void onClosed(SimConnection<PeerFrame> connection) {
            // Nobody is there to care.
        }
    }
}
