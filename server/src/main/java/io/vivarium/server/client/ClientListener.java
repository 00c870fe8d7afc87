/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.vivarium.server.auth.Identities;
import io.vivarium.server.metrics.Metrics;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.transport.ServerThreads;
import io.vivarium.server.transport.ServerThreads.Life;
import io.vivarium.server.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client port: its listening socket, its event loops, who may come in.
 *
 * <p>Thread: {@link #start}, {@link #close} belong to the composition root; connections are accepted on {@code
 * client-accept}, are made and live on {@code client-io}. Native epoll where it loads, NIO elsewhere. A connection over a limit
 * is accepted and reset (spec client-protocol 9.6).
 */
public final class ClientListener {
    private static final Logger LOG = LoggerFactory.getLogger(ClientListener.class);
    private static final int LOW_WATER_BYTES = 64 * 1024;
    private static final int HIGH_WATER_BYTES = 256 * 1024;
    /** What one read takes at most. The buffer is given back at once, so its size costs nothing and nothing adapts it. */
    private static final RecvByteBufAllocator RECEIVE = new FixedRecvByteBufAllocator(16 * 1024);

    private final Config config;
    private final Transport transport = Transport.best();
    private final MultiThreadIoEventLoopGroup acceptGroup;
    private final MultiThreadIoEventLoopGroup ioGroup;
    private final Map<EventLoop, IoLane> laneByLoop = new ConcurrentHashMap<>();
    private final List<IoLane> lanes = new ArrayList<>();
    private final Map<InetAddress, Guests> guestsByAddress = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong rejected = new AtomicLong();
    private final ClientStats stats;
    /** One for all connections, for there may be many. */
    private final ChannelFutureListener departure = this::departed;

    private volatile @Nullable Channel listening;

    /**
     * How to listen.
     *
     * @param backlog -1 for the system's default
     * @param maxPerAddress connections from one address, 0 for no limit
     * @param maxTotal connections in all, 0 for no limit
     */
    public record Config(
            InetSocketAddress address,
            int backlog,
            int maxPerAddress,
            int maxTotal,
            int ioThreads,
            boolean keepAlive) {}

    /**
     * @param gate of the tree that clients read
     * @param maxFieldBytes greatest length of one string or buffer in a request
     */
    public ClientListener(Config config, TreeGate gate, int maxFieldBytes, Metrics metrics) {
        this.config = config;
        this.acceptGroup = new MultiThreadIoEventLoopGroup(
                1, ServerThreads.numbered("client-accept", Life.KEEPS_PROCESS), transport.ioHandlers());
        this.ioGroup = new MultiThreadIoEventLoopGroup(
                config.ioThreads(), ServerThreads.numbered("client-io", Life.KEEPS_PROCESS), transport.ioHandlers());
        ioGroup.forEach(executor -> {
            IoLane lane = new IoLane((EventLoop) executor, gate, maxFieldBytes, metrics.newRecorder());
            lanes.add(lane);
            laneByLoop.put(lane.eventLoop(), lane);
        });
        this.stats = new ClientStats(lanes);
    }

