/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.vivarium.election.net.AddressBook;
import io.vivarium.election.net.LinkSecurity;
import io.vivarium.election.net.MeshConfig.KeepAlive;
import io.vivarium.election.net.Side;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.server.transport.Transport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a way to a leader: every address it has at once, each with its attempts, until one connects (spec quorum 6.1).
 *
 * <p>Ends with one channel or one reason, never with both or neither: the budget sees to that, whatever name servers and
 * networks do. Names are looked up for each attempt. TLS is part of an attempt. Thread: peer-io.
 *
 * <p>A leader opens its port when it learns that it was elected, and its followers learn it at about the same moment; who
 * comes first finds the port closed. So before the attempts that the specification counts there are a few with short
 * pauses, twice as long each time, which cost nothing and save a whole pause of an ensemble without a leader.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Answers come by listeners; a failed close is no news.
final class LeaderDial {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderDial.class);
    private static final int FIRST_PAUSE_MILLIS = 5;

    private final EventLoop loop;
    private final LinkConfig config;
    private final LinkSecurity security;
    private final AddressBook addresses;
    private final LongSupplier nanoClock;
    private final Consumer<Channel> connected;
    private final Consumer<String> failed;
    private final Set<Channel> trying = new HashSet<>();
    private final List<Future<?>> plans = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private long deadlineNanos;
    private int waysLeft;
    private boolean done;

    LeaderDial(
            EventLoop loop,
            LinkConfig config,
            LinkSecurity security,
            AddressBook addresses,
            LongSupplier nanoClock,
            Consumer<Channel> connected,
            Consumer<String> failed) {
        this.loop = loop;
        this.config = config;
        this.security = security;
        this.addresses = addresses;
        this.nanoClock = nanoClock;
        this.connected = connected;
        this.failed = failed;
    }

    void start(List<HostPort> leader) {
        int budgetMillis = config.dialling().budgetMillis();
        deadlineNanos = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(budgetMillis);
        waysLeft = leader.size();
        plans.add(loop.schedule(
                () -> fail("no connection to " + leader + " within " + budgetMillis + " ms " + failures),
                budgetMillis,
                TimeUnit.MILLISECONDS));
        leader.forEach(address -> new Way(address).attempt());
    }

    /** Nobody wants the answer any more. */
    void stop() {
        if (done) {
            return;
        }
        done = true;
        plans.forEach(plan -> plan.cancel(false));
        List.copyOf(trying).forEach(Channel::close);
        trying.clear();
    }

    private void succeed(Channel channel) {
        trying.remove(channel);
        stop();
        connected.accept(channel);
    }

    private void fail(String reason) {
        if (!done) {
            stop();
            failed.accept(reason);
        }
    }

    private long remainingMillis() {
        return TimeUnit.NANOSECONDS.toMillis(deadlineNanos - nanoClock.getAsLong());
    }

    /** One address and what has been tried there. */
    private final class Way {
        private final HostPort address;
        private int attempts;
        /** The next one, as long as it is shorter than the configured one. */
        private int shortPauseMillis = FIRST_PAUSE_MILLIS;

        private int pauses;

        Way(HostPort address) {
            this.address = address;
        }

        void attempt() {
            if (!done) {
                addresses.resolve(address, attempts++, this::connect, this::onFailure);
            }
        }

        private void connect(InetSocketAddress target) {
            if (done) {
                return;
            }
            long timeoutMillis = Math.min(config.dialling().connectTimeoutMillis(), Math.max(1, remainingMillis()));
            ChannelFuture connecting = new Bootstrap()
                    .group(loop)
                    .channel(Transport.of(loop).socketChannel())
                    .option(ChannelOption.TCP_NODELAY, config.sockets().followerNoDelay() == LinkConfig.NoDelay.ON)
                    .option(ChannelOption.SO_KEEPALIVE, config.sockets().keepAlive() == KeepAlive.ON)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeoutMillis)
                    .option(ChannelOption.WRITE_BUFFER_WATER_MARK, QuorumLinks.WATER_MARK)
                    // Nothing is read until the link is there to read it; TLS reads for itself.
                    .option(ChannelOption.AUTO_READ, false)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            security.protect(channel.pipeline(), Side.DIALLER);
                        }
                    })
                    .connect(target);
            trying.add(connecting.channel());
            connecting.addListener((ChannelFuture answer) -> onConnected(answer));
        }

        private void onConnected(ChannelFuture answer) {
            Channel channel = answer.channel();
            if (!answer.isSuccess()) {
                trying.remove(channel);
                onFailure(answer.cause());
                return;
            }
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls == null) {
                onReady(channel);
                return;
            }
            tls.handshakeFuture().addListener(shaken -> {
                if (shaken.isSuccess()) {
                    onReady(channel);
                } else {
                    trying.remove(channel);
                    channel.close();
                    onFailure(shaken.cause());
                }
            });
        }

        private void onReady(Channel channel) {
            if (done) {
                channel.close();
            } else {
                succeed(channel);
            }
        }

        private void onFailure(Throwable cause) {
            if (done) {
                return;
            }
            String reason = QuorumLink.reasonOf(cause);
            LOG.debug("Attempt {} to reach the leader at {}: {}", attempts, address, reason);
            int pauseMillis = nextPauseMillis();
            if (pauses < config.dialling().attempts() && remainingMillis() > pauseMillis) {
                plans.add(loop.schedule(this::attempt, pauseMillis, TimeUnit.MILLISECONDS));
                return;
            }
            failures.add(address + " after " + attempts + " attempts: " + reason);
            if (--waysLeft == 0) {
                fail("no connection to " + String.join("; ", failures));
            }
        }

        /** Counts the full ones only. */
        private int nextPauseMillis() {
            int fullMillis = config.dialling().pauseMillis();
            if (shortPauseMillis >= fullMillis) {
                pauses++;
                return fullMillis;
            }
            int pauseMillis = shortPauseMillis;
            shortPauseMillis *= 2;
            return pauseMillis;
        }
    }
}
