/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    private static final int LEADER_KILLS = 3;

    @Test
    void kazoo_and_its_recipes_run(@TempDir Path directory) throws Exception {
        try (ServerProcess server =
                        ServerProcess.of(ServerPairs.subject(), directory).start();
                Script script = new Script("kazoo_recipes.py", "" + server.clientPort(), directory)) {
            assertThat(script.end())
                    .as(server.logTail())
                    .containsExactly(
                            "ok nodes", "ok transactions", "ok watches", "ok acls", "ok recipes", "ok sessions");
        }
    }

    @Test
    void recipes_keep_their_promises_while_leaders_are_killed(@TempDir Path directory) throws Exception {
        EnsembleProcesses.Builder three = EnsembleProcesses.in(directory);
        for (long id = 1; id <= 3; id++) {
            three.participant(id, ServerPairs.subject());
        }
        try (EnsembleProcesses ensemble = three.build().startAll()) {
            ensemble.awaitAllServing();
            try (Script script = new Script("kazoo_failover.py", ensemble.addresses(), directory)) {
                script.awaitRunning(ensemble, 1);
                for (int kill = 1; kill <= LEADER_KILLS; kill++) {
                    EnsembleMember leader = ensemble.awaitAllServing();
                    leader.kill9();
                    ensemble.awaitAllServing();
                    leader.start();
                    ensemble.awaitAllServing();
                    script.awaitRunning(ensemble, kill + 1);
                }
                List<String> lines = script.end();
                System.out.println("kazoo under kills: " + lines);
                assertThat(lines).as(ensemble.report()).contains("ok Locks", "ok Election", "ok Counter");
            }
        }
    }

    /** A running program of the Python tests. Ends with this object at the latest. */
    private static final class Script implements AutoCloseable {
        private final Path output;
        private final Process process;

        Script(String name, String argument, Path directory) throws IOException {
            Optional<String> python = PYTHONS.stream().filter(KazooIT::hasKazoo).findFirst();
            Assumptions.assumeTrue(
                    python.isPresent(), "SKIPPED: neither of " + PYTHONS + " has kazoo; install python3-kazoo");
            output = directory.resolve("kazoo.log");
            process = new ProcessBuilder(
                            python.get(),
                            Path.of("src", "test", "python", name)
                                    .toAbsolutePath()
                                    .toString(),
                            argument)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        }

        List<String> lines() throws IOException {
            return Files.readAllLines(output, StandardCharsets.UTF_8);
        }

        /** Every recipe has made progress for this many times, the last time since now. */
        void awaitRunning(EnsembleProcesses ensemble, int times) throws IOException {
            if (times > 1) {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            }
            ensemble.await(
                    "every recipe makes progress",
                    () -> lines().stream().filter("running"::equals).count() >= times || !process.isAlive());
        }

        /** Tells it to come to an end; returns what it has printed. */
        List<String> end() throws Exception {
            process.getOutputStream().close();
            boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
            String text = String.join("\n", lines());
            assertThat(ended)
                    .as("ended within %s s\n%s", DEADLINE_SECONDS, text)
                    .isTrue();
            assertThat(process.exitValue()).as(text).isZero();
            return lines();
        }

        @Override
        public void close() {
            process.destroyForcibly();
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
