/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Order, limits and end of what waits on one link. */
class SendQueueTest {
    private static final LinkConfig.Limits LIMITS = new LinkConfig.Limits(1000, 100, 200, 1000, 1000, 1000);

    private final SendQueue queue = new SendQueue(LIMITS);

    private static QuorumPacket packet(long zxid) {
        return QuorumPacket.of(PacketType.COMMIT, zxid);
    }

    private List<Object> takeAll() {
        List<Object> taken = new ArrayList<>();
        while (true) {
            List<Object> batch = new ArrayList<>();
            if (queue.take(batch, 50) == 0) {
                return taken;
            }
            taken.addAll(batch);
        }
    }

    @Test
    void sizesAreThoseOnTheWire() {
        List<QuorumPacket> packets = List.of(
                packet(1),
                Streams.packet(PacketType.PROPOSAL, 2, "data"),
                Streams.packet(PacketType.PING, 2, ""),
                new QuorumPacket(PacketType.REQUEST, -1, new byte[3], List.of(new Id("ip", "::1"), new Id("x", ""))));
        for (QuorumPacket packet : packets) {
            ByteBuf written = Unpooled.buffer();
            new PacketWriter().write(packet, written);
            assertThat(SendQueue.sizeOf(packet)).isEqualTo(packet.toBytes().length);
            assertThat(Streams.bytes(written)).isEqualTo(packet.toBytes());
        }
    }

    @Test
    void packetsSentDuringAHistoryStandBehindIt() throws Exception {
        queue.offer(packet(1));
        queue.beginHistory();
        queue.offer(packet(10));
        queue.offerHistory(packet(2), 20);
        queue.offerHistory(packet(3), 20);
        assertThat(takeAll()).containsExactly(packet(1), packet(2), packet(3));
        queue.offer(packet(11));
        queue.offerHistory(packet(4), 20);
        queue.endHistory();
        queue.offer(packet(12));
        assertThat(takeAll()).containsExactly(packet(4), packet(10), packet(11), packet(12));
        queue.offer(packet(13));
        assertThat(takeAll()).containsExactly(packet(13));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aPieceOfAnImageComesAlone() throws Exception {
        queue.offer(packet(1));
        queue.beginHistory();
        ByteBuf piece = Unpooled.wrappedBuffer(new byte[5]);
        queue.offerHistory(piece, 5);
        queue.offerHistory(packet(2), 20);
        queue.endHistory();
        List<Object> batch = new ArrayList<>();
        assertThat(queue.take(batch, 1000)).isEqualTo(20);
        assertThat(batch).containsExactly(packet(1));
        batch.clear();
        assertThat(queue.take(batch, 1000)).isEqualTo(5);
        assertThat(batch).containsExactly(piece);
        piece.release();
        assertThat(takeAll()).containsExactly(packet(2));
    }

    @Test
    void moreThanTheLimitOverflowsAndBehindAHistoryThereIsAnotherLimit() throws Exception {
        for (int i = 0; i < 6; i++) {
            assertThat(queue.offer(packet(i))).isEqualTo(SendQueue.Offer.QUEUED);
        }
        assertThat(queue.offer(packet(6))).isEqualTo(SendQueue.Offer.OVERFLOW);
        assertThat(queue.queuedBytes()).isEqualTo(120);

        queue.beginHistory();
        for (int i = 0; i < 5; i++) {
            assertThat(queue.offer(packet(i))).isEqualTo(SendQueue.Offer.QUEUED);
        }
        assertThat(queue.offer(packet(6))).isEqualTo(SendQueue.Offer.OVERFLOW);
        takeAll();
        queue.endHistory();
        assertThat(queue.isCatchingUp()).isTrue();
        takeAll();
        assertThat(queue.isCatchingUp()).isFalse();
        assertThat(queue.queuedBytes()).isZero();
    }

    @Test
    void aClosedQueueKeepsNothingAndTellsWhy() throws Exception {
        queue.beginHistory();
        ByteBuf waiting = Unpooled.wrappedBuffer(new byte[5]);
        queue.offerHistory(waiting, 5);
        queue.close("too slow");
        assertThat(waiting.refCnt()).isZero();
        assertThat(queue.offer(packet(1))).isEqualTo(SendQueue.Offer.CLOSED);
        ByteBuf late = Unpooled.wrappedBuffer(new byte[5]);
        assertThatThrownBy(() -> queue.offerHistory(late, 5))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too slow");
        assertThat(late.refCnt()).isZero();
        assertThatThrownBy(queue::awaitWindow).isInstanceOf(IOException.class);
        assertThatThrownBy(queue::endHistory).isInstanceOf(IOException.class);
        assertThat(queue.beginHistory()).isFalse();
        assertThat(takeAll()).isEmpty();
    }

    @Test
    void onlyOneHistoryAtATime() {
        queue.beginHistory();
        assertThatThrownBy(queue::beginHistory).isInstanceOf(IllegalStateException.class);
    }
}
