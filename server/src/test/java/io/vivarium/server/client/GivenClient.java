/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.auth.Identities;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.pipeline.Outgoing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A connection without a network: what a client sends goes in, what it is sent comes out as one line for each frame. */
final class GivenClient {
    static final int HIGH_WATER_BYTES = 4096;
    private static final int CONNECT_REPLY_BYTES = 37;

    final GivenPort given;
    final Line line = new Line();
    final IoLane lane;
    final ClientConnection connection;
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final ByteBuf received = Unpooled.buffer();

    /** The line to the client; may be stopped, and then nothing leaves. */
    static final class Line extends EmbeddedChannel {
        private int passing = Integer.MAX_VALUE;

        void stop() {
            passing = 0;
        }

        /** Takes so many buffers, and whoever waits for that learns of it when the loop next turns. */
        void take(int buffers) {
            passing = buffers;
            pipeline().flush();
        }

        void start() {
            passing = Integer.MAX_VALUE;
            pipeline().flush();
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            for (Object message = in.current(); passing > 0 && message != null; message = in.current()) {
                passing = passing == Integer.MAX_VALUE ? passing : passing - 1;
                handleOutboundMessage(ReferenceCountUtil.retain(message));
                in.remove();
            }
        }
    }

    GivenClient(GivenPort given) {
        this.given = given;
        line.config().setAllocator(allocator);
        line.config().setWriteBufferWaterMark(new WriteBufferWaterMark(HIGH_WATER_BYTES / 4, HIGH_WATER_BYTES));
        lane = new IoLane(
                line.eventLoop(), given.port.gate(), given.port.limits().maxFieldBytes(), new Recorder());
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);
        connection = new ClientConnection(
                given.port,
                lane,
                line,
                peer,
                Identities.ofPeer(peer.getAddress().getHostAddress()));
        line.pipeline().addLast(connection);
    }

    /** A client that has its session. */
    static GivenClient attached(GivenPort given) {
        GivenClient client = new GivenClient(given);
        client.send(connect());
        given.acceptSession(7);
        client.coreRoundEnds();
        client.news();
        return client;
    }

    // ---- Frames -----------------------------------------------------------------------------------------------

    static byte[] connect() {
        return frame(out -> new ConnectRequest(0, 0, 10_000, 0, new byte[16], false, true).write(out));
    }

    static byte[] request(int xid, int op, JuteRecord body) {
        return frame(out -> {
            out.writeInt(xid);
            out.writeInt(op);
            body.write(out);
        });
    }

    interface Body {
        void write(JuteWriter out);
    }

    static byte[] frame(Body body) {
        JuteWriter out = new JuteWriter(256);
        int mark = out.beginFrame();
        body.write(out);
        out.endFrame(mark);
        return out.toByteArray();
    }

    /** An event as the core queues it. */
    static Outgoing event() {
        return new Outgoing.Encoded(frame(out -> {
            out.writeInt(-1);
            out.writeLong(9);
            out.writeInt(0);
        }));
    }

    // ---- What happens -----------------------------------------------------------------------------------------

    void send(byte[]... parts) {
        onLoop(() -> arrive(parts));
    }

    /** The bytes come in now, within a task of the loop. */
    void arrive(byte[]... parts) {
        line.pipeline().fireChannelRead(Unpooled.wrappedBuffer(parts));
    }

    /** Does this as the loop would: other tasks run after it and never within it, as they would in a bare embedded channel. */
    void onLoop(Runnable task) {
        line.eventLoop().execute(task);
        line.runPendingTasks();
    }

    /** Time goes by, and what was planned for it is done. */
    void pass(long millis) {
        line.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        line.runScheduledPendingTasks();
        line.runPendingTasks();
    }

    /** The client takes again whatever it is sent. */
    void takeAll() {
        onLoop(line::start);
    }

    void sendByteByByte(byte[]... parts) {
        for (byte[] part : parts) {
            for (byte value : part) {
                send(new byte[] {value});
            }
        }
    }

    /** The client ends the connection; again, if it has ended before. */
    void leave() {
        line.close().syncUninterruptibly().getNow();
        line.runPendingTasks();
    }

    /** The core hands over what it queued. */
    void coreRoundEnds() {
        lane.flushDirty();
        line.runPendingTasks();
    }

    // ---- What is seen -----------------------------------------------------------------------------------------

    /** What the client has been sent since it was last asked. */
    List<String> news() {
        byte[] bytes = bytes();
        received.writeBytes(bytes);
        List<String> news = new ArrayList<>();
        while (received.readableBytes() >= 4) {
            byte[] body = new byte[received.readInt()];
            received.readBytes(body);
            news.add(describe(ByteBuffer.wrap(body)));
        }
        if (!line.isOpen()) {
            news.add("end");
        }
        return news;
    }

    byte[] bytes() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = line.readOutbound(); part != null; part = line.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }

    private static String describe(ByteBuffer body) {
        if (body.remaining() == CONNECT_REPLY_BYTES) {
            return "session " + body.getLong(8) + " timeout " + body.getInt(4);
        }
        int xid = body.getInt();
        long zxid = body.getLong();
        int error = body.getInt();
        return xid == -1 ? "event of " + zxid : "reply " + xid + (error == 0 ? "" : " error " + error);
    }

    /** Buffers that nobody has given back. */
    long bytesInUse() {
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }

    boolean isRead() {
        return line.config().isAutoRead();
    }
}
