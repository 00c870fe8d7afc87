/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.server.quorum.net.ImageSink;
import io.vivarium.server.quorum.net.LinkListener;
import io.vivarium.server.quorum.net.Stall;
import io.vivarium.testkit.sim.EventScheduler;
import io.vivarium.testkit.sim.SimAddress;
import io.vivarium.testkit.sim.SimConnection;
import io.vivarium.testkit.sim.SimNetwork;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The links between leader and learners of one process. Twin of {@code QuorumLinks}: the same contract, whole packets instead
 * of bytes (spec quorum 1, 6.1). Thread: the test's.
 */
final class MemberLinks {
    private static final int ATTEMPTS = 5;
    private static final long PAUSE_NANOS = 100_000_000;

    private final String host;
    private final SimProcess process;
    private final EventScheduler scheduler;
    private final SimNetwork<PeerFrame> network;
    private final LinkListener listener;
    private final long budgetNanos;
    private final long stallNanos;
    private final Map<Long, Link> links = new LinkedHashMap<>();
    private boolean portOpen;
    private long lastNumber;

    /** One link, from the first attempt to its end. */
    private static final class Link {
        final long number;
        final boolean dialled;
        /** What is sent while a history is under way. */
        final ArrayDeque<PeerFrame> behindHistory = new ArrayDeque<>();
        /** What came and waits for an image to be read, or is part of it. */
        final ArrayDeque<PeerFrame> unread = new ArrayDeque<>();

        @Nullable
        SimConnection<PeerFrame> connection;

        @Nullable
        ImageSink image;

        ByteBuffer imageRest = ByteBuffer.allocate(0);
        boolean historyUnderWay;
        boolean stopsAtImage;
        boolean announced;
        /** Pieces of images that have come. */
        long pieces;

        Link(long number, boolean dialled) {
            this.number = number;
            this.dialled = dialled;
        }
    }

    /**
     * @param budgetNanos all attempts to dial a leader together
     * @param stallNanos how long nothing may come of an image
     */
    MemberLinks(
            String host,
            SimProcess process,
            EventScheduler scheduler,
            SimNetwork<PeerFrame> network,
            LinkListener listener,
            long budgetNanos,
            long stallNanos) {
        this.host = host;
        this.process = process;
        this.scheduler = scheduler;
        this.network = network;
        this.listener = listener;
        this.budgetNanos = budgetNanos;
        this.stallNanos = stallNanos;
    }

    // ---- Port and dials ---------------------------------------------------------------------------------------

    void open() {
        if (!portOpen) {
            portOpen = true;
            network.listen(new SimAddress(host, SimMachine.QUORUM_PORT), this::accepted);
        }
    }

    void closePort() {
        if (portOpen) {
            portOpen = false;
            network.unlisten(new SimAddress(host, SimMachine.QUORUM_PORT));
        }
        for (Link link : List.copyOf(links.values())) {
            if (!link.dialled) {
                close(link.number);
            }
        }
    }

    private SimConnection.Listener<PeerFrame> accepted(SimConnection<PeerFrame> connection) {
        Link link = new Link(++lastNumber, false);
        link.connection = connection;
        links.put(link.number, link);
        return new End(link);
    }

    long dial(long sid) {
        Link link = new Link(++lastNumber, true);
        links.put(link.number, link);
        new Attempts(link, SimMachine.address(sid, SimMachine.QUORUM_PORT)).next();
        return link.number;
    }

    /** The attempts to reach one leader. */
    private final class Attempts implements SimNetwork.Dialler<PeerFrame> {
        private final Link link;
        private final SimAddress address;
        private final long endNanos = scheduler.nowNanos() + budgetNanos;
        private final End end;
        private int left = ATTEMPTS;

        Attempts(Link link, SimAddress address) {
            this.link = link;
            this.address = address;
            this.end = new End(link);
        }

        void next() {
            if (links.get(link.number) != link) {
                return;
            }
            if (left == 0 || scheduler.nowNanos() >= endNanos) {
                links.remove(link.number);
                listener.closed(link.number, "no connection to " + address);
                return;
            }
            left--;
            network.connect(host, address, this);
        }

        @Override
        public void onConnected(SimConnection<PeerFrame> connection) {
            if (!process.isAlive() || links.get(link.number) != link) {
                connection.close();
                return;
            }
            link.connection = connection;
            process.run(() -> listener.opened(link.number));
        }

        @Override
        public void onRefused() {
            process.after(PAUSE_NANOS, this::next);
        }

        @Override
        public void onMessage(SimConnection<PeerFrame> connection, PeerFrame frame) {
            end.onMessage(connection, frame);
        }

