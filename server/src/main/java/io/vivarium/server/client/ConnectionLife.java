/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.channel.Channel;
import io.vivarium.server.metrics.Counter;
import io.vivarium.server.metrics.Recorder;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a connection has come, and the ways it ends. Whatever moves it on does so here.
 *
 * <p>Thread: its event loop, except {@link #attach}, which is {@code core}'s, and what says "Thread: any".
 *
 * <pre>
 *   FIRST_WORD --four-letter word--> COMMAND --answer--> CLOSED
 *       | frame length
 *   CONNECT --connect request--> OPENING --core says yes--> OPEN --closeSession, fault, EOF--> CLOSED
 *                                   | core says no: answer, CLOSED
 * </pre>
 *
 * CLOSED is the end of requests. Answers that were made by then may still be on their way; {@link #isOpen} falls when the
 * channel is gone. Spec: client-protocol 1.2, 2, 9.3.
 */
// A close that fails is the end of the channel all the same; nobody waits for its future.
@SuppressWarnings("FutureReturnValueIgnored")
final class ConnectionLife {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLife.class);

    enum Phase {
        /** The first four bytes decide between a command and a frame. */
        FIRST_WORD,
        /** A four-letter word is being answered. */
        COMMAND,
        /** The next frame is a connect request. */
        CONNECT,
        /** The core is asked for a session, or will be when there is a leader; bytes behind the connect request are kept. */
        OPENING,
        /** Requests are served. */
        OPEN,
        /** No request is looked at any more. */
        CLOSED
    }

    private final Channel channel;
    private final InetSocketAddress peer;
    private Phase phase = Phase.FIRST_WORD;
    private boolean endsWithNextSend;
    private int sessionTimeoutMillis;
    private @Nullable ScheduledFuture<?> deadline;

    private volatile boolean open = true;
    private volatile long sessionId;
    private volatile long lastHeardNanos;

    ConnectionLife(Channel channel, InetSocketAddress peer, long nowNanos) {
        this.channel = channel;
        this.peer = peer;
        this.lastHeardNanos = nowNanos;
    }

    // ---- Moves ------------------------------------------------------------------------------------------------

    /** Whoever has no session, and has asked no command, after this time is closed. */
    void begin(int sessionlessTimeoutMillis, Recorder recorder) {
        deadline = channel.eventLoop()
                .schedule(
                        () -> {
                            recorder.add(Counter.SESSIONLESS_CONNECTIONS_EXPIRED, 1);
                            end("no session within " + sessionlessTimeoutMillis + " ms");
                        },
                        sessionlessTimeoutMillis,
                        TimeUnit.MILLISECONDS);
    }

    /** The first word is a command. */
    void toCommand() {
        phase = Phase.COMMAND;
    }

    /** The first word is the length of a connect request. */
    void toConnect() {
        phase = Phase.CONNECT;
    }

    /** The connect request is with the core, or at the door. */
    void toOpening() {
        phase = Phase.OPENING;
    }

    /** There is a session from now on. */
    void toOpen(int timeoutMillis, long nowNanos) {
        phase = Phase.OPEN;
        sessionTimeoutMillis = timeoutMillis;
        lastHeardNanos = nowNanos;
    }

    /** Nothing behind the present request is looked at; answers still leave. */
    void endRequests() {
        phase = Phase.CLOSED;
    }

    /** What is to be sent next is the last. */
    void endWithNextSend() {
        endsWithNextSend = true;
    }

    /** Closes now. */
    void end(@Nullable String why) {
        if (phase != Phase.CLOSED || open) {
            LOG.info("closing the connection of {}, session 0x{}: {}", peer, sessionText(), why);
            cut();
        }
    }

    /** Closes now; the reason has been told. */
    void cut() {
        phase = Phase.CLOSED;
        channel.close();
    }

    /** The channel is gone. */
    void gone() {
        LOG.debug("connection of {} ended, session 0x{}", peer, sessionText());
        phase = Phase.CLOSED;
        open = false;
        noDeadline();
    }

    /** The client has shown what it wants; it is not hurried any more. */
    void noDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /** The session this connection carries. Thread: {@code core}. */
    void attach(long id) {
        sessionId = id;
    }

    void heard(long nowNanos) {
        lastHeardNanos = nowNanos;
    }

    // ---- Questions --------------------------------------------------------------------------------------------

    Phase phase() {
        return phase;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    boolean endsNow() {
        return endsWithNextSend;
    }

    /** Whether another frame may be looked at. */
    boolean takesFrames() {
        return phase != Phase.CLOSED && !endsWithNextSend;
    }

    int sessionTimeoutMillis() {
        return sessionTimeoutMillis;
    }

    /** False once the channel is gone. Thread: any. */
    boolean isOpen() {
        return open;
    }

    /** 0 until there is a session. Thread: any. */
    long sessionId() {
        return sessionId;
    }

    /** The session as the log shows it. Thread: any. */
    String sessionText() {
        return Long.toHexString(sessionId);
    }

    /** Thread: any. */
    long lastHeardNanos() {
        return lastHeardNanos;
    }

    /** Thread: any. */
    InetSocketAddress peer() {
        return peer;
    }
}
