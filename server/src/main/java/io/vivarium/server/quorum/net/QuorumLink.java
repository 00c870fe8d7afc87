/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.vivarium.election.net.Side;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One link: what comes in, what goes out, and its end. The last handler of its pipeline.
 *
 * <pre>
 * without a channel (being dialled) --attach--> open --close--> closing --all left and read, or a second--> over
 *                                                 +---broken, malformed, stalled, too slow----------------> over
 * </pre>
 *
 * <p>Writing never stops reading, or two ends that both send much would wait for each other for ever (ZOOKEEPER-3575);
 * what the other end does not take waits in the {@link SendQueue}, which has a limit. Reading stops while the owner has
 * too much that it has not consumed, and between a SNAP packet and the call that says where the image goes.
 *
 * <p>Thread: peer-io, except where a method says any.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed close or write shows itself as the end of the channel.
final class QuorumLink extends ChannelInboundHandlerAdapter implements PacketStream.Receiver {
    /** What a link tells those who keep it. */
    interface Owner {
        /** The first packet of a caller is whole; it is reported next. */
        void onArrived(QuorumLink link);

        void onPacket(QuorumLink link, QuorumPacket packet);

        void onImage(QuorumLink link);

        /** Exactly once. */
        void onOver(QuorumLink link, String reason);
    }

    private static final Logger LOG = LoggerFactory.getLogger(QuorumLink.class);
    private static final int WRITE_BYTES = 64 * 1024;
    /** Memory of a packet beside its bytes. */
    private static final long PACKET_OBJECT_BYTES = 64;

    private final long number;
    private final Side side;
    private final LinkConfig.Limits limits;
    private final EventLoop loop;
    private final PacketWriter writer;
    private final Owner owner;
    private final SendQueue queue;
    private final PacketStream stream;
    private final List<Object> batch = new ArrayList<>();
    private final AtomicBoolean marked = new AtomicBoolean();
    private final AtomicLong unconsumedBytes = new AtomicLong();
    private volatile boolean full;
    private volatile boolean disowned;
    private @Nullable Channel channel;
    private @Nullable Runnable stopDialling;
    private @Nullable Future<?> closingLimit;
    private @Nullable Future<?> stallCheck;
    private final Stall outgoing = new Stall();
    private final Stall incoming = new Stall();
    private long receivedBytes;
    private boolean arrived;
    private boolean closing;
    private boolean finishing;
    private boolean over;

    QuorumLink(long number, Side side, LinkConfig.Limits limits, EventLoop loop, PacketWriter writer, Owner owner) {
        this.number = number;
        this.side = side;
        this.limits = limits;
        this.loop = loop;
        this.writer = writer;
        this.owner = owner;
        this.queue = new SendQueue(limits);
        this.stream = new PacketStream(side, limits.maxLength(), this);
    }

    /** Thread: any. */
    long number() {
        return number;
    }

    /** Thread: any. */
    Side side() {
        return side;
    }

    /** Thread: any. */
    SendQueue queue() {
        return queue;
    }

    /** The owner has closed this link and hears of it no more. Thread: any. */
    void disown() {
        disowned = true;
    }

    /** Thread: any. */
    boolean isDisowned() {
        return disowned;
    }

    /** True for the first caller since the last {@link #unmark}. Thread: any. */
    boolean mark() {
        return marked.compareAndSet(false, true);
    }

    void unmark() {
        marked.set(false);
    }

    boolean isOver() {
        return over;
    }

    // ---- Beginning

    /** How to stop the dial that is to give this link its channel. */
    void dialledBy(Runnable stop) {
        stopDialling = stop;
    }

    /** Gives the link its channel; if that is over already, so is the link. */
    void attach(Channel connected) {
        stopDialling = null;
        channel = connected;
        connected.pipeline().addLast(this);
        connected.config().setAutoRead(true);
        if (!connected.isOpen()) {
            end("closed by the other end");
            return;
        }
        pump();
    }

