/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments and exit codes: spec operations 2.5. What is removed is tested beside Purge. */
class PurgeTxnLogTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PurgeTxnLog purge = new PurgeTxnLog(
            () -> Instant.EPOCH,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));

    @ParameterizedTest
    @ValueSource(strings = {"", "logs", "logs -n", "logs -n x", "-n 3", "a b c -n 3", "logs -n 3 4", "logs -x 3"})
    void wrongArgumentsAreAnsweredWithTheUsage(String arguments) {
        assertThat(purge.run(arguments.split(" "))).isEqualTo(PurgeTxnLog.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("PurgeTxnLog dataLogDir [snapDir] -n count");
    }

    @Test
    void fewerThanThreeAreRefused() {
        assertThat(purge.run(directory.toString(), "-n", "2")).isEqualTo(PurgeTxnLog.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("count should be greater than or equal to 3");
    }

    @Test
    void aMissingDirectoryIsNamed() {
        assertThat(purge.run(directory.toString(), "-n", "3")).isEqualTo(PurgeTxnLog.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("There is no directory " + directory.resolve("version-2"));
    }

    @Test
    void directoriesWithoutAnythingToRemoveAreDoneInSilence() {
        assertThat(directory.resolve("version-2").toFile().mkdir()).isTrue();

        assertThat(purge.run(directory.toString(), directory.toString(), "-n", "3"))
                .isEqualTo(PurgeTxnLog.DONE);
        assertThat(out.size() + err.size()).isZero();
    }
}
