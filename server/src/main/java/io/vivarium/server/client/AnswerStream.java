/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.metrics.Counter;
import io.vivarium.server.metrics.Summary;
import io.vivarium.server.pipeline.Outgoing;
import io.vivarium.server.pipeline.WriteRequest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes out to one client: the outbox the core fills, and the channel that answers leave by.
 *
 * <p>Thread: the connection's event loop, except {@link #queue}, which is {@code core}'s. Everything waits in the lane's
 * writer until {@link #send}, so a burst leaves in one flush. A client that does not take its answers is served no further,
 * and cut at a limit; what all of them leave is counted in {@link UnsentBytes}. To learn when the bytes that a flush left
 * behind have gone, an empty buffer is sent after them, one at a time, and only then.
 * Spec: client-protocol 3, 8.4.
 */
// A write or close that fails ends the channel, and that is where it is dealt with; nobody waits for its future.
@SuppressWarnings("FutureReturnValueIgnored")
final class AnswerStream {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerStream.class);
    private static final int FRAME_LENGTH_BYTES = 4;
    /** How long the last answer may take to leave before the connection is cut. */
    private static final long LINGER_MILLIS = 5_000;

    private final ClientPort port;
    private final IoLane lane;
    private final Channel channel;
    private final ConnectionLife life;
    private final WritesInFlight writes;
    private final Outbox outbox = new Outbox();
    private final ConnectionStats stats = new ConnectionStats();
    /** Asks the connection to go on, when its client has taken what waited. */
    private final Runnable resume;
    /** What the last look found unsent. */
    private long unsent;
    /** The same as the whole server counts it; null for a client that has always taken everything. */
    private UnsentBytes.@Nullable Share share;
    /** An empty buffer is under way behind what is unsent. */
    private boolean marked;

    /** More waits to be sent than is kept for clients. Written by {@code core}. */
    private volatile boolean overrun;

    AnswerStream(
            ClientPort port,
            IoLane lane,
            Channel channel,
            ConnectionLife life,
            WritesInFlight writes,
            Runnable resume) {
        this.port = port;
        this.lane = lane;
        this.channel = channel;
        this.life = life;
        this.writes = writes;
        this.resume = resume;
    }

    // ---- From the core ----------------------------------------------------------------------------------------

    /** Adds something for the client. Returns true if somebody must see to its being sent. Thread: {@code core}. */
    boolean queue(Outgoing item) {
        if (!life.isOpen() || overrun) {
            return false;
        }
        Outgoing added = item;
        if (item.bytes() > 0 && !port.admission().keep(item.bytes())) {
            LOG.warn(
                    "closing the connection of {}, session 0x{}: answers of {} bytes in all wait to be sent, limit {}",
                    life.peer(),
                    life.sessionText(),
                    port.admission().keptBytes(),
                    port.admission().maxKeptBytes());
            overrun = true;
            added = new Outgoing.Hangup();
        }
        boolean wasEmpty = outbox.add(added);
        if (!life.isOpen()) {
            // The connection has ended meanwhile and may have looked into the box before.
            dropUnsent();
        }
        return wasEmpty;
    }

    /** True if the core has been told that this client takes no more. Thread: any. */
    boolean isOverrun() {
        return overrun;
    }

    /** Gives up what the core has left for a client that is gone. Thread: any. */
    private void dropUnsent() {
        release(outbox.takeAll());
    }

    private void release(@Nullable Outgoing first) {
        for (Outgoing item = first; item != null; item = item.next) {
            port.admission().release(item.bytes());
        }
    }

    /** Encodes what the core has left. Inside a hold of the gate if reads follow. */
    void drain(JuteWriter out) {
        Outgoing item = outbox.takeAll();
        int answered = 0;
        while (item != null && !life.endsNow()) {
            Outgoing next = item.next;
            item.next = null;
            int before = out.size();
            item.encode(out);
            port.admission().release(item.bytes());
            if (item instanceof WriteRequest write) {
                writes.end();
                answered++;
                writeAnswered(write, out.size() - before);
            } else if (item instanceof SessionAnswer answer) {
                sessionAnswered(answer);
            } else {
                stats.notified();
                if (item.isNotification()) {
                    lane.recorder().add(Counter.WATCH_BYTES, out.size() - before - FRAME_LENGTH_BYTES);
                }
            }
            lane.counters().sent(1);
            if (item.endsConnection()) {
                life.endWithNextSend();
            }
            item = next;
        }
        release(item);
        writes.settle(answered);
    }

    private void writeAnswered(WriteRequest write, int frameBytes) {
        long now = port.nanoClock().getAsLong();
        long millis = (now - write.receivedNanos()) / 1_000_000;
        stats.replied(write.xid(), write.op(), write.answerZxid(), millis, now);
        lane.counters().latency(millis, 1);
        lane.counters().replyBytes(frameBytes - FRAME_LENGTH_BYTES);
        // A sync changes nothing and counts as a read, as in stock.
        lane.recorder().record(write.op() == OpCode.SYNC ? Summary.READLATENCY : Summary.UPDATELATENCY, millis);
        lane.recorder().add(Counter.RESPONSE_BYTES, frameBytes - FRAME_LENGTH_BYTES);
    }

    private void sessionAnswered(SessionAnswer answer) {
        life.noDeadline();
        if (answer.isAccepted()) {
            life.toOpen(answer.timeoutMillis(), port.nanoClock().getAsLong());
        }
        stats.replied(0, OpCode.CREATE_SESSION, port.lastZxid().getAsLong(), 0, life.lastHeardNanos());
    }

    // ---- Made here --------------------------------------------------------------------------------------------

    /** Counts an answer that was written straight into the lane's writer. */
    void answered(int xid, int op, long latencyMillis, int frameBytes) {
        lane.counters().replyBytes(frameBytes - FRAME_LENGTH_BYTES);
        stats.replied(xid, op, port.lastZxid().getAsLong(), latencyMillis, life.lastHeardNanos());
        lane.counters().latency(latencyMillis, 1);
        lane.counters().sent(1);
    }

    /** Counts the reads of a burst that were answered on the spot: each takes less than any clock here tells. */
    void answered(ReadTally tally) {
        lane.counters()
                .replyBytes(
                        tally.lastBytes() - FRAME_LENGTH_BYTES,
                        tally.leastBytes() - FRAME_LENGTH_BYTES,
                        tally.mostBytes() - FRAME_LENGTH_BYTES);
        stats.replied(
                tally.reads(), tally.lastXid(), tally.lastOp(), port.lastZxid().getAsLong(), 0, life.lastHeardNanos());
        lane.counters().latency(0, tally.reads());
        lane.counters().sent(tally.reads());
        lane.recorder().record(Summary.READLATENCY, 0, tally.reads());
        lane.recorder().add(Counter.RESPONSE_BYTES, tally.answerBytes());
    }

    /** Counts the answer to a read. */
    void answeredRead(int xid, int op, long latencyMillis, int frameBytes) {
        answered(xid, op, latencyMillis, frameBytes);
        lane.recorder().record(Summary.READLATENCY, latencyMillis);
        if (op != OpCode.PING) {
            lane.recorder().add(Counter.RESPONSE_BYTES, frameBytes - FRAME_LENGTH_BYTES);
        }
    }

    // ---- Out --------------------------------------------------------------------------------------------------

    /** Whether the client takes what it is sent, well enough for the state the server is in. */
    boolean isTaken() {
        return channel.isWritable() && (unsent == 0 || !port.unsent().isOver());
    }

    /** Sends what has come together; no hold of the gate may be open. */
    void send(JuteWriter out) {
        if (out.size() > 0) {
            ByteBuf bytes = channel.alloc().directBuffer(out.size());
            bytes.writeBytes(out.array(), 0, out.size());
            channel.writeAndFlush(bytes, channel.voidPromise());
            out.clear();
            lookAtUnsent();
        }
        if (life.endsNow() && life.isOpen()) {
            life.endRequests();
            sendLast(Unpooled.EMPTY_BUFFER);
        }
    }

    /** What a flush has left; for a client that takes its answers that is a look at one number. */
    private void lookAtUnsent() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long left = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        if (left != unsent) {
            count(left);
        }
        if (left > port.limits().maxUnsentBytes()) {
            life.end("the client does not take its answers: " + left + " bytes wait (limit "
                    + port.limits().maxUnsentBytes() + ")");
        } else if (left > 0 && !marked) {
            marked = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
                if (sent.isSuccess()) {
                    // Later: the bytes it went with are not counted out yet.
                    lane.execute(this::markHasLeft);
                }
            });
        }
    }

    private void count(long left) {
        if (share == null) {
            share = new UnsentBytes.Share(this::endForAll);
        }
        unsent = left;
        port.unsent().set(share, left);
    }

    private void markHasLeft() {
        marked = false;
        if (life.isOpen()) {
            lookAtUnsent();
            resume.run();
        }
    }

    /** Of all clients this one has left most. Thread: any. */
    private void endForAll(long bytes) {
        lane.execute(() -> life.end("all clients together do not take their answers, and this one has most of them, "
                + bytes + " bytes (limit for all " + port.unsent().maxBytes() + ")"));
    }

    /** The channel is gone; nothing waits any more. */
    void gone() {
        dropUnsent();
        if (share != null) {
            port.unsent().end(share);
        }
    }

    /** Closes once everything has left, or after a while: a client that takes nothing must not stay for ever. */
    void sendLast(ByteBuf bytes) {
        ChannelFuture sent = channel.writeAndFlush(bytes);
        sent.addListener(ChannelFutureListener.CLOSE);
        if (!sent.isDone()) {
            lane.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    ConnectionStats stats() {
        return stats;
    }
}
