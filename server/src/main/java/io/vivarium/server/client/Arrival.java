/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.server.client.ConnectionLife.Phase;
import io.vivarium.server.metrics.Counter;
import io.vivarium.server.pipeline.ClientLink;
import io.vivarium.server.pipeline.SessionRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a connection does before it has a session: the first word, a command and its answer, the connect request.
 *
 * <p>Thread: the connection's event loop. Forgotten when the session is there. A connection on its way costs little: the
 * connect request as far as it has come, up to a limit of its own, and behind it what one read from the socket brought
 * along, for nothing more is read until there is a session. Spec: client-protocol 1.2, 2.2.
 */
final class Arrival {
    private final ClientPort port;
    private final IoLane lane;
    private final ConnectionLife life;
    private final AnswerStream answers;
    private final FirstWord firstWord = new FirstWord();
    private boolean commandRunning;

    Arrival(ClientPort port, IoLane lane, ConnectionLife life, AnswerStream answers) {
        this.port = port;
        this.lane = lane;
        this.life = life;
        this.answers = answers;
    }

    /** Takes what belongs to the first word; if it is a length, the decoder goes on with the frame. */
    void readFirstWord(ByteBuf in, FrameDecoder decoder, ByteBufAllocator allocator) {
        if (life.phase() == Phase.COMMAND && commandRunning) {
            return;
        }
        switch (firstWord.take(in, port.commands())) {
            case INCOMPLETE:
                break;
            case ARGUMENT:
                life.toCommand();
                break;
            case COMMAND:
                life.toCommand();
                commandRunning = true;
                runCommand();
                break;
            case FRAME_LENGTH:
                beginConnect(decoder, allocator);
                break;
        }
    }

    private void beginConnect(FrameDecoder decoder, ByteBufAllocator allocator) {
        if (Handshake.isShut(port)) {
            lane.recorder().add(Counter.CNXN_CLOSED_WITHOUT_ZK_SERVER_RUNNING, 1);
            // As stock, which does not wait for the rest of the request either (spec client-protocol 2.7).
            life.end("this server is not serving");
            return;
        }
        life.toConnect();
        decoder.begin(firstWord.word(), port.limits().maxConnectBytes(), allocator);
    }

    private void runCommand() {
        life.noDeadline();
        answers.stats().received();
        lane.counters().received(1);
        lane.recorder().add(Counter.BYTES_RECEIVED_COUNT, FirstWord.WORD_BYTES);
        port.commands().run(firstWord.word(), firstWord.argument(), life.peer(), text -> lane.eventLoop()
                .execute(() -> commandAnswered(text)));
    }

    private void commandAnswered(String text) {
        lane.counters().sent(1);
        answers.sendLast(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Judges the connect request and passes it on, now or when the door opens. Returns false if the connection was closed
     * instead.
     */
    boolean connect(ByteBuffer frame, ClientLink link) {
        if (enter(frame.duplicate(), link)) {
            return !life.isClosed();
        }
        ByteBuffer kept = ByteBuffer.allocate(frame.remaining()).put(frame).flip();
        life.toOpening();
        lane.door().await(() -> life.isClosed() || enter(kept.duplicate(), link));
        return true;
    }

    /** False while the server does not know. */
    private boolean enter(ByteBuffer frame, ClientLink link) {
        Handshake.Verdict verdict =
                Handshake.judge(new JuteReader(frame, port.limits().maxFieldBytes()), port, lane.recorder());
        if (verdict instanceof Handshake.Verdict.Wait) {
            return false;
        }
        if (verdict instanceof Handshake.Verdict.Proceed proceed) {
            answers.stats().received();
            life.toOpening();
            port.route().openSession(new SessionRequest(link, proceed.request(), proceed.timeoutMillis()));
        } else {
            life.end(((Handshake.Verdict.Close) verdict).reason());
        }
        return true;
    }
}
