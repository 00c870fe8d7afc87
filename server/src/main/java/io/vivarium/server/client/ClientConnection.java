/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.ReplyHeader;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.server.auth.AuthOutcome;
import io.vivarium.server.auth.ConnectionIdentity;
import io.vivarium.server.auth.Identities;
import io.vivarium.server.pipeline.ClientLink;
import io.vivarium.server.pipeline.CoreMessage;
import io.vivarium.server.pipeline.Outgoing;
import io.vivarium.server.pipeline.ReadRequest;
import io.vivarium.server.pipeline.ReplyEncoder;
import io.vivarium.server.pipeline.SessionOrder;
import io.vivarium.server.pipeline.SessionRequest;
import io.vivarium.server.pipeline.WriteRequest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: its bytes in, its answers out, the order of its session in between.
 *
 * <p>Thread: its event loop, except {@link #queue}, {@link #established} and {@link #refused}, which are {@code core}'s.
 *
 * <pre>
 *   FIRST_WORD --four-letter word--> COMMAND --answer--> closed
 *       | frame length
 *   CONNECT --connect request--> OPENING --core says yes--> OPEN --closeSession, fault, EOF--> closed
 *                                   | core says no: answer, closed
 * </pre>
 *
 * A burst of requests is decoded, reads are answered on the spot inside one shared hold of the gate, writes go to the
 * core, and all answers of the burst leave in one flush. Whenever a hold is entered the outbox is emptied first, so no
 * answer overtakes the event that announces what it shows. Spec: client-protocol 1 to 3, 8.4, 9.5.
 *
 * <p>Longer than a file should be: receiving, serving and sending share one state on one thread, and every pause of one of
 * them (a client that takes nothing, reads that wait for a write) has to be seen by the other two.
 */
// A write or close that fails ends the channel, and that is where it is dealt with; nobody waits for its future.
@SuppressWarnings("FutureReturnValueIgnored")
public final class ClientConnection extends ChannelInboundHandlerAdapter implements ClientLink {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final int READS_PER_HOLD = 128;
    private static final int FRAME_LENGTH_BYTES = 4;
    /** Answers of a burst leave whenever so many bytes are together; so a burst costs no more than this and one answer. */
    private static final int SEND_BYTES = 64 * 1024;
    /** Reads that may wait behind writes; what the client sends beyond them stays undecoded. */
    private static final int MAX_READS_BEHIND_WRITES = 1024;
    /** How long the last answer may take to leave before the connection is cut. */
    private static final long LINGER_MILLIS = 5_000;

    private enum Phase {
        /** The first four bytes decide between a command and a frame. */
        FIRST_WORD,
        /** A four-letter word is being answered. */
        COMMAND,
        /** The next frame is a connect request. */
        CONNECT,
        /** The core is asked for a session; bytes behind the connect request are kept. */
        OPENING,
        /** Requests are served. */
        OPEN,
        /** Nothing more is read or sent. */
        CLOSED
    }

    private final ClientPort port;
    private final IoLane lane;
    private final FrameDecoder decoder;
    private final JuteReader reader;
    private final SessionOrder order = new SessionOrder();
    private final Outbox outbox = new Outbox();
    private final FirstWord firstWord = new FirstWord();
    /** What each write in flight counts for, oldest first; used only while large requests are limited. */
    private final ArrayDeque<Integer> weights;

    private final ConnectionStats stats = new ConnectionStats();
    private final long establishedMillis;
    private final InetSocketAddress peer;

    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> sessionlessDeadline;
    private @Nullable ByteBuf held;
    private Phase phase = Phase.FIRST_WORD;
    private boolean commandRunning;
    private boolean readingPaused;
    private boolean closeAfterSend;
    private int sessionTimeoutMillis;
    /** More waits to be sent than is kept for clients. Written by {@code core}. */
    private volatile boolean overrun;

    private volatile boolean open = true;
    private volatile long sessionId;
    private volatile long lastHeardNanos;
    private volatile Identities identities;

    ClientConnection(ClientPort port, IoLane lane, InetSocketAddress peer) {
        this.port = port;
        this.lane = lane;
        this.peer = peer;
        this.weights = new ArrayDeque<>(0);
        this.decoder = new FrameDecoder(port.limits().maxFrameBytes());
        this.reader = new JuteReader(ByteBuffer.allocate(0), port.limits().maxFieldBytes());
        this.identities = Identities.ofPeer(address(peer));
        this.establishedMillis = port.wallClock().getAsLong();
        this.lastHeardNanos = port.nanoClock().getAsLong();
    }

    // ---- Life of the channel ----------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        lane.connections().add(this);
        sessionlessDeadline = lane.eventLoop()
                .schedule(
                        () -> close("no session within " + port.limits().sessionlessTimeoutMillis() + " ms"),
                        port.limits().sessionlessTimeoutMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        LOG.debug("connection of {} ended, session 0x{}", peer, Long.toHexString(sessionId));
        phase = Phase.CLOSED;
        open = false;
        dropUnsent();
        cancelSessionlessDeadline();
        lane.connections().remove(this);
        decoder.release();
        if (held != null) {
            held.release();
            held = null;
        }
        port.admission().add(-order.outstandingWrites());
        weights.forEach(port.largeRequests()::give);
        weights.clear();
        long stamp = port.gate().enterShared();
        try {
            port.watches().removeAll(this);
        } finally {
            port.gate().leaveShared(stamp);
        }
        port.core().post(new CoreMessage.Disconnected(this));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof java.io.IOException || cause instanceof MalformedDataException) {
            // Malformed bytes come here when they were kept for later; the fault is the client's all the same.
            close(cause.getMessage());
        } else {
            LOG.error("connection of {} fails, session 0x{}", peer, Long.toHexString(sessionId), cause);
            ctx.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // A command's client may close its sending side at once and still wait for the answer (spec operations 3.1).
        if (event instanceof ChannelInputShutdownEvent && phase != Phase.COMMAND) {
            if (sessionId != 0) {
                LOG.info(
                        "Unable to read additional data from client, it probably closed the socket: address = {}, session ="
                                + " 0x{}",
                        peer,
                        Long.toHexString(sessionId));
            }
            phase = Phase.CLOSED;
            ctx.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        updateReading();
        if (ctx.channel().isWritable() && (held != null || order.mustWait())) {
            // Not here: this may be told from within a send.
            lane.eventLoop().execute(this::pumpSafely);
        }
    }

    // ---- Bytes in ---------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            lastHeardNanos = port.nanoClock().getAsLong();
            receive(in);
        } catch (MalformedDataException e) {
            LOG.warn(
                    "closing the connection of {}, session 0x{}: {}",
                    peer,
                    Long.toHexString(sessionId),
                    e.getMessage());
            phase = Phase.CLOSED;
            ctx.close();
        } finally {
            in.release();
        }
    }

    private void receive(ByteBuf in) {
        if (phase == Phase.FIRST_WORD || phase == Phase.COMMAND) {
            readFirstWord(in);
        }
        if (phase == Phase.OPENING || held != null) {
            hold(in);
        } else if (phase == Phase.CONNECT || phase == Phase.OPEN) {
            serveBurst(in);
        }
    }

    private void readFirstWord(ByteBuf in) {
        if (phase == Phase.COMMAND && commandRunning) {
            return;
        }
        switch (firstWord.take(in, port.commands())) {
            case INCOMPLETE:
                break;
            case ARGUMENT:
                phase = Phase.COMMAND;
                break;
            case COMMAND:
                phase = Phase.COMMAND;
                commandRunning = true;
                runCommand();
                break;
            case FRAME_LENGTH:
                phase = Phase.CONNECT;
                decoder.begin(firstWord.word(), contextOf().alloc());
                break;
        }
    }

    private void runCommand() {
        cancelSessionlessDeadline();
        stats.received();
        lane.counters().received(1);
        port.commands().run(firstWord.word(), firstWord.argument(), peer, text -> lane.eventLoop()
                .execute(() -> commandAnswered(text)));
    }

    private void commandAnswered(String text) {
        lane.counters().sent(1);
        sendLast(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void hold(ByteBuf in) {
        if (held == null) {
            held = contextOf().alloc().heapBuffer(in.readableBytes());
        }
        held.writeBytes(in);
    }

    /**
     * Decodes what is there and answers what can be answered now; everything leaves in one flush.
     *
     * <p>A client that does not take its answers, or sends reads without end behind a write, is not served further: the
     * rest of the burst is kept as it came, and nothing more is read.
     */
    private void serveBurst(ByteBuf in) {
        ByteBuffer view = in.nioBuffer(0, in.writerIndex());
        JuteWriter out = lane.writer();
        Hold hold = new Hold();
        int requests = 0;
        try {
            ByteBuffer frame;
            while (phase != Phase.CLOSED
                    && !closeAfterSend
                    && mayServe(hold, out)
                    && (frame = decoder.next(in, view, contextOf().alloc())) != null) {
                requests++;
                try {
                    if (phase == Phase.OPEN) {
                        handleRequest(frame, hold, out);
                    } else {
                        connect(frame);
                        break;
                    }
                } finally {
                    decoder.releaseFrame();
                }
            }
        } finally {
            hold.leave();
            lane.counters().received(requests);
        }
        send(out);
        if ((phase == Phase.OPENING || phase == Phase.OPEN) && in.isReadable()) {
            hold(in);
            if (phase == Phase.OPEN && mayServe(hold, out)) {
                // What stood in the way has gone with the last send, and nobody will tell of it again.
                lane.eventLoop().execute(this::pumpSafely);
            }
        }
        updateReading();
    }

    /** Whether one more request may be looked at; lets the answers go that have come together. */
    private boolean mayServe(Hold hold, JuteWriter out) {
        if (out.size() >= SEND_BYTES) {
            hold.leave();
            send(out);
        }
        return contextOf().channel().isWritable() && order.readsBehindWrites() < MAX_READS_BEHIND_WRITES;
    }

    private void connect(ByteBuffer frame) {
        Handshake.Verdict verdict = Handshake.judge(reader.reset(frame), port);
        if (verdict instanceof Handshake.Verdict.Proceed proceed) {
            stats.received();
            phase = Phase.OPENING;
            contextOf().channel().config().setAutoRead(false);
            port.core().post(new SessionRequest(this, proceed.request(), proceed.timeoutMillis()));
        } else {
            close(((Handshake.Verdict.Close) verdict).reason());
        }
    }

    private void handleRequest(ByteBuffer frame, Hold hold, JuteWriter out) {
        stats.received();
        int weight = port.largeRequests().weigh(frame.remaining());
        reader.reset(frame);
        int xid = reader.readInt();
        int op = reader.readInt();
        if (op == OpCode.AUTH) {
            authenticate(xid, out);
            return;
        }
        if (op == OpCode.SASL) {
            answerSasl(xid, out);
            return;
        }
        if (!port.authRequirement().admits(op, identities)) {
            ReplyEncoder.encodeHeader(out, xid, 0, ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH.code());
            closeAfterSend = true;
            return;
        }
        if (OpCode.isWrite(op) && op != OpCode.CREATE_SESSION && op != OpCode.DELETE_CONTAINER) {
            handleWrite(xid, op, weight, hold, out);
        } else {
            handleRead(xid, op, hold, out);
        }
    }

    private void handleWrite(int xid, int op, int weight, Hold hold, JuteWriter out) {
        ClientRequest body = null;
        try {
            body = ClientRequest.read(op, reader);
        } catch (MalformedDataException e) {
            LOG.debug(
                    "undecodable {} of session 0x{}: {}", OpCode.name(op), Long.toHexString(sessionId), e.getMessage());
            if (op != OpCode.MULTI) {
                // Only a multi gets as far as using up a zxid (spec 3, "failed writes consume a zxid").
                answer(ReadRequest.failed(xid, op, ErrorCode.MARSHALLING_ERROR, lastHeardNanos), hold, out);
                return;
            }
        }
        if (!port.largeRequests().take(weight)) {
            close("large requests hold all the memory they may (largeRequestMaxBytes)");
            return;
        }
        if (port.largeRequests().isOn()) {
            weights.addLast(weight);
        }
        List<ReadRequest> ahead = order.beginWrite();
        port.admission().add(1);
        port.core().post(new WriteRequest(this, sessionId, xid, op, body, identities, lastHeardNanos, ahead));
        if (op == OpCode.CLOSE_SESSION) {
            // What stands behind a closeSession gets no answer (spec 9.3).
            phase = Phase.CLOSED;
        }
    }

    private void handleRead(int xid, int op, Hold hold, JuteWriter out) {
        ClientRequest body;
        try {
            body = isRead(op) ? ClientRequest.read(op, reader) : null;
        } catch (MalformedDataException e) {
            LOG.debug(
                    "undecodable {} of session 0x{}: {}", OpCode.name(op), Long.toHexString(sessionId), e.getMessage());
            answer(ReadRequest.failed(xid, op, ErrorCode.MARSHALLING_ERROR, lastHeardNanos), hold, out);
            return;
        }
        if (body == null) {
            answer(ReadRequest.failed(xid, op, ErrorCode.UNIMPLEMENTED, lastHeardNanos), hold, out);
        } else if (order.mustWait()) {
            order.await(ReadRequest.of(xid, op, body, lastHeardNanos));
        } else {
            hold.enter(out);
            int before = out.size();
            port.reads().serve(xid, op, body, this, out);
            replied(xid, op, 0, out.size() - before);
        }
    }

    private static boolean isRead(int op) {
        return op > 0 && !OpCode.isWrite(op) && op != OpCode.CHECK;
    }

    private void answer(ReadRequest request, Hold hold, JuteWriter out) {
        if (order.mustWait()) {
            order.await(request);
            if (request.failure() == ErrorCode.UNIMPLEMENTED) {
                // The connection ends with this answer, so what stands behind it is not looked at.
                phase = Phase.CLOSED;
            }
            return;
        }
        hold.enter(out);
        serve(request, out);
    }

    private void serve(ReadRequest request, JuteWriter out) {
        int before = out.size();
        if (!port.reads().serve(request, this, out)) {
            closeAfterSend = true;
        }
        long millis = (port.nanoClock().getAsLong() - request.receivedNanos()) / 1_000_000;
        replied(request.xid(), request.op(), millis, out.size() - before);
    }

    private void authenticate(int xid, JuteWriter out) {
        int before = out.size();
        ClientRequest.Auth auth = ClientRequest.Auth.read(reader);
        AuthOutcome outcome =
                port.schemes().authenticate(auth.scheme(), ConnectionIdentity.ofAddress(address(peer)), auth.auth());
        if (outcome instanceof AuthOutcome.Accepted accepted) {
            identities = identities.withAll(accepted.identities());
            LOG.info(
                    "Session 0x{}: auth success for scheme {} and address {}",
                    Long.toHexString(sessionId),
                    auth.scheme(),
                    peer);
            ReplyEncoder.encodeHeader(out, xid, 0, 0);
        } else {
            LOG.warn(
                    "Session 0x{}: auth failed for scheme {} and address {}",
                    Long.toHexString(sessionId),
                    auth.scheme(),
                    peer);
            lane.counters().authFailed();
            ReplyEncoder.encodeHeader(out, xid, 0, ErrorCode.AUTH_FAILED.code());
            closeAfterSend = true;
        }
        replied(xid, OpCode.AUTH, 0, out.size() - before);
    }

    /** Without a SASL configuration the exchange ends with a null token and the client goes on (spec 10.1). */
    private void answerSasl(int xid, JuteWriter out) {
        if (ClientRequest.Sasl.read(reader).token() == null) {
            close("a sasl request without a token");
            return;
        }
        int before = out.size();
        int mark = out.beginFrame();
        ReplyHeader.write(out, xid, 0, 0);
        out.writeBuffer(null);
        out.endFrame(mark);
        replied(xid, OpCode.SASL, 0, out.size() - before);
    }

    // ---- From the core ----------------------------------------------------------------------------------------

    @Override
    public void queue(Outgoing item) {
        if (!open || overrun) {
            return;
        }
        Outgoing added = item;
        if (item.bytes() > 0 && !port.admission().keep(item.bytes())) {
            LOG.warn(
                    "closing the connection of {}, session 0x{}: answers of {} bytes in all wait to be sent, limit {}",
                    peer,
                    Long.toHexString(sessionId),
                    port.admission().keptBytes(),
                    port.admission().maxKeptBytes());
            overrun = true;
            added = new Outgoing.Hangup();
        }
        if (outbox.add(added)) {
            lane.markDirty(this);
        }
        if (!open) {
            // The connection has ended meanwhile and may have looked into the box before.
            dropUnsent();
        }
    }

    /** Gives up what the core has left for a client that is gone. Thread: any. */
    private void dropUnsent() {
        for (Outgoing item = outbox.takeAll(); item != null; item = item.next) {
            port.admission().release(item.bytes());
        }
    }

    @Override
    public void established(long id, ConnectReply reply) {
        sessionId = id;
        queue(SessionAnswer.accepted(reply));
    }

    @Override
    public void refused(ConnectReply reply) {
        queue(SessionAnswer.refused(reply));
    }

    /** {@link #pump}, where a fault is this connection's alone. */
    void pumpSafely() {
        try {
            pump();
        } catch (RuntimeException e) {
            exceptionCaught(contextOf(), e);
        }
    }

    /** Sends what the core has left for this client, then runs the reads it has let go. */
    private void pump() {
        if (!open) {
            return;
        }
        JuteWriter out = lane.writer();
        drain(out);
        serveReady(out);
        send(out);
        if (phase == Phase.OPEN && held != null && !closeAfterSend) {
            ByteBuf bytes = held;
            held = null;
            try {
                serveBurst(bytes);
            } finally {
                bytes.release();
            }
        }
        updateReading();
    }

    /** Runs the reads that no write holds back any more, as long as the client takes the answers. */
    private void serveReady(JuteWriter out) {
        if (!order.isReady()) {
            return;
        }
        Hold hold = new Hold();
        try {
            List<ReadRequest> ready = order.takeReady();
            for (int i = 0; i < ready.size(); i++) {
                if (out.size() >= SEND_BYTES) {
                    hold.leave();
                    send(out);
                }
                if (!contextOf().channel().isWritable()) {
                    order.putBack(ready.subList(i, ready.size()));
                    return;
                }
                hold.enter(out);
                serve(ready.get(i), out);
            }
        } finally {
            hold.leave();
        }
    }

    private void drain(JuteWriter out) {
        Outgoing item = outbox.takeAll();
        int answered = 0;
        while (item != null && !closeAfterSend) {
            Outgoing next = item.next;
            item.next = null;
            int before = out.size();
            item.encode(out);
            port.admission().release(item.bytes());
            if (item instanceof WriteRequest write) {
                order.endWrite();
                if (port.largeRequests().isOn()) {
                    port.largeRequests().give(weights.removeFirst());
                }
                answered++;
                long millis = (port.nanoClock().getAsLong() - write.receivedNanos()) / 1_000_000;
                stats.replied(
                        write.xid(),
                        write.op(),
                        write.answerZxid(),
                        millis,
                        port.nanoClock().getAsLong());
                lane.counters().latency(millis);
                lane.counters().replyBytes(out.size() - before - FRAME_LENGTH_BYTES);
            } else if (item instanceof SessionAnswer answer) {
                sessionAnswered(answer);
            } else {
                stats.notified();
            }
            lane.counters().sent(1);
            closeAfterSend |= item.endsConnection();
            item = next;
        }
        for (; item != null; item = item.next) {
            port.admission().release(item.bytes());
        }
        if (answered > 0) {
            port.admission().add(-answered);
        }
    }

    private void sessionAnswered(SessionAnswer answer) {
        cancelSessionlessDeadline();
        if (answer.isAccepted()) {
            phase = Phase.OPEN;
            sessionTimeoutMillis = answer.timeoutMillis();
            readingPaused = true;
            lastHeardNanos = port.nanoClock().getAsLong();
        }
        stats.replied(0, OpCode.CREATE_SESSION, port.lastZxid().getAsLong(), 0, lastHeardNanos);
    }

    // ---- Bytes out --------------------------------------------------------------------------------------------

    private void send(JuteWriter out) {
        ChannelHandlerContext ctx = contextOf();
        if (out.size() > 0) {
            ByteBuf bytes = ctx.alloc().directBuffer(out.size());
            bytes.writeBytes(out.array(), 0, out.size());
            ctx.writeAndFlush(bytes, ctx.voidPromise());
            out.clear();
            if (ctx.channel().isActive()
                    && ctx.channel().bytesBeforeWritable() > port.limits().maxUnsentBytes()) {
                close("the client does not take its answers: "
                        + ctx.channel().bytesBeforeWritable() + " bytes wait (limit "
                        + port.limits().maxUnsentBytes() + ")");
            }
        }
        if (closeAfterSend && open) {
            phase = Phase.CLOSED;
            sendLast(Unpooled.EMPTY_BUFFER);
        }
    }

    /** Closes once everything has left, or after a while: a client that takes nothing must not stay for ever. */
    private void sendLast(ByteBuf bytes) {
        ChannelFuture sent = contextOf().writeAndFlush(bytes);
        sent.addListener(ChannelFutureListener.CLOSE);
        if (!sent.isDone()) {
            lane.eventLoop().schedule(() -> contextOf().close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Reads only while the client takes its answers and the server is not over its limit because of it. */
    private void updateReading() {
        if (phase == Phase.OPENING || phase == Phase.CLOSED) {
            return;
        }
        ChannelHandlerContext ctx = contextOf();
        boolean pause = !ctx.channel().isWritable()
                || held != null
                || (order.outstanding() > 0 && port.admission().isOver());
        if (pause != readingPaused) {
            readingPaused = pause;
            ctx.channel().config().setAutoRead(!pause);
        }
    }

    private void replied(int xid, int op, long latencyMillis, int frameBytes) {
        lane.counters().replyBytes(frameBytes - FRAME_LENGTH_BYTES);
        stats.replied(xid, op, port.lastZxid().getAsLong(), latencyMillis, lastHeardNanos);
        lane.counters().latency(latencyMillis);
        lane.counters().sent(1);
    }

    private void close(@Nullable String why) {
        if (phase != Phase.CLOSED || open) {
            LOG.info("closing the connection of {}, session 0x{}: {}", peer, Long.toHexString(sessionId), why);
            phase = Phase.CLOSED;
            contextOf().close();
        }
    }

    private void cancelSessionlessDeadline() {
        if (sessionlessDeadline != null) {
            sessionlessDeadline.cancel(false);
            sessionlessDeadline = null;
        }
    }

    private static String address(InetSocketAddress peer) {
        return peer.getAddress().getHostAddress();
    }

    private ChannelHandlerContext contextOf() {
        if (context == null) {
            throw new IllegalStateException("used before it was added to its channel");
        }
        return context;
    }

    // ---- What others ask --------------------------------------------------------------------------------------

    @Override
    public long sessionId() {
        return sessionId;
    }

    @Override
    public Identities identities() {
        return identities;
    }

    @Override
    public long lastHeardNanos() {
        return lastHeardNanos;
    }

    @Override
    public boolean isOpen() {
        return open && !overrun;
    }

    /** What reports tell of this connection. Thread: its event loop. */
    ConnectionView view() {
        int interest = phase == Phase.COMMAND || !contextOf().channel().config().isAutoRead()
                ? 0
                : ConnectionView.INTEREST_READ;
        if (!contextOf().channel().isWritable()) {
            interest |= ConnectionView.INTEREST_WRITE;
        }
        return stats.view(
                peer,
                interest,
                order.outstanding(),
                sessionId,
                establishedMillis,
                sessionTimeoutMillis,
                lastHeardNanos);
    }

    /** Begins the counts of this connection anew. Thread: its event loop. */
    void resetStats() {
        stats.reset();
    }

    /** One shared hold of the gate within a burst, entered with the first read and renewed after a bounded number. */
    private final class Hold {
        private long stamp;
        private boolean entered;
        private int reads;

        void enter(JuteWriter out) {
            if (entered && ++reads >= READS_PER_HOLD) {
                leave();
            }
            if (!entered) {
                stamp = port.gate().enterShared();
                entered = true;
                reads = 0;
                drain(out);
            }
        }

        void leave() {
            if (entered) {
                port.gate().leaveShared(stamp);
                entered = false;
            }
        }
    }
}
