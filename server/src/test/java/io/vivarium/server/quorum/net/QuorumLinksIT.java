/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spec quorum 1.1, 6.1, 16.3 with real sockets. */
@Timeout(60)
class QuorumLinksIT {
    private static final QuorumPacket HELLO = QuorumPacket.of(PacketType.FOLLOWER_INFO, 0, new byte[20]);

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private LiveLinks start(int stallMillis) {
        return keep(new LiveLinks(ServerProcess.freePort(), stallMillis));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5));
    }

    private static void awaitEvent(LiveLinks of, String event) {
        soon().untilAsserted(() -> assertThat(of.events).contains(event));
    }

    /** A learner that is linked to a leader, both known by link number 1. */
    private LiveLinks link(LiveLinks leader) throws IOException {
        LiveLinks learner = start(5000);
        leader.links.open();
        learner.links.dial(leader.asMember());
        awaitEvent(learner, "opened 1");
        learner.links.send(1, HELLO);
        learner.links.flush();
        awaitEvent(leader, "1 " + HELLO);
        return learner;
    }

    /** A caller by hand that is known to the leader as link number 1. */
    private Socket call(LiveLinks leader, int port) throws IOException {
        leader.links.open();
        soon().ignoreExceptions().until(() -> {
            keep(new Socket(InetAddress.getLoopbackAddress(), port)).close();
            return true;
        });
        Socket caller = keep(new Socket(InetAddress.getLoopbackAddress(), port));
        caller.getOutputStream().write(HELLO.toBytes());
        soon().until(() -> leader.events.stream().anyMatch(event -> event.startsWith("arrived")));
        return caller;
    }

    private static long arrived(LiveLinks leader) {
        return leader.events.stream()
                .filter(event -> event.startsWith("arrived"))
                .mapToLong(event -> Long.parseLong(event.substring(event.indexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    // ---- Dialling

    @Test
    void aLeaderThatOpensItsPortLateIsReachedByALaterAttempt() throws Exception {
        LiveLinks leader = start(5000);
        CountDownLatch asked = new CountDownLatch(2);
        LiveLinks patient = keep(new LiveLinks(ServerProcess.freePort(), 5000, host -> {
            asked.countDown();
            return LiveLinks.LOOPBACK.lookup(host);
        }));
        patient.links.dial(leader.asMember());
        // A second look-up means that the first attempt was refused, and that each attempt asks again.
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        leader.links.open();
        awaitEvent(patient, "opened 1");
    }

    @Test
    void aLeaderIsDialledAndNotProbedBefore_ZOOKEEPER_3758() throws Exception {
        ServerSocket leader = keep(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        leader.setSoTimeout(10_000);
        LiveLinks learner = start(5000);
        learner.links.dial(LiveLinks.memberAt("127.0.0.1:" + leader.getLocalPort() + ":1"));
        Socket first = keep(leader.accept());
        awaitEvent(learner, "opened 1");
        learner.links.send(1, HELLO);
        learner.links.flush();
        // The very first connection is the one that is used.
        first.setSoTimeout(10_000);
        assertThat(first.getInputStream().readNBytes(HELLO.toBytes().length)).isEqualTo(HELLO.toBytes());
    }

    @Test
    void anUnreachableLeaderIsGivenUpWithItsAddressAndTheNumberOfAttempts() throws Exception {
        LiveLinks learner = start(5000);
        int nobody = ServerProcess.freePort();
        long link = learner.links.dial(LiveLinks.memberAt("127.0.0.1:" + nobody + ":1"));
        soon().until(() -> !learner.events.isEmpty());
        assertThat(learner.events).hasSize(1);
        assertThat(learner.events.get(0))
                // Two with short pauses, 5 and 10 ms, and the five that were configured.
                .startsWith("closed " + link + ": no connection to 127.0.0.1:" + nobody + " after 7 attempts")
                .contains("refused");
    }

    @Test
    void aNameServerThatNeverAnswersCostsTheBudgetAndNotMore() throws Exception {
        LiveLinks learner = keep(new LiveLinks(ServerProcess.freePort(), 5000, host -> new CompletableFuture<>()));
        learner.links.dial(LiveLinks.memberAt("leader.example:2888:3888"));
        soon().until(() -> !learner.events.isEmpty());
        assertThat(learner.events.get(0))
                .startsWith("closed 1: no connection to ")
                .contains("leader.example:2888");
    }

    @Test
    void theFirstOfSeveralAddressesThatAnswersWins() throws Exception {
        LiveLinks leader = start(5000);
        LiveLinks learner = start(5000);
        leader.links.open();
        String living = leader.asMember().address().toString();
        learner.links.dial(LiveLinks.memberAt("127.0.0.1:" + ServerProcess.freePort() + ":1|" + living));
        awaitEvent(learner, "opened 1");
    }

    @Test
    void aDialThatIsClosedIsNotReported() throws Exception {
        LiveLinks learner = start(5000);
        long unwanted = learner.links.dial(LiveLinks.memberAt("127.0.0.1:" + ServerProcess.freePort() + ":1"));
        learner.links.close(unwanted, "a new leader");
        long wanted = learner.links.dial(LiveLinks.memberAt("127.0.0.1:" + ServerProcess.freePort() + ":1"));
        soon().until(() -> !learner.events.isEmpty());
        assertThat(learner.events).hasSize(1);
        assertThat(learner.events.get(0)).startsWith("closed " + wanted);
    }

    // ---- Packets, histories, images

    @Test
    void aHistoryWithAnImageComesWholeAndWhatWasSentMeanwhileStandsBehindIt() throws Exception {
        LiveLinks leader = start(5000);
        LiveLinks learner = link(leader);
        leader.links.send(1, QuorumPacket.of(PacketType.LEADER_INFO, 1));
        HistoryOutlet outlet = leader.links.beginHistory(1);
        leader.links.sendToAll(List.of(1L, 99L), QuorumPacket.of(PacketType.PROPOSAL, 77, new byte[100_000]));
        leader.links.send(1, QuorumPacket.of(PacketType.COMMIT, 77));
        leader.links.flush();
        outlet.send(QuorumPacket.of(PacketType.SNAP, 6));
        byte[] megabyte = new byte[1 << 20];
        OutputStream image = outlet.image();
        for (int i = 0; i < 8; i++) {
            image.write(megabyte);
        }
        image.write(Streams.hex("0000000a 42656e57617348657265"));
        outlet.send(QuorumPacket.of(PacketType.NEW_LEADER, 5));
        outlet.end();
        awaitEvent(learner, "1 COMMIT 0x4d");
        assertThat(learner.events)
                .containsExactly(
                        "opened 1",
                        "1 LEADERINFO 0x1",
                        "1 SNAP 0x6",
                        "1 image",
                        "1 NEWLEADER 0x5",
                        "1 PROPOSAL 0x4d 100000 bytes",
                        "1 COMMIT 0x4d");
    }

    @Test
    void twoEndsThatBothSendMuchDoNotWaitForEachOther() throws Exception {
        LiveLinks leader = start(5000);
        LiveLinks learner = link(leader);
        QuorumPacket large = QuorumPacket.of(PacketType.PROPOSAL, 1, new byte[1 << 19]);
        for (int round = 0; round < 20; round++) {
            int expected = (round + 1) * 4;
            for (int i = 0; i < 4; i++) {
                leader.links.send(1, large);
                learner.links.send(1, large);
            }
            leader.links.flush();
            learner.links.flush();
            soon().untilAsserted(() -> {
                assertThat(leader.events).hasSize(2 + expected);
                assertThat(learner.events).hasSize(1 + expected);
            });
        }
    }

    @Test
    void aLearnerThatTakesNothingOfAHistoryIsClosedAndTheSenderIsTold() throws Exception {
        int port = ServerProcess.freePort();
        LiveLinks leader = keep(new LiveLinks(port, 200));
        call(leader, port);
        long link = arrived(leader);
        HistoryOutlet outlet = leader.links.beginHistory(link);
        QuorumPacket large = QuorumPacket.of(PacketType.PROPOSAL, 1, new byte[1 << 20]);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        outlet.send(large);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("took nothing for 200 ms");
        outlet.fail("the history cannot be sent");
        soon().until(() -> leader.events.stream().anyMatch(event -> event.startsWith("closed " + link + ": stalled")));
    }

    @Test
    void aLeaderThatSendsHalfAnImageAndGoesSilentIsLeft() throws Exception {
        LiveLinks learner = start(200);
        ServerSocket silent = keep(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        learner.links.dial(LiveLinks.memberAt("127.0.0.1:" + silent.getLocalPort() + ":1"));
        Socket accepted = keep(silent.accept());
        accepted.getOutputStream().write(Streams.LEADER, 0, 100);
        awaitEvent(learner, "closed 1: stalled: nothing of the image came for 200 ms");
    }

    @Test
    void aSlowLearnerIsClosedAndTheOthersAreNot() throws Exception {
        int port = ServerProcess.freePort();
        LiveLinks leader = keep(new LiveLinks(port, 5000));
        call(leader, port);
        long slow = arrived(leader);
        LiveLinks learner = start(5000);
        learner.links.dial(leader.asMember());
        awaitEvent(learner, "opened 1");
        learner.links.send(1, HELLO);
        learner.links.flush();
        soon().until(() -> leader.events.stream()
                        .filter(event -> event.startsWith("arrived"))
                        .count()
                == 2);
        long quick = Long.parseLong(leader.events.stream()
                .filter(event -> event.startsWith("arrived") && !event.equals("arrived " + slow))
                .findFirst()
                .orElseThrow()
                .substring("arrived ".length()));
        QuorumPacket large = QuorumPacket.of(PacketType.PROPOSAL, 1, new byte[1 << 20]);
        int sent = 0;
        while (leader.events.stream().noneMatch(event -> event.startsWith("closed"))) {
            leader.links.sendToAll(List.of(slow, quick), large);
            leader.links.flush();
            sent++;
            int expected = sent;
            soon().untilAsserted(() -> assertThat(learner.events).hasSize(1 + expected));
            assertThat(sent).isLessThan(200);
        }
        assertThat(leader.events.get(leader.events.size() - 1))
                .startsWith("closed " + slow + ": too slow: ")
                .contains("limit 4194304 bytes");
    }

    // ---- Ends

    @Test
    void closingLetsTheLastPacketsArriveThoughTheOtherEndSentMore() throws Exception {
        int port = ServerProcess.freePort();
        LiveLinks leader = keep(new LiveLinks(port, 5000));
        Socket caller = call(leader, port);
        long link = arrived(leader);
        QuorumPacket last = QuorumPacket.of(PacketType.PROPOSAL, 1, new byte[300_000]);
        leader.links.send(link, last);
        leader.links.close(link, "no longer the leader");
        caller.getOutputStream().write(HELLO.toBytes());
        InputStream in = caller.getInputStream();
        assertThat(in.readNBytes(last.toBytes().length)).isEqualTo(last.toBytes());
        assertThat(in.read()).isEqualTo(-1);
        assertThat(leader.events).noneMatch(event -> event.startsWith("closed"));
    }

    @Test
    void aLinkThatTheOtherEndClosesIsReported() throws Exception {
        LiveLinks leader = start(5000);
        LiveLinks learner = link(leader);
        leader.links.close(1, "enough");
        awaitEvent(learner, "closed 1: closed by the other end");
        assertThatThrownBy(() -> learner.links.beginHistory(1).end()).isInstanceOf(IOException.class);
    }

    @Test
    void thePortCanBeOpenedByAnotherOnceItIsClosed() throws Exception {
        int port = ServerProcess.freePort();
        LiveLinks leader = keep(new LiveLinks(port, 5000));
        LiveLinks learner = link(leader);
        leader.links.closePort().toCompletableFuture().get(10, TimeUnit.SECONDS);
        try (ServerSocket another = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(another.isBound()).isTrue();
        }
        awaitEvent(learner, "closed 1: closed by the other end");
        leader.links.open();
        learner.links.dial(leader.asMember());
        awaitEvent(learner, "opened 2");
        assertThat(leader.events).noneMatch(event -> event.startsWith("closed"));
    }

    @Test
    void aPortThatIsTakenIsReported() throws Exception {
        try (ServerSocket another = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LiveLinks leader = keep(new LiveLinks(another.getLocalPort(), 5000));
            leader.links.open();
            soon().until(() -> !leader.events.isEmpty());
            assertThat(leader.events.get(0))
                    .startsWith("port failed: ")
                    .contains("localhost:" + another.getLocalPort());
        }
    }

    // ---- Callers that are nobody

    @Test
    void silentCallersCostASocketForATimeAndTheOldestGoesFirst() throws Exception {
        int port = ServerProcess.freePort();
        LiveLinks leader = keep(new LiveLinks(port, 5000));
        call(leader, port).close();
        soon().until(() -> leader.events.stream().anyMatch(event -> event.startsWith("closed")));
        leader.events.clear();
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i <= LinkConfig.MAX_CALLERS; i++) {
            silent.add(keep(new Socket(InetAddress.getLoopbackAddress(), port)));
        }
        for (Socket each : silent) {
            each.setSoTimeout(10_000);
            assertThat(each.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(leader.events).isEmpty();
    }

    @Test
    void aCallerThatTalksNonsenseIsNotSpokenOf() throws Exception {
        int port = ServerProcess.freePort();
        LiveLinks leader = keep(new LiveLinks(port, 5000));
        call(leader, port);
        int known = leader.events.size();
        Socket nonsense = keep(new Socket(InetAddress.getLoopbackAddress(), port));
        nonsense.getOutputStream().write(Streams.hex("00000000 0000000000000000 7fffffff 00000000"));
        assertThat(nonsense.getInputStream().read()).isEqualTo(-1);
        assertThat(leader.events).hasSize(known);
    }
}
