/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One member of an {@link EnsembleProcesses}: a server process with an id, a directory that outlives the process, and a
 * software that may be another one at each start. Thread: that of the test.
 */
public final class EnsembleMember {
    private final EnsembleProcesses ensemble;
    private final long id;
    private final boolean votes;
    private ServerDistribution distribution;
    private ServerProcess process;
    /** Where in the log file the present run begins. */
    private long logStart;

    EnsembleMember(EnsembleProcesses ensemble, Seat seat) throws IOException {
        this.ensemble = ensemble;
        this.id = seat.id();
        this.votes = seat.votes();
        this.distribution = seat.distribution();
        this.process = ensemble.processOf(this);
    }

    /** What a test asks for: who sits where. */
    record Seat(long id, ServerDistribution distribution, boolean votes) {}

    public long id() {
        return id;
    }

    /** False for an observer. */
    public boolean votes() {
        return votes;
    }

    public ServerDistribution distribution() {
        return distribution;
    }

    public ServerProcess process() {
        return process;
    }

    public int clientPort() {
        return process.clientPort();
    }

    /** For a client that shall talk to this member alone. */
    public String address() {
        return "127.0.0.1:" + clientPort();
    }

    /** Starts the process and returns at once. */
    public EnsembleMember start() throws IOException {
        return start(Map.of());
    }

    /** The same with system properties for this run only. */
    public EnsembleMember start(Map<String, String> properties) throws IOException {
        process = ensemble.processOf(this, properties);
        Path log = process.logFile();
        logStart = Files.exists(log) ? Files.size(log) : 0;
        process.launch();
        return this;
    }

    /** Another software takes over the directory at the next start. */
    public EnsembleMember becomes(ServerDistribution other) {
        distribution = other;
        return this;
    }

    public void stop() {
        process.stop();
    }

    public void kill9() {
        process.kill9();
    }

    public void pause() throws IOException {
        process.pause();
    }

    public void resume() throws IOException {
        process.resume();
    }

    /** What the member says it is; nothing when it is down, frozen or without a quorum. */
    public Optional<Role> role() {
        return process.role();
    }

    public boolean is(Role role) {
        return role().filter(role::equals).isPresent();
    }

    public EnsembleMember awaitRole(Role role) {
        ensemble.await(this + " is " + role, () -> is(role));
        return this;
    }

    /** Returns when the member serves in any role. */
    public EnsembleMember awaitServing() {
        ensemble.await(this + " serves", () -> role().isPresent());
        return this;
    }

    /** Takes all data from a member that is down; it keeps its id and its configuration. */
    public void wipe() throws IOException {
        if (process.isAlive()) {
            throw new IllegalStateException(this + " is running");
        }
        Path data = process.dataDirectory();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(data)) {
                    Files.delete(file);
                }
            }
        }
        ensemble.writeId(this);
    }

    /** The bytes in transaction logs, which tell that a server has written something nobody was told about. */
    public long journalBytes() throws IOException {
        Path version = process.dataDirectory().resolve("version-2");
        try (Stream<Path> files = Files.list(version)) {
            return files.filter(file -> file.getFileName().toString().startsWith("log."))
                    .mapToLong(EnsembleMember::size)
                    .sum();
        }
    }

    /** What the present run wrote so far. */
    public List<String> log() throws IOException {
        byte[] all = Files.readAllBytes(process.logFile());
        int from = (int) Math.min(logStart, all.length);
        return new String(all, from, all.length - from, StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    /** Returns when the present run has written a line in which the expression is found. */
    public EnsembleMember awaitLog(String expression) {
        Pattern pattern = Pattern.compile(expression);
        ensemble.await(this + " logs " + expression, () -> {
            try {
                return log().stream().anyMatch(line -> pattern.matcher(line).find());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return this;
    }

    @Override
    public String toString() {
        return "member " + id + " (" + distribution.name() + ", port " + clientPort() + ")";
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
