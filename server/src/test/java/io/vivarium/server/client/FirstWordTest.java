/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Spec client-protocol 1.2. */
class FirstWordTest {
    private static final int RUOK = 0x72756f6b;
    private static final int STMK = 0x73746d6b;

    private final FirstWord word = new FirstWord();

    @Test
    void aCommandMayComeByteByByteAndLeavesWhatFollows() {
        assertThat(take("ru")).isEqualTo(FirstWord.State.INCOMPLETE);
        assertThat(take("o")).isEqualTo(FirstWord.State.INCOMPLETE);
        ByteBuf in = bytes("k\r\n");
        assertThat(word.take(in, new TwoCommands())).isEqualTo(FirstWord.State.COMMAND);
        assertThat(word.word()).isEqualTo(RUOK);
        assertThat(in.readableBytes()).isEqualTo(2);
    }

    @Test
    void aCommandWithAnArgumentWaitsForAllOfIt() {
        assertThat(take("stmk1234")).isEqualTo(FirstWord.State.ARGUMENT);
        assertThat(take("5678rest")).isEqualTo(FirstWord.State.COMMAND);
        assertThat(word.argument()).isEqualTo("12345678".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void anythingElseIsTheLengthOfAFrame() {
        ByteBuf in = Unpooled.buffer().writeInt(45).writeInt(0);
        assertThat(word.take(in, new TwoCommands())).isEqualTo(FirstWord.State.FRAME_LENGTH);
        assertThat(word.word()).isEqualTo(45);
        assertThat(in.readableBytes()).isEqualTo(4);
    }

    private FirstWord.State take(String text) {
        return word.take(bytes(text), new TwoCommands());
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    /** Knows one command without and one with an argument. */
    private static final class TwoCommands implements TextCommands {
        @Override
        public boolean isCommand(int word) {
            return word == RUOK || word == STMK;
        }

        @Override
        public int argumentBytes(int word) {
            return word == STMK ? 8 : 0;
        }

        @Override
        public void run(int word, byte[] argument, InetSocketAddress asker, Consumer<String> answer) {
            answer.accept("");
        }
    }
}
