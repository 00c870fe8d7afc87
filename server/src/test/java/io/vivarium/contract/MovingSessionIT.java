/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.ensemble.Client;
import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.ReplyHeader;
import io.vivarium.protocol.client.RequestHeader;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.Role;
import io.vivarium.testkit.process.ServerDistribution;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A session moves to another member and on while a burst of its requests is in flight (spec client-protocol 9.5; quorum 9.2, 12.2).
 *
 * <pre>
 * a: 150 creates in one segment | b attaches elsewhere: 150 | c attaches where a was: 150 ... then all answers are read
 * the parent's counter numbers them: a's first ones, then b's first ones, then all of c's
 * </pre>
 *
 * <p>Of a connection that was left, some first requests are done and the others never; nothing of it is done behind anything of
 * the next connection; what was answered was done.
 */
@Tag("contract")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MovingSessionIT {
    private static final int BURST = 150;
    private static final int ROUNDS = 4;
    private static final int DEADLINE_MILLIS = 20_000;
    private static final int SEQUENTIAL = 2;
    /** More than logs are extended by. */
    private static final int UNDECIDED_BYTES = 200_000;

    private static final int HELD_MILLIS = 700;

    private EnsembleProcesses ensemble;
    private int moves;

    /** Where a session may be; the roles of an ensemble that nobody disturbs. */
    enum Place {
        LEADER,
        FOLLOWER,
        OTHER_FOLLOWER,
        OBSERVER
    }

    /** One connection of the session and what it has heard. */
    private static final class Burst implements Closeable {
        private final String name;
        private final WireClient wire;
        private final ConnectReply connected;
        /** Before the first one that it sends. */
        private final int firstXid;

        private int answered;

        Burst(String name, int firstXid, EnsembleMember member, long session, byte[] password) throws IOException {
            this.name = name;
            this.firstXid = firstXid;
            wire = new WireClient(member.clientPort());
            wire.send(WireClient.frame(
                    new ConnectRequest(0, 0, Session.TIMEOUT_MILLIS, session, password, false, true)::write));
            byte[] frame = wire.readFrame(DEADLINE_MILLIS);
            assertThat(frame).as("answer to %s's connect request", name).isNotNull();
            connected = ConnectReply.read(JuteReader.of(frame));
            assertThat(connected.sessionId()).as("session of %s", name).isNotZero();
        }

        void send(String parent) throws IOException {
            List<byte[]> frames = IntStream.rangeClosed(1, BURST)
                    .mapToObj(number -> create(firstXid + number, parent + "/" + name + number + "-", 0))
                    .toList();
            byte[] all = new byte[frames.stream().mapToInt(each -> each.length).sum()];
            int at = 0;
            for (byte[] each : frames) {
                System.arraycopy(each, 0, all, at, each.length);
                at += each.length;
            }
            wire.send(all);
        }

        static byte[] create(int xid, String path, int dataBytes) {
            return WireClient.frame(out -> {
                new RequestHeader(xid, OpCode.CREATE).write(out);
                new ClientRequest.Create(path, new byte[dataBytes], Acl.OPEN, SEQUENTIAL).write(out);
            });
        }

        /** Reads answers up to the last one or the end of the connection; they come in order and none is a refusal. */
        void readAnswers() throws IOException {
            byte[] frame;
            while (answered < BURST && (frame = wire.readFrame(DEADLINE_MILLIS)) != null) {
                ReplyHeader header = ReplyHeader.read(JuteReader.of(frame));
                assertThat(header.xid()).as("xid of an answer to %s", name).isEqualTo(firstXid + answered + 1);
                assertThat(header.err())
                        .as("result of %s %d", name, header.xid())
                        .isZero();
                answered++;
            }
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        EnsembleProcesses.Builder builder = EnsembleProcesses.in(directory);
        for (long id = 1; id <= 3; id++) {
            builder.participant(id, ServerPairs.subject());
        }
        ensemble = builder.observer(4, ServerPairs.subject()).build().startAll();
        ensemble.awaitAllServing();
    }

    @AfterAll
    void end() throws IOException {
        ensemble.close();
    }

    private EnsembleMember at(Place place) {
        List<EnsembleMember> followers = ensemble.members().stream()
                .filter(member -> member.is(Role.FOLLOWER))
                .toList();
        switch (place) {
            case LEADER:
                return ensemble.awaitLeader();
            case OBSERVER:
                return ensemble.member(4);
            default:
                return followers.get(place == Place.FOLLOWER ? 0 : 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FOLLOWER, OTHER_FOLLOWER",
        "FOLLOWER, LEADER",
        "LEADER, FOLLOWER",
        "OBSERVER, FOLLOWER",
        "FOLLOWER, FOLLOWER",
        "LEADER, LEADER"
    })
    void what_was_in_flight_is_done_before_or_never(Place first, Place second) throws Exception {
        EnsembleMember from = at(first);
        EnsembleMember to = at(second);
        int cutOff = 0;
        try (Client judge = Client.to(from)) {
            for (int round = 0; round < ROUNDS; round++) {
                String parent = "/moving-" + ++moves;
                judge.create(parent, "");
                cutOff += move(judge, parent, from, to);
            }
        }
        System.out.printf("moving sessions, %s to %s: %d of %d bursts cut off%n", first, second, cutOff, 2 * ROUNDS);
    }

    /** Returns how many of the first two bursts were not done to their end. */
    private static int move(Client judge, String parent, EnsembleMember from, EnsembleMember to) throws Exception {
        try (Burst a = new Burst("a", 0, from, 0, new byte[ConnectReply.PASSWORD_BYTES])) {
            a.send(parent);
            try (Burst b = new Burst("b", BURST, to, a.connected.sessionId(), a.connected.password())) {
                b.send(parent);
                try (Burst c = new Burst("c", 2 * BURST, from, a.connected.sessionId(), a.connected.password())) {
                    c.send(parent);
                    a.readAnswers();
                    b.readAnswers();
                    c.readAnswers();
                    assertThat(c.answered)
                            .as("answered of the connection that stays")
                            .isEqualTo(BURST);
                    Map<String, Long> done = verify(judge, parent, a, b, c);
                    return (done.get("a") < BURST ? 1 : 0) + (done.get("b") < BURST ? 1 : 0);
                }
            }
        }
    }

    /**
     * As some clients do, kazoo among them: the new connection numbers its requests from 1 again. A refusal of what the old one had
     * in flight may then end the new one, too, but no answer to the old is one to the new.
     */
    @ParameterizedTest
    @CsvSource({
        "FOLLOWER, OTHER_FOLLOWER",
        "FOLLOWER, LEADER",
        "LEADER, FOLLOWER",
        "LEADER, OBSERVER",
        "FOLLOWER, OBSERVER",
        "OBSERVER, FOLLOWER"
    })
    void nothing_is_answered_that_was_not_done_when_xids_begin_anew(Place first, Place second) throws Exception {
        EnsembleMember from = at(first);
        EnsembleMember to = at(second);
        int cutOff = 0;
        try (Client judge = Client.to(to)) {
            for (int round = 0; round < ROUNDS; round++) {
                String parent = "/moving-" + ++moves;
                judge.create(parent, "");
                try (Burst a = new Burst("a", 0, from, 0, new byte[ConnectReply.PASSWORD_BYTES])) {
                    a.send(parent);
                    try (Burst b = new Burst("b", 0, to, a.connected.sessionId(), a.connected.password())) {
                        b.send(parent);
                        b.readAnswers();
                        verify(judge, parent, b);
                        cutOff += b.answered < BURST ? 1 : 0;
                    }
                }
            }
        }
        System.out.printf("moving sessions, %s to %s, xids anew: %d of %d cut off%n", first, second, cutOff, ROUNDS);
    }

    /**
     * No quorum decides the old connection's first request until the new one, at an observer, has sent its own first: the observer
     * must not take the decision about the former for the one about the latter. (A stock observer does.)
     */
    @Test
    void what_was_in_flight_is_decided_before_the_session_is_let_in(@TempDir Path directory) throws Exception {
        EnsembleProcesses.Builder builder = EnsembleProcesses.in(directory).relayed();
        for (long id = 1; id <= 3; id++) {
            builder.participant(id, ServerPairs.subject());
        }
        try (EnsembleProcesses relayed =
                builder.observer(4, ServerPairs.subject()).build().startAll()) {
            EnsembleMember leader = relayed.awaitAllServing();
            relayed.member(4).awaitRole(Role.OBSERVER);
            List<EnsembleMember> followers = relayed.members().stream()
                    .filter(member -> member.is(Role.FOLLOWER))
                    .toList();
            assertOwnAnswer(relayed, leader, followers, relayed.member(4));
        }
    }

    /** A stock leader lets the session in at once; a follower of ours knows that the old request was proposed before. */
    @Test
    void a_follower_tells_old_from_new_behind_a_stock_leader(@TempDir Path directory) throws Exception {
        EnsembleProcesses.Builder builder = EnsembleProcesses.in(directory)
                .participant(1, ServerPairs.subject())
                .participant(2, ServerPairs.subject())
                .participant(3, ServerDistribution.stock(ServerPairs.REFERENCE_VERSION))
                .config("group.1", "1:2:3")
                .config("weight.1", "1")
                .config("weight.2", "3")
                .config("weight.3", "2")
                .relayed();
        try (EnsembleProcesses relayed = builder.build().start(3)) {
            relayed.member(3).awaitLog("LOOKING");
            relayed.start(2).member(3).awaitRole(Role.LEADER);
            relayed.start(1).awaitAllServing();
            assertOwnAnswer(relayed, relayed.member(3), List.of(relayed.member(2)), relayed.member(1));
        }
    }

    /**
     * A session writes with xid 1 at the leader, moves and writes with xid 1 at {@code next}, before anything is decided.
     *
     * @param deciders without whom nothing is
     */
    private static void assertOwnAnswer(
            EnsembleProcesses relayed, EnsembleMember leader, List<EnsembleMember> deciders, EnsembleMember next)
            throws Exception {
        try (Burst a = new Burst("a", 0, leader, 0, new byte[ConnectReply.PASSWORD_BYTES])) {
            long logged = next.journalBytes();
            long loggedByLeader = leader.journalBytes();
            deciders.forEach(member -> relayed.cut(member.id(), leader.id()));
            a.wire.send(Burst.create(1, "/old-", UNDECIDED_BYTES));
            relayed.await(
                    "it is proposed",
                    () -> leader.journalBytes() > loggedByLeader + UNDECIDED_BYTES / 2
                            && (!next.votes() || next.journalBytes() > logged + UNDECIDED_BYTES / 2));
            try (WireClient b = new WireClient(next.clientPort())) {
                b.send(
                        WireClient.frame(new ConnectRequest(
                                0,
                                0,
                                Session.TIMEOUT_MILLIS,
                                a.connected.sessionId(),
                                a.connected.password(),
                                false,
                                true)::write));
                b.send(Burst.create(1, "/new-", 0));
                byte[] connected = readUnlessHeld(b);
                relayed.heal();
                connected = connected == null ? b.readFrame(DEADLINE_MILLIS) : connected;
                assertThat(ConnectReply.read(JuteReader.of(connected)).sessionId())
                        .isEqualTo(a.connected.sessionId());
                JuteReader answer = JuteReader.of(b.readFrame(DEADLINE_MILLIS));
                assertThat(ReplyHeader.read(answer).xid()).isEqualTo(1);
                assertThat(answer.readString())
                        .as("the node of the new connection")
                        .startsWith("/new-");
            }
        }
    }

    /** Whoever lets the session in does so at once; null if nothing comes. */
    private static byte @Nullable [] readUnlessHeld(WireClient wire) throws IOException {
        try {
            return wire.readFrame(HELD_MILLIS);
        } catch (SocketTimeoutException held) {
            return null;
        }
    }

    /**
     * What was done stands in the order of connections, a first part of each, and what these bursts have an answer to was done.
     *
     * @return how many of each connection were done
     */
    private static Map<String, Long> verify(Client judge, String parent, Burst... bursts) throws Exception {
        Stat stat = new Stat();
        List<String> children = new ArrayList<>(judge.sync().raw().getChildren(parent, false, stat));
        children.sort(Comparator.comparing(name -> name.substring(name.indexOf('-'))));
        List<String> done = children.stream()
                .map(name -> name.substring(0, name.indexOf('-')))
                .toList();
        Map<String, Long> counts = new LinkedHashMap<>();
        List<String> expected = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            long count = done.stream().filter(each -> each.startsWith(name)).count();
            counts.put(name, count);
            LongStream.rangeClosed(1, count).forEach(number -> expected.add(name + number));
        }
        assertThat(done)
                .as("in the order of their doing below %s, %s", parent, counts)
                .isEqualTo(expected);
        assertThat(stat.getCversion()).as("creates below %s", parent).isEqualTo(done.size());
        for (Burst burst : bursts) {
            assertThat(counts.get(burst.name))
                    .as("done of %s, %d answered", burst.name, burst.answered)
                    .isGreaterThanOrEqualTo(burst.answered);
        }
        return counts;
    }
}
