/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.vivarium.election.net.AddressBook;
import io.vivarium.election.net.LinkSecurity;
import io.vivarium.election.net.NameLookup;
import io.vivarium.election.net.Side;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.server.transport.TurnEnd;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All links of this server on quorum ports: those that learners make to it, and those it makes to a leader (spec quorum
 * 1.1, 6.1).
 *
 * <pre>
 * core --send, send, sendToAll--> {@link SendQueue} of each link --flush, once--> peer-io: one write for each link
 * socket --> {@link PacketStream} --> {@link LinkListener#received} --> core --{@link #consumed}--> room for more
 * </pre>
 *
 * <p>A packet that is sent to many links is one object with one array of data in all of their queues; its bytes are laid
 * out where the socket takes them from. What is bounded, and what happens at the limit, says {@link LinkConfig.Limits}.
 *
 * <p>Thread: methods any, none blocks; a method that names a link which is gone does nothing. Everything else on the one
 * event loop of the constructor (peer-io), which is where the listener is called. An image is read there, too, so a loop
 * that is shared with elections should not be given large ones to read.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Steps that follow a close complete futures of their own.
public final class QuorumLinks {
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private static final Logger LOG = LoggerFactory.getLogger(QuorumLinks.class);
    /** Keys of the address book: where we listen, and whom we dial. */
    private static final long OURSELVES = 0;

    private static final long LEADER = 1;

    private final LinkConfig config;
    private final EventLoop loop;
    private final LongSupplier nanoClock;
    private final LinkSecurity security;
    private final LinkListener listener;
    private final TurnEnd turn;
    private final AddressBook addresses;
    private final PacketWriter writer = new PacketWriter();
    private final QuorumLink.Owner linkOwner = new LinkEvents();
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentMap<Long, QuorumLink> links = new ConcurrentHashMap<>();
    private final Queue<QuorumLink> unsent = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean pumping = new AtomicBoolean();
    private final Set<QuorumLink> alive = new HashSet<>();
    private final Map<Long, List<HostPort>> known = new HashMap<>();
    private @Nullable QuorumPort port;
    private @Nullable CompletableFuture<Void> allOver;

    public QuorumLinks(
            LinkConfig config,
            EventLoop loop,
            LongSupplier nanoClock,
            NameLookup lookup,
            LinkSecurity security,
            LinkListener listener) {
        this.config = config;
        this.loop = loop;
        this.nanoClock = nanoClock;
        this.security = security;
        this.listener = listener;
        this.turn = new TurnEnd(loop, listener::turnEnded);
        this.addresses = new AddressBook(loop, lookup, config.dialling().connectTimeoutMillis());
        known.put(OURSELVES, config.addresses());
        addresses.configure(known);
    }

    // ---- Port and dials

    /** Opens the quorum port; a failure at every address is reported. An open port stays as it is. */
    public void open() {
        loop.execute(this::openPort);
    }

    /** Closes the port and every link that came by it, unreported; completes when somebody else may bind. */
    public CompletionStage<Void> closePort() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> closePort("the quorum port is closed").thenRun(() -> done.complete(null)));
        return done;
    }

    /**
     * Dials a member, at all of its addresses at once; the first that answers wins.
     *
     * @return the number of the link, which is reported as opened or closed
     */
    public long dial(Member leader) {
        QuorumLink link = newLink(Side.DIALLER);
        links.put(link.number(), link);
        List<HostPort> targets = leader.addresses().stream()
                .map(address -> new HostPort(address.host(), address.quorumPort()))
                .toList();
        loop.execute(() -> startDial(link, targets));
        return link.number();
    }

    /** Closes port, dials and links, unreported; completes when all of it is gone. Nothing can be opened afterwards. */
    public CompletionStage<Void> closeAll() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> closeAll(done));
        return done;
    }

    // ---- Packets

    /** Queues a packet; it leaves with the next {@link #flush}. */
    public void send(long link, QuorumPacket packet) {
        QuorumLink to = links.get(link);
        if (to != null) {
            queue(to, packet);
        }
    }

    /** Queues a packet on each of these; it leaves with the next {@link #flush}. */
    public void sendToAll(List<Long> targets, QuorumPacket packet) {
        for (int i = 0; i < targets.size(); i++) {
            QuorumLink to = links.get(targets.get(i));
            if (to != null) {
                queue(to, packet);
            }
        }
    }

    /** Lets everything leave that was queued; to be called at the end of a round. */
    public void flush() {
        if (!unsent.isEmpty() && pumping.compareAndSet(false, true)) {
            loop.execute(this::pumpAll);
        }
    }

    /**
     * A reported packet has been dealt with. A link whose owner does not say so is no longer read from once {@link
     * LinkConfig.Limits#maxUnconsumedBytes} have been reported, so this is what bounds the owner's mailbox.
     */
    public void consumed(long link, QuorumPacket packet) {
        QuorumLink from = links.get(link);
        if (from != null) {
            from.consumed(packet);
        }
    }

    /**
     * Closes a link when what is queued on it has left, or after a second, unreported; events that are under way may
     * still come. A history on it ends at once.
     */
    public void close(long link, String reason) {
        QuorumLink gone = links.remove(link);
        if (gone != null) {
            gone.disown();
            loop.execute(() -> {
                LOG.info("Closing link {}: {}", gone, reason);
                gone.close(reason);
            });
        }
    }

    // ---- History and image

    /** Begins a history: what is sent on this link from now on waits until it ends. */
    public HistoryOutlet beginHistory(long link) {
        QuorumLink to = links.get(link);
        if (to == null || !to.queue().beginHistory()) {
            return new ClosedOutlet("link " + link + " is gone");
        }
        loop.execute(to::watchForStalls);
        return new LinkOutlet(to.queue(), PooledByteBufAllocator.DEFAULT, new OutletWay(to));
    }

    /** Says where the image goes that follows the SNAP packet received last on this link. */
    public void receiveImage(long link, ImageSink sink) {
        QuorumLink from = links.get(link);
        if (from != null) {
            loop.execute(() -> from.receiveImage(sink));
        }
    }

    // ---- On the event loop

    private QuorumLink newLink(Side side) {
        return new QuorumLink(numbers.incrementAndGet(), side, config.limits(), loop, writer, linkOwner);
    }

    private QuorumLink newCaller() {
        QuorumLink link = newLink(Side.ACCEPTOR);
        alive.add(link);
        return link;
    }

    private void openPort() {
        if (port == null && allOver == null) {
            port = new QuorumPort(loop, config, security, addresses, this::newCaller, this::portFailed);
            port.open();
        }
    }

    private void portFailed(String reason) {
        listener.portFailed(reason);
        turn.ask();
    }

    private CompletableFuture<Void> closePort(String reason) {
        QuorumPort open = port;
        port = null;
        if (open == null) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> free = open.close(reason);
        links.values().removeIf(QuorumLink::isDisowned);
        return free;
    }

    private void startDial(QuorumLink link, List<HostPort> targets) {
        alive.add(link);
        if (link.isDisowned() || allOver != null) {
            link.end("closed before it was dialled");
            return;
        }
        known.put(LEADER, targets);
        addresses.configure(known);
        LeaderDial dial = new LeaderDial(
                loop, config, security, addresses, nanoClock, channel -> onConnected(link, channel), link::end);
        link.dialledBy(dial::stop);
        dial.start(targets);
    }

    private void onConnected(QuorumLink link, Channel channel) {
        link.attach(channel);
        if (!link.isOver()) {
            LOG.info("Link {} to a leader", link);
            listener.opened(link.number());
            turn.ask();
        }
    }

    private void closeAll(CompletableFuture<Void> done) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        allOver = over;
        CompletableFuture<Void> portClosed = closePort("this server stops");
        for (QuorumLink link : List.copyOf(alive)) {
            links.remove(link.number());
            link.disown();
            link.close("this server stops");
        }
        completeIfAllOver();
        CompletableFuture.allOf(over, portClosed).thenRun(() -> done.complete(null));
    }

    private void completeIfAllOver() {
        if (allOver != null && alive.isEmpty()) {
            allOver.complete(null);
        }
    }

    private void queue(QuorumLink to, QuorumPacket packet) {
        SendQueue.Offer offer = to.queue().offer(packet);
        if (offer == SendQueue.Offer.QUEUED) {
            if (to.mark()) {
                unsent.add(to);
            }
        } else if (offer == SendQueue.Offer.OVERFLOW) {
            String reason = "too slow: " + to.queue().queuedBytes() + " bytes of packets wait (limit "
                    + config.limits().maxQueuedBytes() + " bytes, "
                    + config.limits().maxQueuedBehindHistoryBytes()
                    + " behind a history)";
            to.queue().close(reason);
            loop.execute(() -> to.end(reason));
        }
    }

    private void pumpAll() {
        // First, so that whoever queues from now on asks again.
        pumping.set(false);
        for (QuorumLink link = unsent.poll(); link != null; link = unsent.poll()) {
            link.unmark();
            link.pump();
        }
    }

    private final class LinkEvents implements QuorumLink.Owner {
        @Override
        public void onArrived(QuorumLink link) {
            if (port != null) {
                port.onArrived(link);
            }
            links.put(link.number(), link);
            LOG.info("Link {} of a learner", link);
            listener.arrived(link.number());
            turn.ask();
        }

        @Override
        public void onPacket(QuorumLink link, QuorumPacket packet) {
            listener.received(link.number(), packet);
            turn.ask();
        }

        @Override
        public void onImage(QuorumLink link) {
            listener.imageReceived(link.number());
            turn.ask();
        }

        @Override
        public void onOver(QuorumLink link, String reason) {
            alive.remove(link);
            if (port != null) {
                port.onOver(link);
            }
            if (links.remove(link.number()) != null && !link.isDisowned()) {
                LOG.info("Link {} is gone: {}", link, reason);
                listener.closed(link.number(), reason);
                turn.ask();
            } else if (link.side() == Side.ACCEPTOR && !link.hasArrived()) {
                LOG.warn("Caller {} is gone: {}", link, reason);
            }
            completeIfAllOver();
        }
    }

    /** From a history thread to its link. */
    private final class OutletWay implements LinkOutlet.Way {
        private final QuorumLink link;

        OutletWay(QuorumLink link) {
            this.link = link;
        }

        @Override
        public void wakeUp() {
            if (link.mark()) {
                unsent.add(link);
            }
            flush();
        }

        @Override
        public void fail(String reason) {
            loop.execute(() -> link.end(reason));
        }
    }
}
