/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.server.metrics.Counter;
import io.vivarium.server.pipeline.ClientLink;
import io.vivarium.server.pipeline.PlainReads;
import io.vivarium.server.pipeline.ReadRequest;
import io.vivarium.server.pipeline.ReplyEncoder;
import io.vivarium.server.pipeline.SessionOrder;
import io.vivarium.server.pipeline.WriteRequest;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one session: decoded, put in order, and either answered here or sent on their way.
 *
 * <p>Thread: the connection's event loop. A write goes to the {@link ClientPort#route}; a read is answered on the spot, inside
 * the hold that the reads of a burst share, unless a write of the same session is in flight. Then it waits in {@link
 * SessionOrder}. Spec: client-protocol 3, 4, 9.3, 9.5.
 */
final class SessionRequests {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRequests.class);
    /** Answers of a burst leave whenever so many bytes are together; so a burst costs no more than this and one answer. */
    private static final int SEND_BYTES = 64 * 1024;
    /** Reads that may wait behind writes; what the client sends beyond them stays undecoded. */
    private static final int MAX_READS_BEHIND_WRITES = 1024;

    private final ClientPort port;
    private final ClientLink link;
    private final ConnectionLife life;
    private final WritesInFlight writes;
    private final SessionOrder order;
    private final AnswerStream answers;
    private final ClientLogin login;
    private final IoLane lane;

    SessionRequests(
            ClientPort port,
            ClientLink link,
            ConnectionLife life,
            WritesInFlight writes,
            AnswerStream answers,
            ClientLogin login,
            IoLane lane) {
        this.port = port;
        this.link = link;
        this.life = life;
        this.writes = writes;
        this.order = writes.order();
        this.answers = answers;
        this.login = login;
        this.lane = lane;
    }

    /** Whether one more request may be looked at; lets the answers go that have come together. */
    boolean mayServe(JuteWriter out) {
        if (out.size() >= SEND_BYTES) {
            lane.hold().leave();
            answers.send(out);
        }
        return answers.isTaken() && mayTakeOne();
    }

    /**
     * Reads that only the client holds up, for it does not take their answers, come before anything else: a write accepted now
     * would take them along to the core, which would have to keep what they answer.
     */
    private boolean mayTakeOne() {
        return !order.isReady() && order.readsBehindWrites() < MAX_READS_BEHIND_WRITES;
    }

    /**
     * Whether there is something to do for which nobody will call again.
     *
     * @param more whether requests wait undecoded
     */
    boolean canGoOn(boolean more) {
        return answers.isTaken() && (order.isReady() || (more && mayTakeOne()));
    }

    /** The burst is over; to be called however it ended. */
    void endBurst() {
        lane.plainReads().clear();
        lane.hold().leave();
        countReads();
    }

    private void countReads() {
        ReadTally tally = lane.tally();
        if (tally.reads() > 0) {
            answers.answered(tally);
            tally.clear();
        }
    }

    /** Runs the reads that no write holds back any more, as long as the client takes the answers. */
    void serveReady(JuteWriter out) {
        if (!order.isReady()) {
            return;
        }
        try {
            List<ReadRequest> ready = order.takeReady();
            for (int i = 0; i < ready.size(); i++) {
                if (out.size() >= SEND_BYTES) {
                    lane.hold().leave();
                    answers.send(out);
                }
                if (!answers.isTaken()) {
                    order.putBack(ready.subList(i, ready.size()));
                    return;
                }
                if (!enterHold(out)) {
                    return;
                }
                serve(ready.get(i), out);
            }
        } finally {
            lane.hold().leave();
        }
    }

    /**
     * Takes one frame, or answers false: the client has to take answers first, and the frame is to be shown again. That can be
     * so only behind other frames of the same burst.
     */
    boolean accept(ByteBuffer frame, JuteWriter out) {
        int frameBytes = frame.remaining();
        JuteReader reader = lane.reader();
        reader.reset(frame);
        int xid = reader.readInt();
        int op = reader.readInt();
        if (!order.mustWait() && login.admits(op) && lane.plainReads().take(xid, op, reader)) {
            answers.stats().received();
            if (lane.plainReads().isFull()) {
                answerPlainReads(out);
            }
            return true;
        }
        answerPlainReads(out);
        if (order.isReady()) {
            return false;
        }
        answers.stats().received();
        if (op == OpCode.AUTH) {
            login.authenticate(xid, reader, out);
        } else if (op == OpCode.SASL) {
            login.answerSasl(xid, reader, out);
        } else if (!login.admits(op)) {
            ReplyEncoder.encodeHeader(out, xid, 0, ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH.code());
            life.endWithNextSend();
        } else if (isWrite(op)) {
            acceptWrite(xid, op, frameBytes, out);
        } else {
            acceptRead(xid, op, out);
        }
        return true;
    }

    /**
     * What goes to the core. A sync is ordered like a write (spec quorum 5.5). Two writes are the server's own; a client that
     * sends them is told that they do not exist.
     */
    private static boolean isWrite(int op) {
        return op == OpCode.SYNC
                || (OpCode.isWrite(op) && op != OpCode.CREATE_SESSION && op != OpCode.DELETE_CONTAINER);
    }

    private static boolean isRead(int op) {
        return op > 0 && !OpCode.isWrite(op) && op != OpCode.CHECK;
    }

    /**
     * Enters the hold that reads share. False if the core has ended the connection: what it does to the tree afterwards is not
     * for this client, so nothing is read any more.
     */
    private boolean enterHold(JuteWriter out) {
        lane.hold().enter(answers, out);
        return !life.endsNow();
    }

    /** Answers the requests that were put aside to be looked up together. To be called before anything else is answered. */
    void answerPlainReads(JuteWriter out) {
        PlainReads plain = lane.plainReads();
        int count = plain.size();
        if (count > 0 && enterHoldFor(plain, out)) {
            for (int i = 0; i < count; i++) {
                if (out.size() >= SEND_BYTES) {
                    lane.hold().leave();
                    answers.send(out);
                    if (!answers.isTaken()) {
                        awaitFrom(plain, i);
                        break;
                    }
                    if (!enterHoldFor(plain, out)) {
                        break;
                    }
                }
                int before = out.size();
                port.reads().serve(plain, i, link, out, lane.recorder());
                lane.tally().add(plain.xid(i), plain.op(i), out.size() - before);
            }
        }
        plain.clear();
    }

    private boolean enterHoldFor(PlainReads plain, JuteWriter out) {
        lane.hold().enter(plain.size(), answers, out);
        if (life.endsNow()) {
            return false;
        }
        port.reads().find(plain);
        return true;
    }

    private void awaitFrom(PlainReads plain, int first) {
        for (int i = first; i < plain.size(); i++) {
            order.await(plain.request(i, life.lastHeardNanos()));
        }
    }

    private void acceptWrite(int xid, int op, int frameBytes, JuteWriter out) {
        ClientRequest body = null;
        try {
            body = ClientRequest.read(op, lane.reader());
        } catch (MalformedDataException e) {
            logUndecodable(op, e);
            if (op != OpCode.MULTI) {
                // Only a multi gets as far as using up a zxid (spec 3, "failed writes consume a zxid").
                answer(ReadRequest.failed(xid, op, ErrorCode.MARSHALLING_ERROR, life.lastHeardNanos()), out);
                return;
            }
        }
        if (!writes.admit(frameBytes)) {
            lane.recorder().add(Counter.LARGE_REQUESTS_REJECTED, 1);
            life.end("large requests hold all the memory they may (largeRequestMaxBytes)");
            return;
        }
        List<ReadRequest> ahead = writes.begin();
        port.route()
                .submit(new WriteRequest(
                        link, life.sessionId(), xid, op, body, login.identities(), life.lastHeardNanos(), ahead));
        lane.turn().left(port.route());
        if (op == OpCode.CLOSE_SESSION) {
            // What stands behind a closeSession gets no answer (spec 9.3).
            life.endRequests();
        }
    }

    private void acceptRead(int xid, int op, JuteWriter out) {
        ClientRequest body;
        try {
            body = isRead(op) ? ClientRequest.read(op, lane.reader()) : null;
        } catch (MalformedDataException e) {
            logUndecodable(op, e);
            answer(ReadRequest.failed(xid, op, ErrorCode.MARSHALLING_ERROR, life.lastHeardNanos()), out);
            return;
        }
        if (body == null) {
            answer(ReadRequest.failed(xid, op, ErrorCode.UNIMPLEMENTED, life.lastHeardNanos()), out);
        } else if (order.mustWait()) {
            order.await(ReadRequest.of(xid, op, body, life.lastHeardNanos()));
        } else if (enterHold(out)) {
            int before = out.size();
            port.reads().serve(xid, op, body, link, out, lane.recorder());
            lane.tally().add(xid, op, out.size() - before);
        }
    }

    private void answer(ReadRequest request, JuteWriter out) {
        if (order.mustWait()) {
            order.await(request);
            if (request.failure() == ErrorCode.UNIMPLEMENTED) {
                // The connection ends with this answer, so what stands behind it is not looked at.
                life.endRequests();
            }
            return;
        }
        if (enterHold(out)) {
            serve(request, out);
        }
    }

    private void serve(ReadRequest request, JuteWriter out) {
        countReads();
        int before = out.size();
        boolean exists = port.reads().serve(request, link, out, lane.recorder());
        long millis = (port.nanoClock().getAsLong() - request.receivedNanos()) / 1_000_000;
        if (exists) {
            answers.answeredRead(request.xid(), request.op(), millis, out.size() - before);
        } else {
            answers.answered(request.xid(), request.op(), millis, out.size() - before);
            life.endWithNextSend();
        }
    }

    private void logUndecodable(int op, MalformedDataException e) {
        LOG.debug("undecodable {} of session 0x{}: {}", OpCode.name(op), life.sessionText(), e.getMessage());
    }
}
