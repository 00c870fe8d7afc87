/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.server.auth.Identities;
import io.vivarium.server.client.ConnectionLife.Phase;
import io.vivarium.server.metrics.Counter;
import io.vivarium.server.pipeline.ClientLink;
import io.vivarium.server.pipeline.Outgoing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: the channel's events, turned over to the parts that know what to do with them.
 *
 * <p>Thread: its event loop, except {@link #queue}, {@link #established} and {@link #refused}, which are {@code core}'s.
 *
 * <pre>
 *   bytes -> FrameDecoder -> Arrival (no session yet) --.
 *                        `-> SessionRequests -----------+--> RequestRoute -> core
 *                             | reads, answered here                          |
 *   bytes <- AnswerStream <---+-------------------------------- Outbox <-------'
 * </pre>
 *
 * A burst of requests is decoded, reads are answered on the spot, writes go to the core, and all answers of the burst leave
 * in one flush. {@link ConnectionLife} says how far the connection has come. Every pause, a client that takes nothing or
 * reads that wait for a write, comes down to two things here: bytes are held as they came, and no more are read. Spec:
 * client-protocol 1 to 3, 8.4, 9.5.
 */
public final class ClientConnection extends ChannelInboundHandlerAdapter implements ClientLink {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private final ClientPort port;
    private final IoLane lane;
    private final Channel channel;
    private final ConnectionLife life;
    private final WritesInFlight writes;
    private final AnswerStream answers;
    private final ClientLogin login;
    private final SessionRequests requests;
    private final FrameDecoder decoder;
    private final long establishedMillis;
    private @Nullable Arrival arrival;
    /** Bytes that may not be looked at yet. */
    private @Nullable ByteBuf held;
    /** Where the lane keeps it. */
    private int place;

    /** @param identities what its address says of the client */
    ClientConnection(ClientPort port, IoLane lane, Channel channel, InetSocketAddress peer, Identities identities) {
        this.port = port;
        this.lane = lane;
        this.channel = channel;
        this.life = new ConnectionLife(channel, peer, port.nanoClock().getAsLong());
        this.writes = new WritesInFlight(port.admission(), port.largeRequests());
        this.answers = new AnswerStream(port, lane, channel, life, writes, this::pumpSafely);
        this.login = new ClientLogin(port, lane, life, answers, identities);
        this.requests = new SessionRequests(port, this, life, writes, answers, login, lane);
        this.decoder = new FrameDecoder(port.limits().maxFrameBytes());
        this.arrival = new Arrival(port, lane, life, answers);
        this.establishedMillis = port.wallClock().getAsLong();
    }

    // ---- Life of the channel ----------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        place = lane.add(this);
        life.begin(port.limits().sessionlessTimeoutMillis(), lane.recorder());
    }

    /** The lane keeps this connection elsewhere now. Thread: its event loop. */
    void movedTo(int newPlace) {
        place = newPlace;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        life.gone();
        answers.gone();
        lane.remove(place);
        decoder.release();
        if (held != null) {
            held.release();
            held = null;
        }
        writes.abandon();
        long stamp = port.gate().enterShared();
        try {
            port.watches().removeAll(this);
        } finally {
            port.gate().leaveShared(stamp);
        }
        port.route().ended(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed(cause);
    }

    private void failed(Throwable cause) {
        if (cause instanceof IOException) {
            countDrop();
        }
        if (cause instanceof IOException || cause instanceof MalformedDataException) {
            // Malformed bytes come here when they were kept for later; the fault is the client's all the same.
            life.end(cause.getMessage());
        } else {
            LOG.error("connection of {} fails, session 0x{}", life.peer(), life.sessionText(), cause);
            life.cut();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // A command's client may close its sending side at once and still wait for the answer (spec operations 3.1).
        if (event instanceof ChannelInputShutdownEvent && life.phase() != Phase.COMMAND) {
            if (life.sessionId() != 0) {
                LOG.info(
                        "Unable to read additional data from client, it probably closed the socket: address = {}, session ="
                                + " 0x{}",
                        life.peer(),
                        life.sessionText());
            }
            countDrop();
            life.cut();
        }
    }

    /** The client leaves without having said so. */
    private void countDrop() {
        if (!life.isClosed()) {
            lane.recorder().add(Counter.CONNECTION_DROP_COUNT, 1);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        updateReading();
        if (answers.isTaken() && (held != null || writes.order().mustWait())) {
            pumpSoon();
        }
    }

    // ---- Bytes in ---------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            life.heard(port.nanoClock().getAsLong());
            receive(in);
        } catch (MalformedDataException e) {
            LOG.warn("closing the connection of {}, session 0x{}: {}", life.peer(), life.sessionText(), e.getMessage());
            life.cut();
        } finally {
            in.release();
        }
    }

    private void receive(ByteBuf in) {
        if (arrival != null && (life.phase() == Phase.FIRST_WORD || life.phase() == Phase.COMMAND)) {
            arrival.readFirstWord(in, decoder, channel.alloc());
        }
        if (life.phase() == Phase.OPENING || held != null) {
            hold(in);
        } else if (life.phase() == Phase.CONNECT || life.phase() == Phase.OPEN) {
            serveBurst(in);
        }
    }

    private void hold(ByteBuf in) {
        if (held == null) {
            held = channel.alloc().heapBuffer(in.readableBytes());
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
        int frames = 0;
        long bytes = 0;
        try {
            ByteBuffer frame;
            while (life.takesFrames()
                    && life.phase() != Phase.OPENING
                    && requests.mayServe(out)
                    && (frame = decoder.next(in, view, channel.alloc())) != null) {
                int frameBytes = Integer.BYTES + frame.remaining();
                try {
                    if (!accept(frame, out)) {
                        in.readerIndex(in.readerIndex() - frameBytes);
                        break;
                    }
                } finally {
                    decoder.releaseFrame();
                }
                frames++;
                bytes += frameBytes;
            }
            requests.answerPlainReads(out);
        } finally {
            requests.endBurst();
            lane.counters().received(frames);
            lane.recorder().add(Counter.BYTES_RECEIVED_COUNT, bytes);
        }
        if (out.size() > 0) {
            lane.turn().answered();
        }
        answers.send(out);
        if ((life.phase() == Phase.OPENING || life.phase() == Phase.OPEN) && in.isReadable()) {
            hold(in);
        }
        if (life.phase() == Phase.OPEN && requests.canGoOn(held != null)) {
            // What stood in the way has gone with the last send, and nobody will tell of it again.
            pumpSoon();
        }
        updateReading();
    }

    private boolean accept(ByteBuffer frame, JuteWriter out) {
        if (arrival == null) {
            return requests.accept(frame, out);
        }
        if (arrival.connect(frame, this)) {
            // Until the session is there (spec client-protocol 2.3).
            channel.config().setAutoRead(false);
        }
        return true;
    }

    /** Reads only while the client takes its answers and the server is not over its limit because of it. */
    private void updateReading() {
        if (life.phase() == Phase.OPENING || life.isClosed()) {
            return;
        }
        boolean waits = writes.order().outstanding() > 0 && port.admission().isOver();
        boolean reads = answers.isTaken() && held == null && !waits;
        if (reads != channel.config().isAutoRead()) {
            if (waits) {
                lane.recorder().add(Counter.REQUEST_THROTTLE_WAIT_COUNT, 1);
            }
            channel.config().setAutoRead(reads);
        }
    }

    // ---- From the core ----------------------------------------------------------------------------------------

    @Override
    public void queue(Outgoing item) {
        if (answers.queue(item)) {
            lane.markDirty(this);
        }
    }

    @Override
    public void established(long id, ConnectReply reply) {
        life.attach(id);
        queue(SessionAnswer.accepted(reply));
    }

    @Override
    public void refused(ConnectReply reply) {
        queue(SessionAnswer.refused(reply));
    }

    /** {@link #pump}, but not within the send or the burst that asks for it. */
    private void pumpSoon() {
        lane.eventLoop().execute(this::pumpSafely);
    }

    /** {@link #pump}, where a fault is this connection's alone. */
    void pumpSafely() {
        try {
            pump();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** Sends what the core has left for this client, then runs the reads it has let go. */
    private void pump() {
        if (!life.isOpen()) {
            return;
        }
        JuteWriter out = lane.writer();
        answers.drain(out);
        if (life.phase() == Phase.OPEN) {
            arrival = null;
        }
        requests.serveReady(out);
        answers.send(out);
        if (life.phase() == Phase.OPEN && held != null && life.takesFrames()) {
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

    // ---- What others ask --------------------------------------------------------------------------------------

    @Override
    public long sessionId() {
        return life.sessionId();
    }

    @Override
    public Identities identities() {
        return login.identities();
    }

    @Override
    public long lastHeardNanos() {
        return life.lastHeardNanos();
    }

    @Override
    public boolean isOpen() {
        return life.isOpen() && !answers.isOverrun();
    }

    /** What reports tell of this connection. Thread: its event loop. */
    ConnectionView view() {
        int interest =
                life.phase() == Phase.COMMAND || !channel.config().isAutoRead() ? 0 : ConnectionView.INTEREST_READ;
        if (!answers.isTaken()) {
            interest |= ConnectionView.INTEREST_WRITE;
        }
        return answers.stats()
                .view(
                        life.peer(),
                        interest,
                        writes.order().outstanding(),
                        life.sessionId(),
                        establishedMillis,
                        life.sessionTimeoutMillis(),
                        life.lastHeardNanos());
    }

    /** Begins the counts of this connection anew. Thread: its event loop. */
    void resetStats() {
        answers.stats().reset();
    }
}
