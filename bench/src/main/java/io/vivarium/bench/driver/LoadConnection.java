/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.driver;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vivarium.bench.load.InFlight;
import io.vivarium.bench.load.IntervalRecorder;
import io.vivarium.bench.load.Pace;
import io.vivarium.bench.load.ReplyScanner;
import io.vivarium.bench.load.RequestSource;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.RequestHeader;
import io.vivarium.protocol.client.SpecialXid;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One session: its connection, its window of requests, its pings.
 *
 * <p>Thread: its event loop. All replies of one read are handled first, then the window is filled again with one write
 * and one flush; so the client's cost per operation falls as load rises. A lost connection is counted, its requests
 * with it, and replaced by a new session on the next server; the job goes on there. Spec: client-protocol 1.1, 2, 3.
 *
 * <pre>
 * CONNECTING -> IDLE -> RUNNING -> IDLE      (a job starts; its source ends or it is stopped)
 *     ^-----------+--------+                 (connection lost)
 * any -> CLOSED                              (driver closes)
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty: outcomes arrive as channel events; a void promise has none.
final class LoadConnection extends ChannelInboundHandlerAdapter implements ReplyScanner.Sink {
    private enum State {
        /** No session yet. */
        CONNECTING,
        /** Has a session, sends pings only. */
        IDLE,
        /** Sends requests. */
        RUNNING,
        /** Given up by the driver. */
        CLOSED
    }

    private final LoadLoop loop;
    private final int index;
    private final InFlight inFlight;
    private ReplyScanner scanner = new ReplyScanner(this);
    private State state = State.CONNECTING;
    private @Nullable ChannelHandlerContext context;
    private @Nullable RequestSource source;
    private Pace pace = Pace.CLOSED_LOOP;
    private boolean connectedBefore;
    private int attempts;
    private int nextXid = 1;
    private long nowNanos;
    private long lastSentNanos;
    private long pingAfterNanos = Long.MAX_VALUE;

    LoadConnection(LoadLoop loop, int index, int depth) {
        this.loop = loop;
        this.index = index;
        this.inFlight = new InFlight(depth);
    }

    int index() {
        return index;
    }

    /** Which server of the list to try now: each session starts elsewhere and goes round. */
    int nextServer(int servers) {
        return Math.floorMod(index + attempts++, servers);
    }

