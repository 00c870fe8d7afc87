/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.sim;

import io.vivarium.protocol.vote.Notification;
import io.vivarium.testkit.sim.EventScheduler;
import io.vivarium.testkit.sim.SimAddress;
import io.vivarium.testkit.sim.SimConnection;
import io.vivarium.testkit.sim.SimNetwork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The links of one server on a simulated network, by the rules of spec election 1: one per pair, dialled by the larger
 * sid, the newest wins, one slot per peer.
 *
 * <p>A mesh may also have the manners of a stock server and greet a new link with the last thing it sent on the old one,
 * however old that is (spec election 1.5).
 */
final class SimMesh {
    /** What the owner hears. */
    interface Listener {
        void connected(long sid);

        void disconnected(long sid);

        void received(long sid, Notification message);
    }

    /** How a link begins. */
    enum Manners {
        OURS,
        STALE_GREETING
    }

    private static final int PORT = 3888;
    private static final long TRANSMIT_NANOS = 200_000;
    private static final long MIN_PAUSE_NANOS = 50_000_000;
    private static final long MAX_PAUSE_NANOS = 1_000_000_000;

    /** One peer as this end sees it. */
    private static final class Peer {
        @Nullable
        SimConnection<Frame> connection;

        @Nullable
        Notification slot;

        @Nullable
        Notification lastSent;

        boolean transmitting;
        boolean dialling;
        long pauseNanos = MIN_PAUSE_NANOS;
    }

    private final long self;
    private final EventScheduler scheduler;
    private final SimNetwork<Frame> network;
    private final Manners manners;
    private final Listener listener;
    private final Map<Long, Peer> peers = new HashMap<>();
    private Set<Long> wanted = Set.of();
    private boolean dead;

    SimMesh(long self, EventScheduler scheduler, SimNetwork<Frame> network, Manners manners, Listener listener) {
        this.self = self;
        this.scheduler = scheduler;
        this.network = network;
        this.manners = manners;
        this.listener = listener;
        network.listen(new SimAddress(host(self), PORT), connection -> new AcceptedEnd());
    }

    static String host(long sid) {
        return "zoo" + sid;
    }

    void send(long sid, Notification message) {
        Peer peer = peer(sid);
        peer.slot = message;
        if (peer.connection == null) {
            peer.slot = null;
            dial(sid);
        } else {
            pump(peer);
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

    /** The process is gone; what is still planned for it must not happen. */
    void die() {
        dead = true;
    }

    private Peer peer(long sid) {
        return peers.computeIfAbsent(sid, unseen -> new Peer());
    }

    private void dial(long sid) {
        Peer peer = peer(sid);
        if (dead || peer.connection != null || peer.dialling) {
            return;
        }
        peer.dialling = true;
        network.connect(host(self), new SimAddress(host(sid), PORT), new Dial(sid));
    }

    private void redialLater(long sid) {
        Peer peer = peer(sid);
        if (wanted.contains(sid)) {
            scheduler.after(peer.pauseNanos, () -> {
                if (wanted.contains(sid)) {
                    dial(sid);
                }
            });
            peer.pauseNanos = Math.min(2 * peer.pauseNanos, MAX_PAUSE_NANOS);
        }
    }

    private void link(long sid, SimConnection<Frame> connection) {
        Peer peer = peer(sid);
        SimConnection<Frame> previous = peer.connection;
        peer.connection = connection;
        peer.slot = null;
        peer.pauseNanos = MIN_PAUSE_NANOS;
        if (previous != null) {
            previous.close();
        }
        if (manners == Manners.STALE_GREETING && peer.lastSent != null) {
            connection.send(new Frame.Ballot(peer.lastSent));
        }
        listener.connected(sid);
    }

    private void unlink(long sid, SimConnection<Frame> connection) {
        Peer peer = peer(sid);
        if (peer.connection == connection) {
            peer.connection = null;
            listener.disconnected(sid);
            redialLater(sid);
        }
    }

    private void hear(long sid, SimConnection<Frame> connection, Frame frame) {
        if (!dead && peer(sid).connection == connection && frame instanceof Frame.Ballot ballot) {
            listener.received(sid, ballot.message());
        }
    }

    /** One message leaves at a time; meanwhile a newer one may overwrite what waits. */
    private void pump(Peer peer) {
        if (peer.transmitting || peer.slot == null || peer.connection == null) {
            return;
        }
        Notification message = peer.slot;
        peer.slot = null;
        peer.lastSent = message;
        peer.transmitting = true;
        peer.connection.send(new Frame.Ballot(message));
        scheduler.after(TRANSMIT_NANOS, () -> {
            peer.transmitting = false;
            pump(peer);
        });
    }

    /** Our dial: keeps the connection only if the peer is the smaller one. */
    private final class Dial implements SimNetwork.Dialler<Frame> {
        private final long sid;

        Dial(long sid) {
            this.sid = sid;
        }

        @Override
        public void onConnected(SimConnection<Frame> connection) {
            peer(sid).dialling = false;
            connection.send(new Frame.Hello(self));
            if (dead || sid > self) {
                connection.close();
                redialLater(sid);
            } else {
                link(sid, connection);
            }
        }

        @Override
        public void onRefused() {
            peer(sid).dialling = false;
            if (!dead) {
                redialLater(sid);
            }
        }

        @Override
        public void onMessage(SimConnection<Frame> connection, Frame frame) {
            hear(sid, connection, frame);
        }

        @Override
        public void onClosed(SimConnection<Frame> connection) {
            if (!dead) {
                unlink(sid, connection);
            }
        }
    }

    /** A caller: nobody until it says hello. */
    private final class AcceptedEnd implements SimConnection.Listener<Frame> {
        private final List<Long> caller = new ArrayList<>(1);

        @Override
        public void onMessage(SimConnection<Frame> connection, Frame frame) {
            if (dead) {
                return;
            }
            if (!caller.isEmpty()) {
                hear(caller.get(0), connection, frame);
            } else if (frame instanceof Frame.Hello hello) {
                introduce(connection, hello.sid());
            }
        }

        @Override
        public void onClosed(SimConnection<Frame> connection) {
            if (!dead && !caller.isEmpty()) {
                unlink(caller.get(0), connection);
            }
        }

        private void introduce(SimConnection<Frame> connection, long sid) {
            if (sid > self) {
                caller.add(sid);
                link(sid, connection);
                return;
            }
            connection.close();
            SimConnection<Frame> existing = peer(sid).connection;
            if (existing != null) {
                existing.close();
                unlink(sid, existing);
            }
            dial(sid);
        }
    }
}
