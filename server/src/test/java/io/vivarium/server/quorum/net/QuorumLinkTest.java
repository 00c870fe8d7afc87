/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ResourceLeakDetector;
import io.vivarium.election.net.Side;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One link without a socket: reading, credit, writing, its end. */
class QuorumLinkTest {
    private static final ResourceLeakDetector.Level LEVEL = ResourceLeakDetector.getLevel();
    private static final LinkConfig.Limits LIMITS =
            new LinkConfig.Limits(Streams.LIMIT, 1 << 20, 1 << 20, 1000, 1000, 1000);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> events = new ArrayList<>();
    private final List<QuorumPacket> packets = new ArrayList<>();

    @BeforeAll
    static void watchEveryBuffer() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    @AfterAll
    static void watchAsBefore() {
        ResourceLeakDetector.setLevel(LEVEL);
    }

    private final QuorumLink.Owner owner = new QuorumLink.Owner() {
        @Override
        public void onArrived(QuorumLink link) {
            events.add("arrived");
        }

        @Override
        public void onPacket(QuorumLink link, QuorumPacket packet) {
            events.add(packet.toString());
            packets.add(packet);
        }

        @Override
        public void onImage(QuorumLink link) {
            events.add("image");
        }

        @Override
        public void onOver(QuorumLink link, String reason) {
            events.add("over: " + reason);
        }
    };

    private QuorumLink link(Side side) {
        QuorumLink link = new QuorumLink(7, side, LIMITS, channel.eventLoop(), new PacketWriter(), owner);
        link.attach(channel);
        return link;
    }

    private void receive(byte[] bytes) {
        channel.writeInbound(channel.alloc().buffer().writeBytes(bytes));
    }

    @Test
    void aCallerArrivesWithItsFirstWholePacket() {
        link(Side.ACCEPTOR);
        for (byte each : Streams.LEARNER) {
            receive(new byte[] {each});
        }
        List<String> expected = new ArrayList<>(Streams.LEARNER_EVENTS);
        expected.add(0, "arrived");
        assertThat(events).isEqualTo(expected);
    }

    @Test
    void readingStopsBetweenSnapAndTheImage() {
        QuorumLink link = link(Side.DIALLER);
        receive(Streams.LEADER);
        assertThat(events).isEqualTo(Streams.LEADER_EVENTS.subList(0, 2));
        assertThat(channel.config().isAutoRead()).isFalse();
        link.receiveImage(new Streams.KeptImage());
        assertThat(events).isEqualTo(Streams.LEADER_EVENTS);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void readingStopsWhileTooMuchIsUnconsumed() {
        QuorumLink link = link(Side.ACCEPTOR);
        byte[] ack = QuorumPacket.of(PacketType.ACK, 1).toBytes();
        for (int i = 0; i < 11; i++) {
            receive(ack);
        }
        assertThat(channel.config().isAutoRead()).isTrue();
        receive(ack);
        assertThat(channel.config().isAutoRead()).isFalse();
        for (int i = 0; i < 6; i++) {
            link.consumed(packets.get(i));
        }
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isFalse();
        link.consumed(packets.get(6));
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void whatIsQueuedLeavesInOneWrite() {
        QuorumLink link = link(Side.ACCEPTOR);
        QuorumPacket first = Streams.packet(PacketType.PROPOSAL, 1, "data");
        QuorumPacket second = QuorumPacket.of(PacketType.COMMIT, 1);
        link.queue().offer(first);
        link.queue().offer(second);
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
        link.pump();
        assertThat(Streams.bytes(channel.readOutbound()))
                .isEqualTo(Streams.bytes(Unpooled.wrappedBuffer(first.toBytes(), second.toBytes())));
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
    }

    @Test
    void closingLetsWhatIsQueuedLeave() {
        QuorumLink link = link(Side.ACCEPTOR);
        QuorumPacket last = QuorumPacket.of(PacketType.COMMIT, 1);
        link.queue().offer(last);
        link.close("no longer the leader");
        assertThat(Streams.bytes(channel.readOutbound())).isEqualTo(last.toBytes());
        assertThat(channel.isOpen()).isFalse();
        channel.releaseOutbound();
    }

    @Test
    void whatComesWhileClosingIsDroppedAndTheEndComesAfterASecond() {
        QuorumLink link = link(Side.ACCEPTOR);
        link.queue().offer(QuorumPacket.of(PacketType.COMMIT, 1));
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        link.close("no longer the leader");
        receive(Streams.LEARNER);
        assertThat(events).isEmpty();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(LinkConfig.CLOSING_MILLIS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(events).containsExactly("over: no longer the leader");
    }

    @Test
    void garbageEndsTheLinkWithTheLengthTheLimitAndThePlace() {
        link(Side.ACCEPTOR);
        receive("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(channel.isOpen()).isFalse();
        assertThat(events).hasSize(1);
        assertThat(events.get(0))
                .contains("Unreasonable length = 774966538")
                .contains("limit " + Streams.LIMIT)
                .contains("offset 12");
    }

    @Test
    void aSinkThatFailsEndsTheLink() {
        QuorumLink link = link(Side.DIALLER);
        receive(Streams.LEADER);
        link.receiveImage(in -> {
            throw new IllegalStateException("no room");
        });
        assertThat(events.get(events.size() - 1)).startsWith("over: ").contains("no room");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aFullSocketTakesTheRestWhenThereIsRoom() {
        QuorumLink link = link(Side.ACCEPTOR);
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        QuorumPacket waiting = QuorumPacket.of(PacketType.COMMIT, 1);
        link.queue().offer(waiting);
        link.pump();
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        channel.runPendingTasks();
        assertThat(Streams.bytes(channel.readOutbound())).isEqualTo(waiting.toBytes());
    }
}
