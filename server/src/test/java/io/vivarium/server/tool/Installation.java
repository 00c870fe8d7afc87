/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An unpacked distribution of its own in a directory of a test: bin and conf copied, lib linked. Runs its scripts
 * as an operator would and returns what they printed.
 */
final class Installation {
    private static final long DEADLINE_SECONDS = 60;

    /** What a script did. */
    record Result(int exitCode, String out, String err) {
        List<String> outLines() {
            return out.lines().toList();
        }

        List<String> errLines() {
            return err.lines().toList();
        }
    }

    private final Path home;

    private Installation(Path home) {
        this.home = home;
    }

    /** Takes what {@code mvn package} made. */
    static Installation in(Path home) throws IOException {
        Path packed = packed();
        copy(packed.resolve("bin"), home.resolve("bin"));
        copy(packed.resolve("conf"), home.resolve("conf"));
        link(packed.resolve("lib"), home.resolve("lib"));
        link(packed.resolve("lib/cli"), home.resolve("lib/cli"));
        return new Installation(home);
    }

    Path home() {
        return home;
    }

    Path script(String name) {
        return home.resolve("bin").resolve(name);
    }

    /** Writes conf/zoo.cfg. */
    Installation configure(String... lines) {
        return write("conf/zoo.cfg", String.join("\n", lines) + "\n");
    }

    Installation write(String path, String content) {
        try {
            Path file = home.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Result run(String script, String... arguments) throws IOException {
        return run(Map.of(), home, script(script), arguments);
    }

    /** Runs a script in a directory and with changes of the environment; an empty value removes a variable. */
    Result run(Map<String, String> environment, Path directory, Path script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(home, "script", ".stdout");
        Path err = Files.createTempFile(home, "script", ".stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // Small and quick to start: these are many.
        builder.environment().put("JVMFLAGS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m");
        // What is made behind the back of a test would still be at it when the test is over.
        builder.environment().put("ZOO_CLASS_ARCHIVE", "no");
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        Process process = builder.start();
        try {
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(
                        script + " did not end within " + DEADLINE_SECONDS + " s: " + Files.readString(out));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + script + " ran", e);
        }
        return new Result(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : filesOf(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    /** Jars are many and never change: a second name for each is enough where the file system allows it. */
    private static void link(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : filesOf(from)) {
            try {
                Files.createLink(to.resolve(file.getFileName()), file);
            } catch (UnsupportedOperationException | FileSystemException otherFileSystem) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static Path packed() throws IOException {
        try (Stream<Path> directories = Files.find(
                Path.of("target").toAbsolutePath(),
                2,
                (path, attributes) -> attributes.isDirectory()
                        && path.getParent().getFileName().toString().matches("vivarium-.*-bin")
                        && path.getFileName().toString().matches("vivarium-.*-bin"))) {
            return directories
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no distribution in target; run mvn package"));
        }
    }
}
