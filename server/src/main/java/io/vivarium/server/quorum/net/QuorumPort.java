/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.vivarium.election.net.AddressBook;
import io.vivarium.election.net.LinkSecurity;
import io.vivarium.election.net.MeshConfig.KeepAlive;
import io.vivarium.election.net.MeshConfig.ListenOn;
import io.vivarium.election.net.Side;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.server.transport.Transport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quorum port, open once: its listening sockets and the links that came by them.
 *
 * <p>Callers are nobody until their first packet is whole. Until then they cost a socket, for a time, and there are at
 * most {@link LinkConfig#MAX_CALLERS} of them; the oldest has had the most time to speak and goes first. Thread: peer-io.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed close shows itself as the end of the channel.
final class QuorumPort {
    private static final Logger LOG = LoggerFactory.getLogger(QuorumPort.class);

    private final EventLoop loop;
    private final LinkConfig config;
    private final LinkSecurity security;
    private final AddressBook addresses;
    private final Supplier<QuorumLink> newLink;
    private final Consumer<String> onFailed;
    private final Set<Channel> listening = new LinkedHashSet<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<QuorumLink, Future<?>> callers = new LinkedHashMap<>();
    private final Set<QuorumLink> links = new LinkedHashSet<>();
    private int unanswered;
    private boolean closed;

    QuorumPort(
            EventLoop loop,
            LinkConfig config,
            LinkSecurity security,
            AddressBook addresses,
            Supplier<QuorumLink> newLink,
            Consumer<String> onFailed) {
        this.loop = loop;
        this.config = config;
        this.security = security;
        this.addresses = addresses;
        this.newLink = newLink;
        this.onFailed = onFailed;
    }

    void open() {
        unanswered = config.addresses().size();
        for (HostPort address : config.addresses()) {
            if (config.sockets().listenOn() == ListenOn.EVERY_INTERFACE) {
                bind(address, new InetSocketAddress(address.port()));
            } else {
                addresses.resolve(
                        address, 0, resolved -> bind(address, resolved), cause -> onBindFailed(address, cause));
            }
        }
    }

    /** Closes everything; completes when the addresses are free. */
    CompletableFuture<Void> close(String reason) {
        closed = true;
        List<CompletableFuture<?>> closing = new ArrayList<>();
        for (Channel channel : List.copyOf(listening)) {
            CompletableFuture<Void> freed = new CompletableFuture<>();
            channel.close().addListener(gone -> freed.complete(null));
            closing.add(freed);
        }
        for (QuorumLink caller : List.copyOf(callers.keySet())) {
            caller.end(reason);
        }
        for (QuorumLink link : List.copyOf(links)) {
            link.disown();
            link.close(reason);
        }
        return CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new));
    }

    void onArrived(QuorumLink link) {
        Future<?> limit = callers.remove(link);
        if (limit != null) {
            limit.cancel(false);
        }
    }

    void onOver(QuorumLink link) {
        onArrived(link);
        links.remove(link);
    }

    private void bind(HostPort address, InetSocketAddress resolved) {
        if (closed) {
            return;
        }
        new ServerBootstrap()
                .group(loop)
                .channel(Transport.of(loop).serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, config.sockets().leaderNoDelay() == LinkConfig.NoDelay.ON)
                .childOption(ChannelOption.SO_KEEPALIVE, config.sockets().keepAlive() == KeepAlive.ON)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, QuorumLinks.WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        onAccepted(accepted);
                    }
                })
                .bind(resolved)
                .addListener((ChannelFuture bound) -> {
                    if (bound.isSuccess()) {
                        onBound(address, bound.channel());
                    } else {
                        onBindFailed(address, bound.cause());
                    }
                });
    }

    private void onBound(HostPort address, Channel channel) {
        if (closed) {
            channel.close();
            return;
        }
        unanswered--;
        listening.add(channel);
        LOG.info("Listening for learners on {}", channel.localAddress());
        channel.closeFuture().addListener(gone -> {
            listening.remove(channel);
            if (!closed) {
                failures.add(address + ": the listening socket was closed");
                failIfDeaf();
            }
        });
    }

    private void onBindFailed(HostPort address, Throwable cause) {
        if (closed) {
            return;
        }
        unanswered--;
        LOG.error("Cannot listen for learners on {}: {}", address, cause.toString());
        failures.add(address + ": " + QuorumLink.reasonOf(cause));
        failIfDeaf();
    }

    private void failIfDeaf() {
        if (unanswered == 0 && listening.isEmpty()) {
            onFailed.accept("cannot listen for learners on " + String.join("; ", failures));
        }
    }

    private void onAccepted(Channel accepted) {
        if (closed) {
            accepted.close();
            return;
        }
        QuorumLink link = newLink.get();
        security.protect(accepted.pipeline(), Side.ACCEPTOR);
        int limitMillis = config.limits().firstPacketMillis();
        callers.put(
                link,
                loop.schedule(
                        () -> link.end("no whole packet within " + limitMillis + " ms"),
                        limitMillis,
                        TimeUnit.MILLISECONDS));
        links.add(link);
        link.attach(accepted);
        if (callers.size() > LinkConfig.MAX_CALLERS) {
            Iterator<QuorumLink> oldest = callers.keySet().iterator();
            oldest.next()
                    .end("pushed out by newer callers, " + LinkConfig.MAX_CALLERS + " that have not sent a packet");
        }
    }
}