    // ---- What comes in

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        receivedBytes += in.readableBytes();
        try {
            if (!over) {
                stream.accept(in, context.alloc());
            }
        } catch (RuntimeException e) {
            onBadInput(e);
        } finally {
            in.release();
        }
        updateReading();
    }

    @Override
    public void onPacket(QuorumPacket packet) {
        if (disowned) {
            return;
        }
        if (!arrived && side == Side.ACCEPTOR) {
            arrived = true;
            owner.onArrived(this);
        }
        if (unconsumedBytes.addAndGet(sizeInMemory(packet)) > limits.maxUnconsumedBytes()) {
            full = true;
        }
        owner.onPacket(this, packet);
    }

    @Override
    public void onImage() {
        if (!disowned) {
            owner.onImage(this);
        }
    }

    boolean hasArrived() {
        return arrived;
    }

    /** The owner is done with a packet that was reported to it. Thread: any. */
    void consumed(QuorumPacket packet) {
        long left = unconsumedBytes.addAndGet(-sizeInMemory(packet));
        if (full && left <= limits.maxUnconsumedBytes() / 2) {
            loop.execute(this::updateReading);
        }
    }

    void receiveImage(ImageSink sink) {
        if (over || closing) {
            return;
        }
        incoming.restart();
        watchForStalls();
        try {
            stream.receiveImage(sink);
        } catch (RuntimeException e) {
            onBadInput(e);
        }
        updateReading();
    }

    private void onBadInput(RuntimeException fault) {
        if (fault instanceof MalformedDataException) {
            end("malformed stream: " + fault.getMessage());
        } else {
            LOG.error("Link {} fails on what it received", this, fault);
            end("what came by it cannot be dealt with: " + fault);
        }
    }

    private void updateReading() {
        Channel open = channel;
        if (over || open == null) {
            return;
        }
        // Asked here again, because the owner may have consumed everything just before it could see that it is full.
        if (full && unconsumedBytes.get() <= limits.maxUnconsumedBytes() / 2) {
            full = false;
        }
        open.config().setAutoRead(closing || (!full && !stream.isBetween()));
    }

    private static long sizeInMemory(QuorumPacket packet) {
        return PACKET_OBJECT_BYTES + SendQueue.sizeOf(packet);
    }

    // ---- What goes out

    /** Gives the socket as much as it has room for, in one flush. */
    void pump() {
        Channel open = channel;
        if (over || open == null) {
            return;
        }
        boolean wrote = false;
        while (open.isWritable()) {
            int bytes = queue.take(batch, WRITE_BYTES);
            if (bytes == 0) {
                break;
            }
            open.write(layOut(open, bytes));
            wrote = true;
        }
        if (wrote) {
            open.flush();
        }
        if (closing && !over && !finishing && queue.isEmpty()) {
            finishing = true;
            open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFuture left) -> onAllLeft(left));
        }
    }

    private ByteBuf layOut(Channel open, int bytes) {
        ByteBuf out = null;
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i) instanceof QuorumPacket packet) {
                out = out == null ? open.alloc().ioBuffer(bytes) : out;
                writer.write(packet, out);
            } else {
                // A piece of an image comes alone.
                out = (ByteBuf) batch.get(i);
            }
        }
        batch.clear();
        if (out == null) {
            throw new IllegalStateException("nothing to write for " + bytes + " bytes");
        }
        return out;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            pump();
        }
    }

    // ---- Stalls

    /** Looks from time to time whether a history gets on, or an image, until there is none any more. */
    void watchForStalls() {
        if (stallCheck == null && !over) {
            outgoing.restart();
            planStallCheck();
        }
    }

    private void planStallCheck() {
        stallCheck = loop.schedule(
                this::checkForStall, Math.max(1, limits.stallMillis() / Stall.LOOKS), TimeUnit.MILLISECONDS);
    }

    private void checkForStall() {
        stallCheck = null;
        if (over) {
            return;
        }
        ChannelOutboundBuffer buffer = channel == null ? null : channel.unsafe().outboundBuffer();
        long pending = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        if (pending == 0) {
            outgoing.restart();
        } else if (outgoing.lasts(pending - buffer.currentProgress())) {
            end("stalled: the other end took nothing for " + limits.stallMillis() + " ms, " + pending + " bytes wait");
            return;
        }
        if (!stream.isInImage()) {
            incoming.restart();
        } else if (incoming.lasts(receivedBytes)) {
            end("stalled: nothing of the image came for " + limits.stallMillis() + " ms");
            return;
        }
        if (queue.isCatchingUp() || stream.isInImage()) {
            planStallCheck();
        }
    }

    // ---- End

    /** Ends the link when what is queued has left, or after a second. */
    void close(String reason) {
        if (over || closing) {
            return;
        }
        if (channel == null || queue.isInHistory()) {
            // Half a history is of no use to anybody.
            end(reason);
            return;
        }
        closing = true;
        stream.stop();
        updateReading();
        closingLimit = loop.schedule(() -> end(reason), LinkConfig.CLOSING_MILLIS, TimeUnit.MILLISECONDS);
        pump();
    }

    /**
     * Says that nothing follows, and lets the other end finish: a socket closed with something unread in it resets the
     * connection, and the last packets might be lost with it.
     */
    private void onAllLeft(ChannelFuture left) {
        Channel open = left.channel();
        if (left.isSuccess()
                && open instanceof DuplexChannel duplex
                && open.pipeline().get(SslHandler.class) == null) {
            duplex.shutdownOutput();
        } else {
            open.close();
        }
    }

    /** Ends the link now. */
    void end(String reason) {
        if (over) {
            return;
        }
        over = true;
        queue.close(reason);
        stream.release();
        cancel(closingLimit);
        cancel(stallCheck);
        if (stopDialling != null) {
            stopDialling.run();
        }
        if (channel != null) {
            channel.close();
        }
        owner.onOver(this, reason);
    }

    private static void cancel(@Nullable Future<?> plan) {
        if (plan != null) {
            plan.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("closed by the other end");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(reasonOf(cause));
    }

    static String reasonOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    @Override
    public String toString() {
        return number + " " + (channel == null ? "without a channel" : channel.toString());
    }
}
