/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Several real servers on loopback that form one ensemble, each of its own kind, in a directory with one sub-directory for
 * each member.
 *
 * <pre>
 * EnsembleProcesses.in(directory).participant(1, stock).participant(2, ours).participant(3, stock).observer(4, ours).build()
 *     start(1, 2, 3)  launches in this order; close() ends all that run
 *     isolate(3)      cuts the links of a member, if the ensemble was built with relays; heal() mends all
 * </pre>
 *
 * <p>Who leads is decided as the election decides it: by what a member holds, then by its id among those that are up first.
 * Every wait has a deadline and fails with the tail of the log of every member. Thread: that of the test.
 */
public final class EnsembleProcesses implements AutoCloseable {
    /** More than the slowest way back: a member that was frozen, found out, and took a snapshot. */
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    private static final Duration POLL = Duration.ofMillis(25);

    private final Path directory;
    private final Map<String, String> config;
    private final Map<String, String> properties;
    private final Map<Long, EnsembleMember.Seat> seats;
    private final Map<Long, PeerPorts> ports = new TreeMap<>();
    private final Map<Long, Integer> clientPorts = new HashMap<>();
    private final @Nullable RelayMesh mesh;
    private final Map<Long, EnsembleMember> members = new TreeMap<>();

    private EnsembleProcesses(Builder builder) throws IOException {
        this.directory = builder.directory;
        this.config = Map.copyOf(builder.config);
        this.properties = Map.copyOf(builder.properties);
        this.seats = new TreeMap<>(builder.seats);
        for (long id : seats.keySet()) {
            ports.put(id, PeerPorts.reserve());
            clientPorts.put(id, LoopbackPorts.reserve());
        }
        this.mesh = builder.relayed ? new RelayMesh(ports) : null;
        for (EnsembleMember.Seat seat : seats.values()) {
            EnsembleMember member = new EnsembleMember(this, seat);
            members.put(seat.id(), member);
            writeId(member);
        }
    }

    public static Builder in(Path directory) {
        return new Builder(directory);
    }

    public EnsembleMember member(long id) {
        EnsembleMember member = members.get(id);
        if (member == null) {
            throw new IllegalArgumentException("no member " + id + " in " + members.keySet());
        }
        return member;
    }

    public List<EnsembleMember> members() {
        return List.copyOf(members.values());
    }

    /** Those whose process is there, frozen ones included. */
    public List<EnsembleMember> running() {
        return members().stream().filter(each -> each.process().isAlive()).toList();
    }

    /** For a client that may use any member. */
    public String addresses() {
        return members().stream().map(EnsembleMember::address).collect(Collectors.joining(","));
    }

    /** Starts members in this order, without waiting between them. */
    public EnsembleProcesses start(long... ids) throws IOException {
        for (long id : ids) {
            member(id).start();
        }
        return this;
    }

    /** Starts all that are down, in the order of their ids. */
    public EnsembleProcesses startAll() throws IOException {
        return start(members().stream()
                .filter(member -> !member.process().isAlive())
                .mapToLong(EnsembleMember::id)
                .toArray());
    }

    /** The member that says it leads, as soon as exactly one says so. */
    public EnsembleMember awaitLeader() {
        return awaitLeader("one member leads", () -> true);
    }

    /** Returns when every running member serves and exactly one of them leads. */
    public EnsembleMember awaitAllServing() {
        return awaitLeader("all that run serve, one leads", () -> running().stream()
                .allMatch(each -> each.role().isPresent()));
    }

    private EnsembleMember awaitLeader(String what, BooleanSupplier condition) {
        AtomicReference<EnsembleMember> leader = new AtomicReference<>();
        await(what, () -> {
            // Asked once: a moment later it may have lost its office.
            List<EnsembleMember> leaders = leaders();
            if (leaders.size() != 1 || !condition.getAsBoolean()) {
                return false;
            }
            leader.set(leaders.get(0));
            return true;
        });
        return Objects.requireNonNull(leader.get());
    }

    /** Holds back what one member sends to another; the other direction stays as it is. */
    public void cut(long from, long to) {
        mesh().cut(from, to);
    }

    /** Holds back all that a member sends, and all that is sent to it. */
    public void isolate(long id) {
        others(id).forEach(other -> {
            mesh().cut(id, other);
            mesh().cut(other, id);
        });
    }

