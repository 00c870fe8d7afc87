/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a four-letter word on loopback (spec operations 3.1). Thread: any; blocks up to its deadline. */
public final class FourLetterWord {
    private static final int DEADLINE_MILLIS = 10_000;

    private FourLetterWord() {}

    /**
     * Sends the bytes of {@code word} as the first of a connection and returns all text up to the end of the stream.
     *
     * @throws IOException if nobody listens, or the server does not close in time
     */
    public static String ask(int port, String word) throws IOException {
        return new String(
                ask(port, word.getBytes(StandardCharsets.ISO_8859_1), DEADLINE_MILLIS), StandardCharsets.UTF_8);
    }

    /** The same with any first bytes and a deadline of the caller's, milliseconds for each read. */
    public static byte[] ask(int port, byte[] firstBytes, int deadlineMillis) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(deadlineMillis);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), deadlineMillis);
            OutputStream out = socket.getOutputStream();
            out.write(firstBytes);
            out.flush();
            InputStream in = socket.getInputStream();
            return in.readAllBytes();
        }
    }
}
