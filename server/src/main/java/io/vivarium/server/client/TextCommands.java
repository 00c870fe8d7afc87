/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * Four-letter words: commands that stand in the first four bytes of a connection (spec client-protocol 1.2, operations
 * 3).
 *
 * <p>Thread: called on an event loop; must not block. The answer may come later and from any thread.
 */
public interface TextCommands {
    /** True if the four bytes are a command, allowed or not. */
    boolean isCommand(int word);

    /** How many bytes of argument follow the word. */
    int argumentBytes(int word);

    /**
     * Runs a command.
     *
     * @param argument the bytes behind the word, {@link #argumentBytes} of them
     * @param asker where the question comes from
     * @param answer takes the text to be sent before the connection is closed; called once
     */
    void run(int word, byte[] argument, InetSocketAddress asker, Consumer<String> answer);
}