        @Override
        public void onClosed(SimConnection<PeerFrame> connection) {
            end.onClosed(connection);
        }
    }

    // ---- Sending ----------------------------------------------------------------------------------------------

    void send(long number, QuorumPacket packet) {
        Link link = links.get(number);
        if (link != null) {
            write(link, new PeerFrame.Packet(packet));
        }
    }

    private static void write(Link link, PeerFrame frame) {
        if (link.historyUnderWay) {
            link.behindHistory.addLast(frame);
        } else if (link.connection != null) {
            link.connection.send(frame);
        }
    }

    void close(long number) {
        Link link = links.remove(number);
        if (link != null && link.connection != null) {
            link.connection.close();
        }
    }

    /** What is sent from now on stands behind a history. */
    void beginHistory(long number) {
        Link link = links.get(number);
        if (link != null) {
            link.historyUnderWay = true;
        }
    }

    /** Sends a piece of a history; false if the link is gone. */
    boolean sendHistory(long number, PeerFrame frame) {
        Link link = links.get(number);
        if (link == null || link.connection == null) {
            return false;
        }
        link.connection.send(frame);
        return true;
    }

    /** What waited behind the history follows it. */
    void endHistory(long number) {
        Link link = links.get(number);
        if (link != null && link.historyUnderWay) {
            link.historyUnderWay = false;
            new ArrayList<>(link.behindHistory).forEach(frame -> write(link, frame));
            link.behindHistory.clear();
        }
    }

    void fail(long number, String reason) {
        if (links.containsKey(number)) {
            close(number);
            listener.closed(number, reason);
        }
    }

    // ---- Receiving --------------------------------------------------------------------------------------------

    /** Reads the image that comes next; what is behind it waits. */
    void receiveImage(long number, ImageSink sink) {
        Link link = links.get(number);
        if (link != null) {
            link.image = sink;
            link.stopsAtImage = false;
            process.after(0, () -> read(link));
            lookForStall(link, sink, new Stall());
        }
    }

    /** As the links of a server do: a leader that sends nothing more of its image, a dead one say, is given up. */
    private void lookForStall(Link link, ImageSink sink, Stall stall) {
        process.after(stallNanos / Stall.LOOKS, () -> {
            if (links.get(link.number) != link || link.image != sink) {
                return;
            }
            if (stall.lasts(link.pieces)) {
                fail(link.number, "stalled: nothing came of the image");
            } else {
                lookForStall(link, sink, stall);
            }
        });
    }

    private final class End implements SimConnection.Listener<PeerFrame> {
        private final Link link;

        End(Link link) {
            this.link = link;
        }

        @Override
        public void onMessage(SimConnection<PeerFrame> connection, PeerFrame frame) {
            process.run(() -> {
                if (links.get(link.number) == link) {
                    link.unread.addLast(frame);
                    read(link);
                }
            });
        }

        @Override
        public void onClosed(SimConnection<PeerFrame> connection) {
            process.run(() -> {
                if (links.remove(link.number, link) && (link.dialled || link.announced)) {
                    listener.closed(link.number, "the other end is gone");
                }
            });
        }
    }

    private void read(Link link) {
        while (!link.stopsAtImage && links.get(link.number) == link) {
            PeerFrame frame = link.unread.pollFirst();
            if (frame == null) {
                return;
            }
            if (frame instanceof PeerFrame.Packet packet) {
                packet(link, packet.packet());
            } else if (frame instanceof PeerFrame.Image piece) {
                image(link, piece);
            }
        }
    }

    private void packet(Link link, QuorumPacket packet) {
        if (!link.dialled && !link.announced) {
            link.announced = true;
            listener.arrived(link.number);
        }
        // Behind SNAP comes no packet but an image, and somebody has to say where it goes.
        link.stopsAtImage = link.dialled && packet.type() == PacketType.SNAP;
        listener.received(link.number, packet);
    }

    private void image(Link link, PeerFrame.Image piece) {
        ImageSink sink = link.image;
        if (sink == null) {
            fail(link.number, "an image that nobody asked for");
            return;
        }
        link.pieces++;
        ByteBuffer all = ByteBuffer.allocate(link.imageRest.remaining() + piece.bytes().length)
                .put(link.imageRest)
                .put(piece.bytes())
                .flip();
        link.imageRest = all;
        try {
            if (sink.accept(all)) {
                link.image = null;
                listener.imageReceived(link.number);
            }
        } catch (MalformedDataException e) {
            fail(link.number, "a malformed image: " + e.getMessage());
        }
    }
}
