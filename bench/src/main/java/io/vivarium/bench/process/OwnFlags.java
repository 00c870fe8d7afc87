/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The JVM flags that a distribution's own {@code bin/zkEnv.sh} chooses for its server on this machine, as whoever starts it
 * with {@code zkServer.sh} gets them. Stock's scripts choose nothing but the heap.
 */
final class OwnFlags {
    /** An archive of classes is there from the second start of an installation on. */
    private static final String QUESTION = """
            . "$ZOOBINDIR/zkEnv.sh" || exit
            # Earlier versions have none.
            if type zoo_find_class_archive >/dev/null 2>&1; then
                zoo_find_class_archive
                zoo_make_class_archive
                zoo_find_class_archive
            fi
            printf '%s\\n' $SERVER_JVMFLAGS "${ZOO_ARCHIVE_FLAGS[@]}"
            """;

    /** What a user may have set for servers of his own. */
    private static final List<String> USERS =
            List.of("SERVER_JVMFLAGS", "JVMFLAGS", "ZK_SERVER_HEAP", "ZOOCFGDIR", "ZOO_CLASS_ARCHIVE", "CLASSPATH");

    private OwnFlags() {}

    /**
     * Asks the script, which sees the Java of this process and the distribution's own configuration folder.
     *
     * @param distribution folder with {@code bin}; if there is no such script the answer is empty
     */
    static List<String> of(Path distribution) throws IOException, InterruptedException {
        Path bin = distribution.resolve("bin");
        if (!Files.isReadable(bin.resolve("zkEnv.sh"))) {
            return List.of();
        }
        ProcessBuilder shell =
                new ProcessBuilder("bash", "-c", QUESTION).redirectError(ProcessBuilder.Redirect.INHERIT);
        shell.environment().put("ZOOBINDIR", bin.toAbsolutePath().toString());
        shell.environment().put("JAVA_HOME", System.getProperty("java.home"));
        USERS.forEach(shell.environment()::remove);
        Process process = shell.start();
        process.getOutputStream().close();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException(bin.resolve("zkEnv.sh") + " does not tell its flags (exit " + exit + ")");
        }
        return answer.lines().filter(line -> !line.isBlank()).toList();
    }
}
