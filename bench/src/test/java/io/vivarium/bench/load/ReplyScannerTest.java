/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vivarium.protocol.jute.MalformedDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyScannerTest {
    private record Seen(long first, long second, int length) {}

    private final List<Seen> seen = new ArrayList<>();
    private final ReplyScanner scanner =
            new ReplyScanner((first, second, length) -> seen.add(new Seen(first, second, length)));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void replies_are_found_however_the_stream_is_cut(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Seen> expected = new ArrayList<>();
        ByteBuf stream = Unpooled.buffer();
        for (int i = 0; i < 300; i++) {
            int body = random.nextInt(4) == 0 ? 0 : random.nextInt(300);
            Seen reply = new Seen(random.nextLong(), random.nextLong(), 16 + body);
            expected.add(reply);
            stream.writeInt(16 + body)
                    .writeLong(reply.first())
                    .writeLong(reply.second())
                    .writeZero(body);
        }

        int most = seed == 1 ? 1 : 400;
        while (stream.isReadable()) {
            scanner.feed(stream.readSlice(Math.min(stream.readableBytes(), 1 + random.nextInt(most))));
        }

        assertThat(seen).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void a_reply_counts_only_when_its_last_byte_is_there() {
        scanner.feed(Unpooled.buffer().writeInt(20).writeLong(1).writeLong(2).writeZero(3));
        assertThat(seen).isEmpty();

        scanner.feed(Unpooled.buffer().writeZero(1));
        assertThat(seen).containsExactly(new Seen(1, 2, 20));
    }

    @Test
    void a_frame_too_short_for_a_header_is_refused() {
        assertThatThrownBy(() -> scanner.feed(Unpooled.buffer().writeInt(15)))
                .isInstanceOf(MalformedDataException.class)
                .hasMessage("reply of 15 bytes; the least is 16 at offset 0");
    }
}
