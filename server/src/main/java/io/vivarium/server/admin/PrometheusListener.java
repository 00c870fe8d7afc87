/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.DefaultExports;
import io.vivarium.server.metrics.MetricSource;
import io.vivarium.server.transport.ServerThreads;
import io.vivarium.server.transport.ServerThreads.Life;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that Prometheus scrapes: {@code GET /metrics} and nothing else (spec operations 5.1).
 *
 * <p>Thread: one event loop, {@code admin-io}; pages are written on that of {@link AdminView#reports}. Connections, the size
 * of requests and the time they may take are bounded.
 */
// A write that fails ends its connection, and nobody waits for its future.
@SuppressWarnings("FutureReturnValueIgnored")
public final class PrometheusListener {
    private static final Logger LOG = LoggerFactory.getLogger(PrometheusListener.class);
    private static final int MAX_CONNECTIONS = 100;
    private static final int MAX_BODY_BYTES = 1024;
    private static final int IDLE_SECONDS = 120;

    private final AdminView view;
    private final Monitor monitor;
    private final QuantileWindow window = new QuantileWindow();
    private final CollectorRegistry jvm = new CollectorRegistry();
    private final AtomicInteger connections = new AtomicInteger();
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, ServerThreads.numbered("admin-io", Life.DAEMON), NioIoHandler.newFactory());

    public PrometheusListener(AdminView view) {
        this.view = view;
        this.monitor = new Monitor(view);
        if (view.config().metrics().jvm()) {
            DefaultExports.register(jvm);
        }
    }

    /**
     * Starts to listen.
     *
     * @return where
     * @throws IOException if the port cannot be bound; the message names the address
     */
    public InetSocketAddress start(InetSocketAddress address) throws IOException {
        LOG.info(
                "Starting /metrics HTTP endpoint at host: {}, port: {}, exportJvmInfo: {}",
                address.getHostString(),
                address.getPort(),
                view.config().metrics().jvm());
        try {
            Channel listening = new ServerBootstrap()
                    .group(group)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            admit(channel);
                        }
                    })
                    .bind(address)
                    .syncUninterruptibly()
                    .channel();
            return (InetSocketAddress) listening.localAddress();
        } catch (Exception e) {
            close();
            throw new IOException("cannot listen for Prometheus on " + address + ": " + e.getMessage(), e);
        }
    }

    /** Closes the port and every connection. */
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void admit(SocketChannel channel) {
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        if (connections.incrementAndGet() > MAX_CONNECTIONS) {
            LOG.warn("more than {} connections for /metrics; {} is closed", MAX_CONNECTIONS, channel.remoteAddress());
            channel.close();
            return;
        }
        channel.pipeline()
                .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
                .addLast(new HttpServerCodec())
                .addLast(new HttpObjectAggregator(MAX_BODY_BYTES))
                .addLast(new Scrape());
    }

    /** The page of this moment. Thread: reports. */
    private String page(MetricSource report) {
        PrometheusPage page = new PrometheusPage(window, view.nanoClock().getAsLong());
        report.report(page);
        StringWriter text = new StringWriter(32 << 10);
        try {
            TextFormat.write004(text, Collections.enumeration(page.families()));
            TextFormat.write004(text, jvm.metricFamilySamples());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private final class Scrape extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            if (request.method().equals(HttpMethod.TRACE)) {
                answer(ctx, HttpResponseStatus.FORBIDDEN, "", keepAlive);
            } else if (!request.decoderResult().isSuccess()) {
                answer(ctx, HttpResponseStatus.BAD_REQUEST, "", false);
            } else if (!new QueryStringDecoder(request.uri()).path().equals("/metrics")) {
                answer(ctx, HttpResponseStatus.NOT_FOUND, "", keepAlive);
            } else {
                scrape(ctx, keepAlive);
            }
        }

        private void scrape(ChannelHandlerContext ctx, boolean keepAlive) {
            monitor.report()
                    .thenApplyAsync(PrometheusListener.this::page, view.reports())
                    .whenComplete((page, failure) -> {
                        if (failure == null) {
                            answer(ctx, HttpResponseStatus.OK, page, keepAlive);
                        } else {
                            LOG.warn(
                                    "/metrics for {} gets no answer",
                                    ctx.channel().remoteAddress(),
                                    failure);
                            answer(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE, "", false);
                        }
                    });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("/metrics: connection of {} fails", ctx.channel().remoteAddress(), cause);
            ctx.close();
        }
    }

    private static void answer(ChannelHandlerContext ctx, HttpResponseStatus status, String text, boolean keepAlive) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, TextFormat.CONTENT_TYPE_004);
        HttpUtil.setContentLength(response, response.content().readableBytes());
        HttpUtil.setKeepAlive(response, keepAlive);
        ctx.writeAndFlush(response).addListener(sent -> {
            if (!keepAlive) {
                ctx.close();
            }
        });
    }
}
