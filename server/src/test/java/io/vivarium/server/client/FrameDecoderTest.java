/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vivarium.protocol.jute.MalformedDataException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames out of bytes, however they arrive (spec client-protocol 1.1); every buffer is given back. */
class FrameDecoderTest {
    private static final int LIMIT = 5000;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final FrameDecoder decoder = new FrameDecoder(LIMIT);
    private final List<byte[]> frames = new ArrayList<>();

    @AfterEach
    void everyBufferIsGivenBack() {
        decoder.release();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .isZero();
    }

    private void feed(byte[] bytes, int from, int to) {
        ByteBuf in = allocator.directBuffer(Math.max(1, to - from)).writeBytes(bytes, from, to - from);
        try {
            ByteBuffer view = in.nioBuffer(0, in.writerIndex());
            ByteBuffer frame;
            while ((frame = decoder.next(in, view, allocator)) != null) {
                byte[] copy = new byte[frame.remaining()];
                frame.get(copy);
                frames.add(copy);
                decoder.releaseFrame();
            }
            assertThat(in.isReadable()).isFalse();
        } finally {
            in.release();
        }
    }

    private static byte[] stream(List<byte[]> bodies) {
        ByteBuffer all = ByteBuffer.allocate(
                bodies.stream().mapToInt(body -> body.length + 4).sum());
        bodies.forEach(body -> all.putInt(body.length).put(body));
        return all.array();
    }

    private static List<byte[]> bodies(Random random) {
        List<byte[]> bodies = new ArrayList<>();
        for (int length : new int[] {0, 1, 40, 0, LIMIT, 3, 1020, 1021, random.nextInt(LIMIT)}) {
            byte[] body = new byte[length];
            random.nextBytes(body);
            bodies.add(body);
        }
        return bodies;
    }

    private void assertFrames(List<byte[]> expected, String where) {
        assertThat(frames).as(where).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(frames.get(i)).as(where + " frame " + i).isEqualTo(expected.get(i));
        }
    }

    @Test
    void framesThatArriveByteByByteAreWhole() {
        List<byte[]> bodies = bodies(new Random(1));
        byte[] bytes = stream(bodies);
        for (int i = 0; i < bytes.length; i++) {
            feed(bytes, i, i + 1);
        }
        assertFrames(bodies, "byte by byte");
    }

    static long[] seeds() {
        long[] seeds = new long[20];
        Arrays.setAll(seeds, i -> i + 1L);
        seeds[19] = System.nanoTime();
        return seeds;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void framesThatArriveInAnyPiecesAreWhole(long seed) {
        Random random = new Random(seed);
        List<byte[]> bodies = bodies(random);
        byte[] bytes = stream(bodies);
        int most = 1 + random.nextInt(3000);
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(most));
            feed(bytes, from, to);
            from = to;
        }
        assertFrames(bodies, "seed " + seed);
    }

    @Test
    void aFrameWhoseLengthWasReadByAnotherIsCollected() {
        decoder.begin(3, LIMIT, allocator);
        feed(new byte[] {1, 2, 3, 0, 0, 0, 0}, 0, 7);
        assertFrames(List.of(new byte[] {1, 2, 3}, new byte[0]), "behind a length");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, LIMIT + 1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aLengthOutsideTheLimitIsRefusedAsSoonAsItIsThere(int length) {
        byte[] bytes = ByteBuffer.allocate(4).putInt(length).array();
        assertThatThrownBy(() -> feed(bytes, 0, 4))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining(Integer.toString(length));
        feed(bytes, 0, 3);
        assertThatThrownBy(() -> feed(bytes, 3, 4)).isInstanceOf(MalformedDataException.class);
        assertThatThrownBy(() -> decoder.begin(length, LIMIT, allocator)).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void theFirstFrameHasALimitOfItsOwn() {
        assertThatThrownBy(() -> decoder.begin(101, 100, allocator)).hasMessageContaining("a connect request=100");
        decoder.begin(100, 100, allocator);
        assertThat(allocator.metric().usedHeapMemory()).isLessThan(200);
        feed(new byte[100], 0, 100);
        byte[] next = stream(List.of(new byte[LIMIT]));
        feed(next, 0, next.length);
        assertThat(frames).hasSize(2);
    }

    @Test
    void anAnnouncedLengthCostsNoMemoryBeforeItsBytesCome() {
        feed(ByteBuffer.allocate(4).putInt(LIMIT).array(), 0, 4);
        assertThat(allocator.metric().usedHeapMemory()).isLessThan(LIMIT);
    }
}
