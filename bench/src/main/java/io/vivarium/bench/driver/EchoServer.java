/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.driver;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.SpecialXid;
import io.vivarium.protocol.jute.JuteWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The floor: a server that does nothing but move frames.
 *
 * <p>Each request is answered by a reply of the size of a getData reply, one flush for all requests of one read. What it
 * costs per request is what any server on this transport must cost at least; a real server is measured against it. It
 * keeps no session and no node. With a folder it answers writes behind a sync ({@link SyncFloor}), which is the floor of a
 * server that keeps what it acknowledges. Thread: its own event loops. Spec: client-protocol 1.1, 2.1, 3.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty: outcomes arrive as channel events; a void promise has none.
public final class EchoServer implements AutoCloseable {
    private static final int STAT_BYTES = 68;
    private static final int MAX_FRAME_BYTES = 0xfffff;

    private final MultiThreadIoEventLoopGroup group;
    private final Channel channel;
    private final @Nullable SyncFloor syncs;

    private EchoServer(MultiThreadIoEventLoopGroup group, Channel channel, @Nullable SyncFloor syncs) {
        this.group = group;
        this.channel = channel;
        this.syncs = syncs;
    }

    /**
     * Listens on the loopback address.
     *
     * @param port 0 takes a free one
     * @param dataBytes data in each reply
     * @param syncFolder where writes are synced before they are answered; null answers all at once
     */
    public static EchoServer start(int port, int dataBytes, int threads, @Nullable Path syncFolder) throws IOException {
        SyncFloor syncs = syncFolder == null ? null : SyncFloor.in(syncFolder);
        Transport transport = Transport.best();
        MultiThreadIoEventLoopGroup group = transport.newGroup("echo-io", threads);
        byte[] body = new byte[4 + dataBytes + STAT_BYTES];
        AtomicLong sessionIds = new AtomicLong(1);
        Channel channel = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannelType())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        child.pipeline().addLast(new Answerer(child, body, sessionIds.getAndIncrement(), syncs));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
        return new EchoServer(group, channel, syncs);
    }

    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Waits until the server is closed. */
    public void awaitClose() throws InterruptedException {
        channel.closeFuture().sync();
    }

    @Override
    public void close() throws IOException {
        channel.close().awaitUninterruptibly();
        if (syncs != null) {
            syncs.close();
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Answers the frames of one connection. Thread: its event loop. */
    private static final class Answerer extends ChannelInboundHandlerAdapter implements SyncFloor.Writer {
        private final Channel channel;
        private final byte[] body;
        private final long sessionId;
        private final @Nullable SyncFloor syncs;
        private boolean connected;
        /** Requests that wait for a sync. */
        private int unsynced;
        /** The start of a frame whose end has not come yet; empty most of the time. */
        private byte[] rest = new byte[0];

        Answerer(Channel channel, byte[] body, long sessionId, @Nullable SyncFloor syncs) {
            this.channel = channel;
            this.body = body;
            this.sessionId = sessionId;
            this.syncs = syncs;
        }

        @Override
        public EventLoop eventLoop() {
            return channel.eventLoop();
        }

        @Override
        public void synced(int xid) {
            unsynced--;
            ByteBuf out = channel.alloc().directBuffer(4 + 16 + body.length);
            answer(xid, body.length, out);
            channel.write(out, channel.voidPromise());
        }

        @Override
        public void flush() {
            channel.flush();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            ByteBuf out = ctx.alloc().directBuffer(4096);
            try {
                if (rest.length > 0) {
                    in = ctx.alloc()
                            .buffer(rest.length + in.readableBytes())
                            .writeBytes(rest)
                            .writeBytes(in);
                    ReferenceCountUtil.release(message);
                }
                boolean open = answerAll(in, out);
                rest = new byte[in.readableBytes()];
                in.readBytes(rest);
                if (out.isReadable()) {
                    ctx.write(out.retain(), ctx.voidPromise());
                }
                if (!open) {
                    ctx.flush();
                    ctx.close();
                }
            } finally {
                in.release();
                out.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        /** False once the client has closed its session or sent nonsense. */
        private boolean answerAll(ByteBuf in, ByteBuf out) {
            while (in.readableBytes() >= 4) {
                int length = in.getInt(in.readerIndex());
                if (length < 8 || length > MAX_FRAME_BYTES) {
                    return false;
                }
                if (in.readableBytes() < 4 + length) {
                    return true;
                }
                int xid = in.getInt(in.readerIndex() + 4);
                int op = in.getInt(in.readerIndex() + 8);
                if (!connected) {
                    accept(in.getInt(in.readerIndex() + 16), length, out);
                } else if (syncs != null && waitsForSync(op)) {
                    unsynced++;
                    syncs.add(this, xid, in, in.readerIndex(), OpCode.isWrite(op) ? 4 + length : 0);
                } else {
                    answer(xid, xid == SpecialXid.PING || op == OpCode.CLOSE_SESSION ? 0 : body.length, out);
                    if (op == OpCode.CLOSE_SESSION) {
                        return false;
                    }
                }
                in.skipBytes(4 + length);
            }
            return true;
        }

        /** Answers leave in the order of requests, so what stands behind a write waits with it. */
        private boolean waitsForSync(int op) {
            return op != OpCode.CLOSE_SESSION && (unsynced > 0 || OpCode.isWrite(op));
        }

        private void answer(int xid, int bodyBytes, ByteBuf out) {
            out.writeInt(16 + bodyBytes);
            out.writeInt(xid);
            out.writeLong(1);
            out.writeInt(0);
            out.writeBytes(body, 0, bodyBytes);
        }

        private void accept(int timeoutMillis, int length, ByteBuf out) {
            connected = true;
            JuteWriter writer = new JuteWriter(64);
            int mark = writer.beginFrame();
            ConnectReply.accepted(timeoutMillis, sessionId, new byte[ConnectReply.PASSWORD_BYTES], false, length > 44)
                    .write(writer);
            writer.endFrame(mark);
            out.writeBytes(writer.array(), 0, writer.size());
        }
    }
}
