/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks a server a four-letter word and prints the answer (spec operations 3.1): {@code host port word [timeoutMillis]}.
 *
 * <p>Exit codes: 0 the server answered, 1 it did not, 2 wrong arguments.
 */
public final class FourLetterClient {
    static final int ANSWERED = 0;
    static final int NO_ANSWER = 1;
    static final int BAD_ARGUMENTS = 2;

    private static final int DEFAULT_TIMEOUT_MILLIS = 5000;
    /** No answer is longer; whatever sends more is no server of ours. */
    private static final int GREATEST_ANSWER_BYTES = 64 << 20;

    private final PrintStream out;
    private final PrintStream err;

    FourLetterClient(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        System.exit(new FourLetterClient(System.out, System.err).run(args));
    }

    int run(String... args) {
        if (args.length < 3 || args.length > 4) {
            err.println("Usage: FourLetterClient host port word [timeoutMillis]");
            return BAD_ARGUMENTS;
        }
        try {
            int timeoutMillis = args.length == 4 ? Integer.parseInt(args[3]) : DEFAULT_TIMEOUT_MILLIS;
            String answer = ask(new InetSocketAddress(args[0], Integer.parseInt(args[1])), args[2], timeoutMillis);
            out.print(answer);
            out.flush();
            return answer.isEmpty() ? NO_ANSWER : ANSWERED;
        } catch (IllegalArgumentException badNumber) {
            err.println("Not a port or timeout: " + badNumber.getMessage());
            return BAD_ARGUMENTS;
        } catch (IOException unreachable) {
            err.println("No answer from " + args[0] + ":" + args[1] + ": " + unreachable.getMessage());
            return NO_ANSWER;
        }
    }

    private static String ask(InetSocketAddress address, String word, int timeoutMillis) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(timeoutMillis);
            socket.connect(address, timeoutMillis);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readNBytes(GREATEST_ANSWER_BYTES), StandardCharsets.UTF_8);
        }
    }
}