    /**
     * Starts to listen.
     *
     * @throws IOException if the port cannot be bound; the message names the address
     */
    public void start(ClientPort port) throws IOException {
        LOG.info("binding to port {}", config.address());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptGroup, ioGroup)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, RECEIVE)
                .childOption(ChannelOption.SO_KEEPALIVE, config.keepAlive())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        admit(channel, port);
                    }
                });
        if (config.backlog() > 0) {
            bootstrap.option(ChannelOption.SO_BACKLOG, config.backlog());
        }
        try {
            listening = bootstrap.bind(config.address()).syncUninterruptibly().channel();
        } catch (Exception e) {
            throw new IOException("cannot listen for clients on " + config.address() + ": " + e.getMessage(), e);
        }
        LOG.info("bound to port {}", boundAddress().getPort());
    }

    /** Where clients are listened for; the real port if the system was asked to choose one. */
    public InetSocketAddress boundAddress() {
        Channel channel = listening;
        return channel == null ? config.address() : (InetSocketAddress) channel.localAddress();
    }

    public ClientStats stats() {
        return stats;
    }

    /** Open connections, those of four-letter words included. */
    public int connectionCount() {
        return connections.get();
    }

    /** Connections reset because there were too many. */
    public long rejectedCount() {
        return rejected.get();
    }

    /** What is to be told of each open connection, gathered on the event loops. Thread: any; nobody waits. */
    public CompletableFuture<List<ConnectionView>> connections() {
        List<CompletableFuture<List<ConnectionView>>> parts = new ArrayList<>();
        for (IoLane lane : lanes) {
            parts.add(CompletableFuture.supplyAsync(
                    () -> lane.connections().stream()
                            .map(ClientConnection::view)
                            .toList(),
                    lane.eventLoop()));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .thenApply(done ->
                        parts.stream().flatMap(part -> part.join().stream()).toList());
    }

    /** Begins the counts of every connection anew. Thread: any. */
    public CompletableFuture<Void> resetConnections() {
        return CompletableFuture.allOf(lanes.stream()
                .map(lane -> CompletableFuture.runAsync(
                        () -> lane.connections().forEach(ClientConnection::resetStats), lane.eventLoop()))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Hands what the core has queued in this round over to the event loops. Thread: {@code core}. */
    public void flush() {
        for (int i = 0; i < lanes.size(); i++) {
            lanes.get(i).flushDirty();
        }
    }

    /** Stops listening and closes every connection; nothing is said to the clients (spec client-protocol 2.7). */
    public void close() {
        Channel channel = listening;
        if (channel != null) {
            channel.close().syncUninterruptibly();
        }
        acceptGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        ioGroup.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void admit(SocketChannel channel, ClientPort port) {
        InetSocketAddress peer = channel.remoteAddress();
        if (peer == null) {
            close(channel);
            return;
        }
        Guests guests = guestsByAddress.compute(
                peer.getAddress(), (address, others) -> others == null ? Guests.first(address) : others.and(1));
        int total = connections.incrementAndGet();
        channel.closeFuture().addListener(departure);
        if (config.maxPerAddress() > 0 && guests.count() > config.maxPerAddress()) {
            LOG.warn("Too many connections from {} - max is {}", peer.getAddress(), config.maxPerAddress());
            reset(channel);
        } else if (config.maxTotal() > 0 && total > config.maxTotal()) {
            LOG.warn("Too many connections, {} are open - max is {}", total, config.maxTotal());
            reset(channel);
        } else {
            channel.pipeline()
                    .addLast(new ClientConnection(
                            port, laneByLoop.get(channel.eventLoop()), channel, peer, guests.identities()));
        }
    }

    private void reset(SocketChannel channel) {
        rejected.incrementAndGet();
        channel.config().setSoLinger(0);
        close(channel);
    }

    private static void close(SocketChannel channel) {
        channel.close().addListener(closed -> {
            if (!closed.isSuccess()) {
                LOG.debug("closing {} fails", channel, closed.cause());
            }
        });
    }

    /** Counts a connection out when it has ended. */
    private void departed(ChannelFuture closed) {
        connections.decrementAndGet();
        InetSocketAddress peer = (InetSocketAddress) closed.channel().remoteAddress();
        guestsByAddress.computeIfPresent(
                peer.getAddress(), (address, guests) -> guests.count() == 1 ? null : guests.and(-1));
    }

    /**
     * The connections from one address.
     *
     * @param identities what the address says of each of them; shared, since there may be thousands
     */
    private record Guests(int count, Identities identities) {
        static Guests first(InetAddress address) {
            return new Guests(1, Identities.ofPeer(address.getHostAddress()));
        }

        Guests and(int more) {
            return new Guests(count + more, identities);
        }
    }
}
