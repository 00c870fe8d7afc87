/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.NotificationLayout;
import io.vivarium.protocol.vote.PeerState;
import io.vivarium.protocol.vote.VoteHandshake;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec election 1.2: the initial message as an acceptor sees it. */
class HandshakeDecoderTest {
    private static final VoteHandshake CALLER = VoteHandshake.v1(2, new HostPort("127.0.0.1", 21422));

    private final List<VoteHandshake> callers = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new HandshakeDecoder(5000, (accepted, handshake) -> {
        callers.add(handshake);
        accepted.pipeline().addLast(new VoteFrameCodec());
    }));

    @AfterEach
    void nothingIsLeaked() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aCallerThatIsCutIntoSingleBytesIsUnderstoodAndItsFirstFrameIsNotLost() {
        Notification vote = Notification.of(PeerState.LOOKING, 2, 0, 1, 0, "");
        byte[] body = vote.encode(NotificationLayout.CONFIG);
        ByteBuf bytes = Unpooled.buffer()
                .writeBytes(CALLER.encode())
                .writeInt(body.length)
                .writeBytes(body);
        while (bytes.isReadable()) {
            channel.writeInbound(bytes.readBytes(1));
        }
        bytes.release();
        assertThat(callers).containsExactly(CALLER);
        assertThat((Notification) channel.readInbound()).isEqualTo(vote);
    }

    @Test
    void bytesOfTheFirstFrameInTheSameSegmentArePassedOn() {
        Notification vote = Notification.of(PeerState.LOOKING, 2, 0, 1, 0, "");
        byte[] body = vote.encode(NotificationLayout.VERSIONED);
        channel.writeInbound(
                Unpooled.buffer().writeLong(2).writeInt(body.length).writeBytes(body));
        assertThat(callers).containsExactly(new VoteHandshake(VoteHandshake.Format.BARE, 2, List.of()));
        assertThat((Notification) channel.readInbound()).isNotNull();
    }

    @Test
    void aSilentCallerIsHungUpOnAtItsDeadline() {
        channel.freezeTime();
        channel.advanceTimeBy(4000, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1000, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aCallerThatIntroducedItselfHasNoDeadlineAnyMore() {
        channel.freezeTime();
        channel.writeInbound(Unpooled.wrappedBuffer(CALLER.encode()));
        channel.advanceTimeBy(1, TimeUnit.HOURS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fffffffffffffffe0000000000000002",
                "ffffffffffff0000000000000000000200000801",
                "ffffffffffff00000000000000000002ffffffff",
                "ffffffffffff0000000000000000000200000001ff",
            })
    void nonsenseIsHungUpOn(String bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(bytes)));
        assertThat(callers).isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }
}
