/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vivarium.protocol.ensemble.HostPort;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one listening address open (spec election 1.7).
 *
 * <pre>
 * closed --open--> trying --bound--> listening --socket lost--> trying
 *                  |    ^
 *                  +----+ failed, one second later, up to the number of attempts; then the owner is told
 * </pre>
 *
 * <p>The count starts again after each accepted connection. The host is resolved again for every attempt. Thread:
 * peer-io.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed close or write shows itself as the end of the channel.
final class ElectionPort {
    private static final Logger LOG = LoggerFactory.getLogger(ElectionPort.class);

    private final EventLoop loop;
    private final MeshConfig config;
    private final HostPort address;
    private final AddressBook addresses;
    private final Consumer<Channel> onAccepted;
    private final Consumer<ListenFailure> onFailed;
    private @Nullable Channel channel;
    private int attempts;
    private boolean closed;

    ElectionPort(
            EventLoop loop,
            MeshConfig config,
            HostPort address,
            AddressBook addresses,
            Consumer<Channel> onAccepted,
            Consumer<ListenFailure> onFailed) {
        this.loop = loop;
        this.config = config;
        this.address = address;
        this.addresses = addresses;
        this.onAccepted = onAccepted;
        this.onFailed = onFailed;
    }

    void open() {
        if (closed) {
            return;
        }
        attempts++;
        if (config.listenOn() == MeshConfig.ListenOn.EVERY_INTERFACE) {
            bind(new InetSocketAddress(address.port()));
        } else {
            addresses.resolve(address, 0, this::bind, this::onBindFailed);
        }
    }

    /** Completes when the port is free again. */
    @Nullable
    ChannelFuture close() {
        closed = true;
        return channel == null ? null : channel.close();
    }

    private void bind(InetSocketAddress resolved) {
        new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, config.keepAlive() == MeshConfig.KeepAlive.ON)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        attempts = 0;
                        onAccepted.accept(accepted);
                    }
                })
                .bind(resolved)
                .addListener((ChannelFuture bound) -> {
                    if (bound.isSuccess()) {
                        onBound(bound.channel());
                    } else {
                        onBindFailed(bound.cause());
                    }
                });
    }

    private void onBound(Channel listening) {
        if (closed) {
            listening.close();
            return;
        }
        channel = listening;
        LOG.info("{} is accepting connections now, my election bind port: {}", config.self(), listening.localAddress());
        listening.closeFuture().addListener(gone -> {
            channel = null;
            if (!closed) {
                onBindFailed(new IllegalStateException("the listening socket was closed"));
            }
        });
    }

    private void onBindFailed(Throwable cause) {
        if (closed) {
            return;
        }
        LOG.error("Cannot listen for votes on {} (attempt {}): {}", address, attempts, cause.toString());
        if (config.bindAttempts() != 0 && attempts >= config.bindAttempts()) {
            onFailed.accept(new ListenFailure(address, attempts, cause.toString()));
        } else {
            loop.schedule(this::open, MeshConfig.BIND_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
