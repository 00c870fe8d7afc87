/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlainReadsTest {
    private final PlainReads plain = new PlainReads();

    @Test
    void takesAPathInAsciiWithoutAWatch() {
        assertThat(plain.take(5, OpCode.GET_DATA, body("/a/b", false))).isTrue();
        assertThat(plain.take(6, OpCode.EXISTS, body("", false))).isTrue();
        assertThat(plain.request(0, 77))
                .isEqualTo(ReadRequest.of(5, OpCode.GET_DATA, new ClientRequest.Read("/a/b", false), 77));
        assertThat(plain.request(1, 78))
                .isEqualTo(ReadRequest.of(6, OpCode.EXISTS, new ClientRequest.Read("", false), 78));
    }

    @Test
    void leavesEverythingElseAsItStands() {
        refuses(OpCode.GET_DATA, body("/a", true));
        refuses(OpCode.GET_DATA, body(null, false));
        refuses(OpCode.EXISTS, body("/ä", false));
        refuses(OpCode.EXISTS, body("/a\0", false));
        refuses(OpCode.GET_DATA, body("/" + "a".repeat(10_000), false));
        refuses(OpCode.GET_CHILDREN, body("/a", false));
        refuses(OpCode.GET_DATA, new JuteReader(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, '/'}), 1024));
    }

    @Test
    void isFullAtSomeTime() {
        int taken = 0;
        while (plain.take(taken, OpCode.EXISTS, body("/a", false))) {
            taken++;
        }
        assertThat(plain.isFull()).isTrue();
        assertThat(plain.size()).isEqualTo(taken);
        plain.clear();
        assertThat(plain.size()).isZero();
    }

    private void refuses(int op, JuteReader in) {
        int before = in.remaining();
        assertThat(plain.take(1, op, in)).isFalse();
        assertThat(in.remaining()).isEqualTo(before);
        assertThat(plain.size()).isZero();
    }

    private static JuteReader body(@Nullable String path, boolean watch) {
        JuteWriter out = new JuteWriter(64);
        out.writeString(path);
        out.writeBool(watch);
        return new JuteReader(out.view(), 20_000);
    }
}
