/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Knows one word, {@code ruok}, and answers it at once. */
final class OneCommand implements TextCommands {
    static final byte[] WORD = "ruok".getBytes(StandardCharsets.US_ASCII);
    private static final int RUOK = 0x72756f6b;

    @Override
    public boolean isCommand(int word) {
        return word == RUOK;
    }

    @Override
    public int argumentBytes(int word) {
        return 0;
    }

    @Override
    public void run(int word, byte[] argument, InetSocketAddress asker, Consumer<String> answer) {
        answer.accept("imok");
    }
}
