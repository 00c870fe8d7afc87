/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.client;

import io.netty.buffer.ByteBuf;

/**
 * The first four bytes of a connection: a four-letter word, or the length of the first frame (spec client-protocol 1.2).
 *
 * <p>Thread: the connection's event loop. Collects byte by byte, because nobody promises that four come together; a command
 * may have bytes of argument behind it.
 */
final class FirstWord {
    static final int WORD_BYTES = 4;

    /** What is known of it. */
    enum State {
        /** More bytes are needed to tell. */
        INCOMPLETE,
        /** A command, the argument of which is not all there. */
        ARGUMENT,
        /** A command, complete. */
        COMMAND,
        /** No command: the bytes are the length of a frame, and what follows is that frame. */
        FRAME_LENGTH
    }

    private State state = State.INCOMPLETE;
    private int word;
    private int count;
    private byte[] argument = new byte[0];

    /** Takes the bytes it needs, and no more; says what is known now. */
    State take(ByteBuf in, TextCommands commands) {
        while (state == State.INCOMPLETE && in.isReadable()) {
            word = word << 8 | in.readUnsignedByte();
            if (++count == WORD_BYTES) {
                count = 0;
                state = commands.isCommand(word) ? State.ARGUMENT : State.FRAME_LENGTH;
                argument = state == State.ARGUMENT ? new byte[commands.argumentBytes(word)] : argument;
            }
        }
        if (state == State.ARGUMENT) {
            int taken = Math.min(in.readableBytes(), argument.length - count);
            in.readBytes(argument, count, taken);
            count += taken;
            if (count == argument.length) {
                state = State.COMMAND;
            }
        }
        return state;
    }

    int word() {
        return word;
    }

    byte[] argument() {
        return argument;
    }
}
