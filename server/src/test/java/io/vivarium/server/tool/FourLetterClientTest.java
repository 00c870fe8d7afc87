/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FourLetterClientTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FourLetterClient client = new FourLetterClient(
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));

    @Test
    void wrongArgumentsAreAnsweredWithTheUsage() {
        assertThat(client.run("localhost", "2181")).isEqualTo(FourLetterClient.BAD_ARGUMENTS);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("Usage: FourLetterClient host port word");
    }

    @Test
    void aPortThatIsNoneIsNamed() {
        assertThat(client.run("localhost", "abc", "srvr")).isEqualTo(FourLetterClient.BAD_ARGUMENTS);
        assertThat(client.run("localhost", "70000", "srvr")).isEqualTo(FourLetterClient.BAD_ARGUMENTS);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("abc", "70000");
    }

    @Test
    void aServerThatIsNotThereIsNoAnswer() {
        // Port 1 of loopback: nobody listens there without being asked to.
        assertThat(client.run("127.0.0.1", "1", "srvr", "2000")).isEqualTo(FourLetterClient.NO_ANSWER);
        assertThat(out.size()).isZero();
    }
}
