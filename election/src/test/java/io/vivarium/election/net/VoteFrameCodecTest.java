/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.NotificationLayout;
import io.vivarium.protocol.vote.PeerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec election 1.4 and 2.2: frames, whole and in pieces, good and bad. */
class VoteFrameCodecTest {
    private static final Notification VOTE =
            Notification.of(PeerState.LOOKING, 2, 0x100, 3, 1, "server.1=a:1:2:participant\nversion=0");

    private final EmbeddedChannel channel = new EmbeddedChannel(new VoteFrameCodec());

    @AfterEach
    void nothingIsLeaked() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aFrameIsALengthAndTheBody() {
        channel.writeOutbound(VOTE);
        ByteBuf frame = channel.readOutbound();
        byte[] body = VOTE.encode(NotificationLayout.CONFIG);
        assertThat(frame.readInt()).isEqualTo(body.length);
        assertThat(ByteBufUtil.getBytes(frame)).isEqualTo(body);
        frame.release();
    }

    @Test
    void framesFedByteByByteAreReadAsTheyWereSent() {
        ByteBuf bytes = Unpooled.buffer();
        for (NotificationLayout layout : NotificationLayout.values()) {
            write(bytes, VOTE.encode(layout));
        }
        while (bytes.isReadable()) {
            channel.writeInbound(bytes.readBytes(1));
        }
        bytes.release();
        assertThat(received())
                .containsExactly(
                        new Notification(PeerState.LOOKING, 2, 0x100, 3, 0, 0, ""),
                        new Notification(PeerState.LOOKING, 2, 0x100, 3, 1, 0, ""),
                        VOTE);
    }

    @Test
    void severalFramesInOneSegmentAreAllRead() {
        ByteBuf bytes = Unpooled.buffer();
        for (int i = 0; i < 20; i++) {
            write(bytes, VOTE.encode(NotificationLayout.CONFIG));
        }
        channel.writeInbound(bytes);
        assertThat(received()).hasSize(20).containsOnly(VOTE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 524_289, 600_000, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aLengthOutOfRangeEndsTheConnectionAndWhatFollowsIsNotRead(int length) {
        ByteBuf bytes = Unpooled.buffer().writeInt(length);
        write(bytes, VOTE.encode(NotificationLayout.CONFIG));
        assertThatThrownBy(() -> channel.writeInbound(bytes))
                .hasRootCauseInstanceOf(MalformedDataException.class)
                .hasMessageContaining("Unreasonable length = " + length + " (limit 524288 bytes)");
        assertThat(received()).isEmpty();
    }

    @Test
    void theGreatestFrameIsRead() {
        byte[] body = new byte[VoteFrameCodec.MAX_BODY_BYTES];
        byte[] vote = VOTE.encode(NotificationLayout.CONFIG);
        System.arraycopy(vote, 0, body, 0, vote.length);
        ByteBuf bytes = Unpooled.buffer();
        write(bytes, body);
        channel.writeInbound(bytes);
        assertThat(received()).containsExactly(VOTE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 12, 27, 36, 39, 43, 50})
    void aBodyThatMakesNoSenseIsDroppedAndTheNextOneIsRead(int length) {
        byte[] vote = VOTE.encode(NotificationLayout.CONFIG);
        ByteBuf bytes = Unpooled.buffer();
        bytes.writeInt(length).writeBytes(vote, 0, length);
        write(bytes, vote);
        channel.writeInbound(bytes);
        assertThat(received()).containsExactly(VOTE);
        assertThat(channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(value = PeerState.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
    void everyStateGoesThereAndBack(PeerState state) {
        Notification sent = Notification.of(state, Long.MIN_VALUE, Long.MAX_VALUE, -1, -1, "");
        channel.writeOutbound(sent);
        channel.writeInbound((ByteBuf) channel.readOutbound());
        assertThat(received()).containsExactly(sent);
    }

    @Test
    void anyBytesEitherAreFramesOrEndTheConnection() {
        Random random = new Random(42);
        for (int run = 0; run < 300; run++) {
            EmbeddedChannel fuzzed = new EmbeddedChannel(new VoteFrameCodec());
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 4 && random.nextBoolean()) {
                bytes[0] = 0;
                bytes[1] = 0;
                bytes[2] = 0;
            }
            try {
                fuzzed.writeInbound(Unpooled.wrappedBuffer(bytes));
            } catch (io.netty.handler.codec.DecoderException refused) {
                assertThat(refused).hasRootCauseInstanceOf(MalformedDataException.class);
            }
            fuzzed.finishAndReleaseAll();
        }
    }

    private static void write(ByteBuf bytes, byte[] body) {
        bytes.writeInt(body.length).writeBytes(body);
    }

    private List<Notification> received() {
        List<Notification> all = new ArrayList<>();
        for (Notification next = channel.readInbound(); next != null; next = channel.readInbound()) {
            all.add(next);
        }
        return all;
    }
}
