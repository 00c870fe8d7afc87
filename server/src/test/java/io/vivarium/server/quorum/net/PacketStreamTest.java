/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vivarium.election.net.Side;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec quorum 1.1 and 1.5: packets, an image, packets, however they are cut. */
class PacketStreamTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final List<String> events = new ArrayList<>();
    private final Streams.KeptImage image = new Streams.KeptImage();

    private final PacketStream.Receiver receiver = new PacketStream.Receiver() {
        @Override
        public void onPacket(QuorumPacket packet) {
            events.add(packet.toString());
        }

        @Override
        public void onImage() {
            events.add("image");
        }
    };

    private final PacketStream ofLeader = new PacketStream(Side.DIALLER, Streams.LIMIT, receiver);
    private final PacketStream ofLearner = new PacketStream(Side.ACCEPTOR, Streams.LIMIT, receiver);

    @AfterEach
    void nothingLeaks() {
        ofLeader.release();
        ofLearner.release();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .isZero();
    }

    private void feed(PacketStream stream, byte[] bytes, int from, int to) {
        ByteBuf in = allocator.buffer(Math.max(1, to - from)).writeBytes(bytes, from, to - from);
        try {
            stream.accept(in, allocator);
            assertThat(in.isReadable()).isFalse();
        } finally {
            in.release();
        }
        if (stream.isBetween()) {
            stream.receiveImage(image);
        }
    }

    @Test
    void aLearnersWordsAreReadByteByByte() {
        for (int i = 0; i < Streams.LEARNER.length; i++) {
            feed(ofLearner, Streams.LEARNER, i, i + 1);
        }
        assertThat(events).isEqualTo(Streams.LEARNER_EVENTS);
    }

    @Test
    void aLeadersWordsAndItsImageAreReadByteByByte() {
        for (int i = 0; i < Streams.LEADER.length; i++) {
            feed(ofLeader, Streams.LEADER, i, i + 1);
        }
        assertThat(events).isEqualTo(Streams.LEADER_EVENTS);
        assertThat(image.bytes()).isEqualTo(imageBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void itDoesNotMatterHowTheBytesAreCut(long seed) {
        Random dice = new Random(seed);
        for (int round = 0; round < 200; round++) {
            events.clear();
            PacketStream stream = new PacketStream(Side.DIALLER, Streams.LIMIT, receiver);
            int at = 0;
            while (at < Streams.LEADER.length) {
                int end = Math.min(Streams.LEADER.length, at + 1 + dice.nextInt(1 + dice.nextInt(300)));
                feed(stream, Streams.LEADER, at, end);
                at = end;
            }
            stream.release();
            assertThat(events).as("seed %d, round %d", seed, round).isEqualTo(Streams.LEADER_EVENTS);
        }
    }

    @Test
    void nothingBehindSnapIsTouchedUntilSomebodyAsksForTheImage() {
        ByteBuf in = allocator.buffer().writeBytes(Streams.LEADER);
        ofLeader.accept(in, allocator);
        in.release();
        assertThat(events).isEqualTo(Streams.LEADER_EVENTS.subList(0, 2));
        assertThat(ofLeader.isBetween()).isTrue();
        ofLeader.receiveImage(image);
        assertThat(events).isEqualTo(Streams.LEADER_EVENTS);
    }

    @Test
    void aSnapPacketOfACallerIsAPacketLikeAnyOther() {
        feed(ofLearner, Streams.hex("0000000f 0000000100000006 ffffffff ffffffff"), 0, 20);
        feed(ofLearner, Streams.LEARNER, 0, Streams.LEARNER.length);
        assertThat(events).hasSize(1 + Streams.LEARNER_EVENTS.size());
    }

    @Test
    void anImageNobodyExpectsIsRefused() {
        assertThatThrownBy(() -> ofLeader.receiveImage(image)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aGiantLengthIsNamedWithItsLimitAndItsPlaceInTheStream() {
        byte[] bad = Streams.hex("0000000b 0000000000000000 7fffffff 00000000");
        byte[] stream = Arrays.copyOf(Streams.LEARNER, Streams.LEARNER.length + bad.length);
        System.arraycopy(bad, 0, stream, Streams.LEARNER.length, bad.length);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < stream.length; i++) {
                        feed(ofLearner, stream, i, i + 1);
                    }
                })
                .isInstanceOf(MalformedDataException.class)
                .hasMessage("Unreasonable length = 2147483647 (limit " + Streams.LIMIT + " bytes) at offset "
                        + (Streams.LEARNER.length + 12));
        assertThat(events).isEqualTo(Streams.LEARNER_EVENTS);
    }

    @Test
    void anElementOfAnImageThatNeverEndsIsRefused() {
        PacketStream small = new PacketStream(Side.DIALLER, 100, receiver);
        ByteBuf snap = allocator.buffer().writeBytes(Streams.hex("0000000f 0000000100000006 ffffffff ffffffff"));
        small.accept(snap, allocator);
        snap.release();
        small.receiveImage(in -> false);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20; i++) {
                        feed(small, new byte[100], 0, 100);
                    }
                })
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("1300")
                .hasMessageContaining("1224");
        small.release();
    }

    @Test
    void aStoppedStreamDropsWhatComes() {
        feed(ofLearner, Streams.LEARNER, 0, 30);
        ofLearner.stop();
        feed(ofLearner, Streams.LEARNER, 30, Streams.LEARNER.length);
        assertThat(events).isEmpty();
    }

    private static byte[] imageBytes() {
        int start = 24 + 20;
        int end = Streams.LEADER.length - 14 - 23 - 20 - 20;
        return Arrays.copyOfRange(Streams.LEADER, start, end);
    }
}
