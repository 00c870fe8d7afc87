/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vivarium.protocol.ensemble.HostPort;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes connections, without ever blocking: tries the candidates in order until one answers (spec election 1.3).
 *
 * <p>Thread: peer-io.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed close or write shows itself as the end of the channel.
final class VoteDialler {
    private static final Logger LOG = LoggerFactory.getLogger(VoteDialler.class);

    private final EventLoop loop;
    private final MeshConfig config;
    private final LinkSecurity security;
    private final AddressBook addresses;

    VoteDialler(EventLoop loop, MeshConfig config, LinkSecurity security, AddressBook addresses) {
        this.loop = loop;
        this.config = config;
        this.security = security;
        this.addresses = addresses;
    }

    /** Gives the connected channel, or null when no candidate answers; exactly once, on the event loop. */
    void dial(long sid, List<HostPort> candidates, int attempt, Consumer<@Nullable Channel> done) {
        dialNext(sid, candidates.iterator(), attempt, done);
    }

    /** Says who we are, in one write: stock reads the address text with a single read call (trap 12). */
    ChannelFuture introduce(Channel channel) {
        return channel.writeAndFlush(Unpooled.wrappedBuffer(config.handshake().encode()));
    }

    /** Asks the peer to call us back: introduces us and hangs up (spec election 1.1). */
    void requestCallBack(Channel channel) {
        introduce(channel).addListener(ChannelFutureListener.CLOSE);
    }

    private void dialNext(long sid, Iterator<HostPort> candidates, int attempt, Consumer<@Nullable Channel> done) {
        if (!candidates.hasNext()) {
            done.accept(null);
            return;
        }
        HostPort candidate = candidates.next();
        Consumer<Throwable> failed = cause -> {
            // One line for a peer that is down, not one for each attempt.
            LOG.atLevel(attempt == 0 ? Level.WARN : Level.DEBUG)
                    .log("Cannot open channel to {} at election address {}: {}", sid, candidate, cause.getMessage());
            dialNext(sid, candidates, attempt, done);
        };
        addresses.resolve(candidate, attempt, resolved -> connect(resolved, done, failed), failed);
    }

    private void connect(InetSocketAddress target, Consumer<@Nullable Channel> done, Consumer<Throwable> failed) {
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, config.keepAlive() == MeshConfig.KeepAlive.ON)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, config.connectTimeoutMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        security.protect(channel.pipeline(), Side.DIALLER);
                    }
                })
                .connect(target)
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        done.accept(connected.channel());
                    } else {
                        failed.accept(connected.cause());
                    }
                });
    }
}
