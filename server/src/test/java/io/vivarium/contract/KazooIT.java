/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python client kazoo, which encodes empty values as null and decodes multi in its own way (spec 13). */
@Tag("contract")
class KazooIT {
    private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");
    private static final long DEADLINE_SECONDS = 120;

    @Test
    void kazoo_and_its_recipes_run(@TempDir Path directory) throws Exception {
        Optional<String> python = PYTHONS.stream().filter(KazooIT::hasKazoo).findFirst();
        Assumptions.assumeTrue(
                python.isPresent(), "SKIPPED: neither of " + PYTHONS + " has kazoo; install python3-kazoo");
        try (ServerProcess server =
                ServerProcess.of(ServerPairs.subject(), directory).start()) {
            Path script = Path.of("src", "test", "python", "kazoo_recipes.py").toAbsolutePath();
            Path output = directory.resolve("kazoo.log");
            Process process = new ProcessBuilder(python.get(), script.toString(), "" + server.clientPort())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = java.nio.file.Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended)
                    .as("ended within %s s\n%s\n%s", DEADLINE_SECONDS, text, server.logTail())
                    .isTrue();
            assertThat(process.exitValue()).as(text).isZero();
            assertThat(text.lines())
                    .containsExactly(
                            "ok nodes", "ok transactions", "ok watches", "ok acls", "ok recipes", "ok sessions");
        }
    }

    private static boolean hasKazoo(String python) {
        try {
            Process process = new ProcessBuilder(python, "-c", "import kazoo.client")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