    /** True once: when the session got its first connection. */
    boolean takeFirstConnect() {
        boolean first = !connectedBefore;
        connectedBefore = true;
        return first;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Gives the session a job; it starts at once or, while connecting, as soon as there is a session. */
    void start(RequestSource newSource, Pace newPace) {
        source = newSource;
        pace = newPace;
        if (state == State.IDLE) {
            state = State.RUNNING;
            fill(System.nanoTime());
        }
    }

    /** Sends nothing more of the job; {@link LoadLoop#jobDone} follows when the last reply is there. */
    void stop() {
        if (source != null) {
            source = null;
            endJobIfDrained();
        }
    }

    /** Tells of what is due and not answered, in an open loop; only {@link #stop} may follow, for it uses the source up. */
    void countWaiting(IntervalRecorder waiting, long now) {
        RequestSource from = source;
        if (from == null) {
            return;
        }
        inFlight.forEach((kind, start) -> waiting.reply(kind, start, now));
        ByteBuf unsent = Unpooled.buffer();
        for (long start = pace.next(now); start != Pace.NOT_DUE; start = pace.next(now)) {
            int kind = from.writeNext(unsent.clear(), nextXid);
            if (kind == RequestSource.EXHAUSTED) {
                return;
            }
            waiting.reply(kind, start, now);
        }
    }

    /** An arrival may have become due. */
    void wake(long now) {
        if (state == State.RUNNING) {
            fill(now);
        }
    }

    void pingIfIdle(long now) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && now - lastSentNanos > pingAfterNanos) {
            ctx.writeAndFlush(frame(ctx, new RequestHeader(SpecialXid.PING, OpCode.PING)), ctx.voidPromise());
            lastSentNanos = now;
        }
    }

    /** Ends the session in the protocol's way; the server closes the connection. */
    void close() {
        ChannelHandlerContext ctx = context;
        boolean hasSession = state == State.IDLE || state == State.RUNNING;
        state = State.CLOSED;
        if (ctx == null) {
            return;
        }
        if (hasSession) {
            ctx.writeAndFlush(frame(ctx, new RequestHeader(takeXid(), OpCode.CLOSE_SESSION)), ctx.voidPromise());
        } else {
            ctx.close();
        }
    }

    /** The same handler serves the connections of a session one after the other, never two at once. */
    @Override
    public boolean isSharable() {
        return true;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        scanner = new ReplyScanner(this);
        if (state == State.CLOSED) {
            ctx.close();
            return;
        }
        ConnectRequest request = new ConnectRequest(
                0, 0, loop.sessionTimeoutMillis(), 0, new byte[ConnectReply.PASSWORD_BYTES], false, true);
        ctx.writeAndFlush(frame(ctx, request), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            nowNanos = System.nanoTime();
            scanner.feed((ByteBuf) message);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (state == State.RUNNING) {
            fill(System.nanoTime());
        }
    }

    @Override
    public void onReply(long first, long second, int length) {
        if (state == State.CONNECTING) {
            onConnectReply((int) first, second);
            return;
        }
        int xid = (int) (first >>> 32);
        if (xid == SpecialXid.NOTIFICATION) {
            loop.recorder().notification();
        } else if (xid != SpecialXid.PING && state != State.CLOSED) {
            onAnswer(xid, (int) second);
        }
    }

    private void onAnswer(int xid, int error) {
        if (!inFlight.expects(xid)) {
            loop.recorder().error("reply out of order", 1);
            requireContext().close();
            return;
        }
        if (error == 0) {
            loop.recorder().reply(inFlight.oldestKind(), inFlight.oldestStartNanos(), nowNanos);
        } else {
            ErrorCode code = ErrorCode.of(error);
            loop.recorder().error(code == null ? "error " + error : code.name(), 1);
        }
        inFlight.removeOldest();
        if (source == null) {
            endJobIfDrained();
        }
    }

    private void onConnectReply(int timeoutMillis, long sessionId) {
        if (timeoutMillis <= 0 || sessionId == 0) {
            loop.recorder().error("session refused", 1);
            requireContext().close();
            return;
        }
        // A third of the timeout leaves room for two lost pings (spec client-protocol 13).
        pingAfterNanos = timeoutMillis * 1_000_000L / 3;
        // The first one sooner, each session at its own time: sessions of clients that know nothing of each other are
        // spread.
        lastSentNanos = nowNanos - pingAfterNanos * index / loop.sessions();
        state = source == null ? State.IDLE : State.RUNNING;
        loop.connected(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        context = null;
        if (state == State.CLOSED) {
            return;
        }
        boolean wasConnecting = state == State.CONNECTING;
        state = State.CONNECTING;
        pingAfterNanos = Long.MAX_VALUE;
        int lost = inFlight.clear();
        if (wasConnecting) {
            loop.connectFailed(this, new IOException("closed by the server during the handshake"));
        } else {
            loop.recorder().error("connection lost", 1);
            loop.recorder().error("request lost", lost);
            if (source == null && lost > 0) {
                loop.jobDone();
            }
            loop.reconnect(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        loop.recorder().error(String.valueOf(cause.getMessage()), 1);
        ctx.close();
    }

    private void fill(long now) {
        RequestSource from = source;
        ChannelHandlerContext ctx = context;
        if (from == null || ctx == null) {
            return;
        }
        ByteBuf out = null;
        while (inFlight.room() > 0) {
            long start = pace.next(now);
            if (start == Pace.NOT_DUE) {
                break;
            }
            if (out == null) {
                out = ctx.alloc().directBuffer(1024);
            }
            int kind = from.writeNext(out, nextXid);
            if (kind == RequestSource.EXHAUSTED) {
                source = null;
                break;
            }
            inFlight.add(takeXid(), kind, start);
        }
        send(ctx, out, now);
        if (source == null) {
            endJobIfDrained();
        }
    }

    private void send(ChannelHandlerContext ctx, @Nullable ByteBuf out, long now) {
        if (out == null) {
            return;
        }
        if (out.isReadable()) {
            ctx.writeAndFlush(out, ctx.voidPromise());
            lastSentNanos = now;
        } else {
            out.release();
        }
    }

    private void endJobIfDrained() {
        if (inFlight.size() == 0) {
            if (state == State.RUNNING) {
                state = State.IDLE;
            }
            loop.jobDone();
        }
    }

    private int takeXid() {
        int xid = nextXid;
        nextXid = xid == Integer.MAX_VALUE ? 1 : xid + 1;
        return xid;
    }

    private ChannelHandlerContext requireContext() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("session " + index + " has no connection");
        }
        return ctx;
    }

    private static ByteBuf frame(ChannelHandlerContext ctx, JuteRecord body) {
        JuteWriter out = new JuteWriter(64);
        int mark = out.beginFrame();
        body.write(out);
        out.endFrame(mark);
        return ctx.alloc().directBuffer(out.size()).writeBytes(out.array(), 0, out.size());
    }
}
