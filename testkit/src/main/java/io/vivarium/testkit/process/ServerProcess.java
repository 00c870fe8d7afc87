/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One real server JVM on loopback, in a directory of its own.
 *
 * <p>The directory holds {@code zoo.cfg}, {@code data/} and {@code server.log} (all output of the process); it outlives the
 * process, so the same server can be started again on what it left behind:
 *
 * <pre>
 * started --stop/kill9--> down --restart--> started --close--> down
 * </pre>
 *
 * <p>Only the process started here is ever signalled, by its handle. Thread: any, one at a time. Every wait is for a
 * condition and has a deadline; a start that fails reports the tail of the log.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofSeconds(90);
    private static final long STOP_DEADLINE_SECONDS = 20;
    private static final int TAIL_LINES = 60;
    /** A server that is just starting may accept a connection and forget it; so no probe waits long. */
    private static final int PROBE_MILLIS = 500;

    private final ServerDistribution distribution;
    private final Path directory;
    private final int clientPort;
    private final List<String> command;
    private final Map<String, String> environment;
    private @Nullable Process process;

    private ServerProcess(Builder builder) throws IOException {
        this.distribution = builder.distribution;
        this.directory = builder.directory;
        this.clientPort = Integer.parseInt(builder.config.get("clientPort"));
        Files.createDirectories(dataDirectory());
        StringBuilder text = new StringBuilder();
        builder.config.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\n'));
        Files.writeString(configFile(), text.toString());
        this.command = commandOf(builder);
        this.environment = environmentOf(builder);
    }

    public static Builder of(ServerDistribution distribution, Path directory) {
        return new Builder(distribution, directory);
    }

    /** A loopback port for a server, which stays free until that listens. */
    public static int freePort() {
        return LoopbackPorts.reserve();
    }

    public int clientPort() {
        return clientPort;
    }

    public ServerDistribution distribution() {
        return distribution;
    }

    public Path directory() {
        return directory;
    }

    public Path dataDirectory() {
        return directory.resolve("data");
    }

    public Path configFile() {
        return directory.resolve("zoo.cfg");
    }

    public Path logFile() {
        return directory.resolve("server.log");
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    public long pid() {
        return running().pid();
    }

    /** The exit code of a process that went down; waits for it up to the stop deadline. */
    public int exitCode() {
        awaitExit(running());
        return running().exitValue();
    }

    /** Starts the JVM and returns at once; for members of an ensemble, which serve only when a quorum is up. */
    public ServerProcess launch() throws IOException {
        if (isAlive()) {
            throw new IllegalStateException(this + " is already running");
        }
        ProcessBuilder starting = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
        starting.environment().putAll(environment);
        process = starting.start();
        return this;
    }

    /** Returns when the server answers {@code srvr} with its mode. */
    public ServerProcess awaitServing() {
        try {
            Awaitility.await(this + " serves")
                    .atMost(START_DEADLINE)
                    .pollInterval(Duration.ofMillis(25))
                    .until(() -> !isAlive() || role().isPresent());
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(this + " does not serve after " + START_DEADLINE + "\n" + logTail(), e);
        }
        if (!isAlive()) {
            throw new IllegalStateException(
                    this + " ended while starting, exit code " + running().exitValue() + "\n" + logTail());
        }
        return this;
    }

    /** What the server says it is; nothing when it does not serve or does not answer soon. */
    public Optional<Role> role() {
        if (!isAlive()) {
            return Optional.empty();
        }
        try {
            byte[] answer = FourLetterWord.ask(clientPort, "srvr".getBytes(StandardCharsets.US_ASCII), PROBE_MILLIS);
            return Role.in(new String(answer, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The answer to a four-letter word. */
    public String ask(String word) throws IOException {
        return FourLetterWord.ask(clientPort, word);
    }

    /** Freezes the process (SIGSTOP): it keeps its connections and answers nothing. */
    public void pause() throws IOException {
        signal("STOP");
    }

    /** Lets a frozen process go on (SIGCONT). */
    public void resume() throws IOException {
        signal("CONT");
    }

    /** Asks the process to end (SIGTERM) and waits for it; kills it when it does not. */
    public void stop() {
        Process running = running();
        running.destroy();
        awaitExit(running);
    }

    /** Ends the process without warning (SIGKILL) and waits until it is gone. */
    public void kill9() {
        Process running = running();
        running.destroyForcibly();
        awaitExit(running);
    }

    /** Starts the stopped server again on the same directory and port. */
    public ServerProcess restart() throws IOException {
        return launch().awaitServing();
    }

    /** The last lines the process wrote. */
    public String logTail() {
        try {
            List<String> lines = Files.readAllLines(logFile(), StandardCharsets.ISO_8859_1);
            List<String> tail = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
            return "last lines of " + logFile() + ":\n" + String.join("\n", tail);
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    @Override
    public void close() {
        if (isAlive()) {
            stop();
        }
    }

    @Override
    public String toString() {
        return distribution.name() + " on port " + clientPort + " in " + directory;
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(this + " was never started");
        }
        return process;
    }

    private void awaitExit(Process ending) {
        try {
            if (!ending.waitFor(STOP_DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                ending.destroyForcibly().waitFor();
                throw new IllegalStateException(
                        this + " did not end within " + STOP_DEADLINE_SECONDS + " s and was killed\n" + logTail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + this + " was ending", e);
        }
    }

    private void signal(String name) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        awaitExit(kill);
        if (kill.exitValue() != 0) {
            throw new IOException("kill -" + name + " " + pid() + " ended with " + kill.exitValue());
        }
    }

    /** The script becomes the JVM, so signals reach the server. */
    private Map<String, String> environmentOf(Builder builder) {
        if (distribution.home() == null) {
            return Map.of();
        }
        StringBuilder flags = new StringBuilder(String.join(" ", builder.jvmOptions));
        builder.properties.forEach(
                (name, value) -> flags.append(" -D").append(name).append('=').append(value));
        return Map.of(
                "JAVA_HOME", System.getProperty("java.home"),
                "ZOO_LOG_DIR", directory.resolve("logs").toString(),
                "JVMFLAGS", flags.toString());
    }

    private List<String> commandOf(Builder builder) {
        if (distribution.home() != null) {
            return List.of(
                    distribution.home().resolve("bin/zkServer.sh").toString(),
                    "start-foreground",
                    configFile().toString());
        }
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(builder.jvmOptions);
        builder.properties.forEach((name, value) -> words.add("-D" + name + "=" + value));
        words.add("-cp");
        words.add(distribution.classPath());
        words.add(distribution.mainClass());
        words.add(configFile().toString());
        return List.copyOf(words);
    }

    /** Collects configuration; later values replace earlier ones. */
    public static final class Builder {
        private final ServerDistribution distribution;
        private final Path directory;
        private final Map<String, String> config = new LinkedHashMap<>();
        private final Map<String, String> properties = new LinkedHashMap<>();
        /** Small and quick to start: many of these run at once. */
        private List<String> jvmOptions = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

        private Builder(ServerDistribution distribution, Path directory) {
            this.distribution = distribution;
            this.directory = directory.toAbsolutePath();
            config("dataDir", this.directory + File.separator + "data");
            config("clientPortAddress", "127.0.0.1");
            config("clientPort", Integer.toString(freePort()));
            property("zookeeper.admin.enableServer", "false");
            property("org.slf4j.simpleLogger.showDateTime", "true");
        }

        /** A line of zoo.cfg. */
        public Builder config(String key, String value) {
            config.put(key, value);
            return this;
        }

        public Builder config(Map<String, String> lines) {
            config.putAll(lines);
            return this;
        }

        /** A system property of the server JVM. */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        public Builder properties(Map<String, String> values) {
            properties.putAll(values);
            return this;
        }

        /** Replaces the options of the JVM. */
        public Builder jvmOptions(String... options) {
            jvmOptions = List.of(options);
            return this;
        }

        /** Writes the configuration and starts nothing yet. */
        public ServerProcess build() throws IOException {
            return new ServerProcess(this);
        }

        /** Starts the process; returns while it is still loading. */
        public ServerProcess launch() throws IOException {
            return build().launch();
        }

        /** Starts the process and waits until it serves. */
        public ServerProcess start() throws IOException {
            return launch().awaitServing();
        }
    }
}