    /** Holds back all that a member sends; it still hears the others. */
    public void mute(long id) {
        others(id).forEach(other -> mesh().cut(id, other));
    }

    /** Breaks all connections of a member with its peers; what was held back on them is lost. */
    public void sever(long id) {
        others(id).forEach(other -> mesh().sever(id, other));
    }

    /** Mends all links; what was held back and not lost arrives. */
    public void heal() {
        for (long from : seats.keySet()) {
            others(from).forEach(to -> mesh().heal(from, to));
        }
    }

    /** A member gets new ports for its peers; each member learns of it from its configuration at its next start. */
    public void move(long id) {
        if (mesh != null) {
            throw new IllegalStateException("relays lead to fixed ports");
        }
        ports.put(id, PeerPorts.reserve());
    }

    /** Returns when the condition holds; fails with what every member logged last. */
    public void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(DEADLINE)
                    .pollInterval(POLL)
                    .pollDelay(Duration.ZERO)
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + ": not within " + DEADLINE + "\n" + report(), e);
        }
    }

    /** The state and the last lines of every member. */
    public String report() {
        return members().stream()
                .map(each -> "---- " + each + (each.process().isAlive() ? " up, " : " down, ") + each.role() + "\n"
                        + each.process().logTail())
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() throws IOException {
        for (EnsembleMember each : running()) {
            // Frozen ones too; how a member ends in good order is a test of its own.
            each.kill9();
        }
        if (mesh != null) {
            mesh.close();
        }
    }

    ServerProcess processOf(EnsembleMember member) throws IOException {
        return processOf(member, Map.of());
    }

    ServerProcess processOf(EnsembleMember member, Map<String, String> more) throws IOException {
        ServerProcess.Builder builder = ServerProcess.of(
                        member.distribution(), directory.resolve("member" + member.id()))
                .config("clientPort", Integer.toString(clientPorts.get(member.id())))
                .config(config)
                .properties(properties)
                .properties(more);
        seats.values().forEach(peer -> builder.config("server." + peer.id(), serverLine(member.id(), peer)));
        if (!member.votes()) {
            builder.config("peerType", "observer");
        }
        return builder.build();
    }

    void writeId(EnsembleMember member) throws IOException {
        Files.writeString(member.process().dataDirectory().resolve("myid"), member.id() + "\n");
    }

    private String serverLine(long reader, EnsembleMember.Seat peer) {
        PeerPorts seen = mesh == null || peer.id() == reader ? ports.get(peer.id()) : mesh.view(reader, peer.id());
        return seen + (peer.votes() ? "" : ":observer");
    }

    private List<EnsembleMember> leaders() {
        return members().stream().filter(each -> each.is(Role.LEADER)).toList();
    }

    private LongStream others(long id) {
        return seats.keySet().stream().mapToLong(Long::longValue).filter(other -> other != id);
    }

    private RelayMesh mesh() {
        if (mesh == null) {
            throw new IllegalStateException("this ensemble was built without relays");
        }
        return mesh;
    }

    /** Who sits where, and what all have in common; later values replace earlier ones. */
    public static final class Builder {
        private final Path directory;
        private final Map<Long, EnsembleMember.Seat> seats = new LinkedHashMap<>();
        private final Map<String, String> config = new LinkedHashMap<>();
        private final Map<String, String> properties = new LinkedHashMap<>();
        private boolean relayed;

        private Builder(Path directory) {
            this.directory = directory;
            config("tickTime", "500");
            config("initLimit", "20");
            config("syncLimit", "10");
            config("maxSessionTimeout", "60000");
            config("maxClientCnxns", "0");
            config("preAllocSize", "64");
            config("4lw.commands.whitelist", "*");
        }

        public Builder participant(long id, ServerDistribution distribution) {
            seats.put(id, new EnsembleMember.Seat(id, distribution, true));
            return this;
        }

        public Builder observer(long id, ServerDistribution distribution) {
            seats.put(id, new EnsembleMember.Seat(id, distribution, false));
            return this;
        }

        /** A line of every zoo.cfg. */
        public Builder config(String key, String value) {
            config.put(key, value);
            return this;
        }

        /** A system property of every member. */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /** Members see each other through relays, so that links can be cut. */
        public Builder relayed() {
            relayed = true;
            return this;
        }

        /** Writes all configurations; nothing runs yet. */
        public EnsembleProcesses build() throws IOException {
            return new EnsembleProcesses(this);
        }
    }
}
