/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.NotificationLayout;
import io.vivarium.protocol.vote.PeerState;
import io.vivarium.protocol.vote.VoteHandshake;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec election 1 with real sockets: our servers among themselves, and against peers made by hand. */
class VoteMeshIT {
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private LiveVoter start(long sid, Ensemble ensemble) {
        LiveVoter voter = new LiveVoter(sid, ensemble);
        open.add(voter);
        return voter;
    }

    private static void awaitResult(LiveVoter voter, PeerState state, long leader) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> {
                    assertThat(voter.result()).isNotNull();
                    assertThat(voter.result().state()).isEqualTo(state);
                    assertThat(voter.result().vote().leader()).isEqualTo(leader);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void everybodyFindsTheSameLeader(int voters) {
        Ensemble ensemble = LoopbackEnsemble.ofVoters(voters);
        List<LiveVoter> all = new ArrayList<>();
        for (long sid = 1; sid <= voters; sid++) {
            all.add(start(sid, ensemble));
        }
        all.forEach(voter -> voter.look(8, 1));
        for (int i = 0; i < voters; i++) {
            long leader = all.get(voters - 1).result() == null
                    ? voters
                    : all.get(voters - 1).result().vote().leader();
            awaitResult(all.get(i), i + 1 == leader ? PeerState.LEADING : PeerState.FOLLOWING, leader);
        }
    }

    @Test
    void aServerThatComesLateJoinsAndOneThatGoesIsReplaced() throws Exception {
        Ensemble ensemble = LoopbackEnsemble.ofVoters(3);
        LiveVoter first = start(1, ensemble);
        LiveVoter second = start(2, ensemble);
        first.look(8, 1);
        second.look(8, 1);
        awaitResult(first, PeerState.FOLLOWING, 2);
        awaitResult(second, PeerState.LEADING, 2);

        LiveVoter third = start(3, ensemble);
        third.look(9, 1);
        awaitResult(third, PeerState.FOLLOWING, 2);

        open.remove(second);
        second.close();
        first.look(8, 2);
        third.look(9, 2);
        awaitResult(third, PeerState.LEADING, 3);
        awaitResult(first, PeerState.FOLLOWING, 3);
    }

    @Test
    void silentAndHostileCallersKeepNobodyWaiting() throws Exception {
        Ensemble ensemble = LoopbackEnsemble.ofVoters(3);
        LiveVoter first = start(1, ensemble);
        for (int i = 0; i < 100; i++) {
            Socket silent = call(ensemble, 1);
            open.add(silent);
            if (i % 4 == 1) {
                silent.getOutputStream().write(new byte[] {(byte) 0xff, (byte) 0xff});
            } else if (i % 4 == 2) {
                silent.getOutputStream()
                        .write(VoteHandshake.v1(1, new HostPort("a", 1)).encode());
            }
        }
        LiveVoter second = start(2, ensemble);
        first.look(8, 1);
        second.look(8, 1);
        awaitResult(first, PeerState.FOLLOWING, 2);
        awaitResult(second, PeerState.LEADING, 2);
    }

    @Test
    void aCallerThatNobodyKnowsAndThatGivesNoAddressDoesNoHarm_ZOOKEEPER_1789() throws Exception {
        Ensemble ensemble = LoopbackEnsemble.ofVoters(2);
        LiveVoter first = start(1, ensemble);
        for (long sid : new long[] {0, 77, Long.MAX_VALUE}) {
            Socket observer = call(ensemble, 1);
            open.add(observer);
            observer.getOutputStream().write(new VoteHandshake(VoteHandshake.Format.BARE, sid, List.of()).encode());
        }
        LiveVoter second = start(2, ensemble);
        first.look(8, 1);
        second.look(8, 1);
        awaitResult(first, PeerState.FOLLOWING, 2);
        awaitResult(second, PeerState.LEADING, 2);
    }

    @Test
    void aPeerWhoseAddressSwallowsConnectionsHoldsUpNobody_ZOOKEEPER_3756() throws Exception {
        Ensemble ensemble = LoopbackEnsemble.ofVoters(3);
        // Nobody accepts, and the kernel takes no more: who connects now waits for a time-out.
        ServerSocket full = new ServerSocket(election(ensemble, 3).port(), 1, InetAddress.getLoopbackAddress());
        open.add(full);
        boolean swallows = false;
        while (!swallows) {
            Socket filler = new Socket();
            open.add(filler);
            try {
                filler.connect(full.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException e) {
                swallows = true;
            }
        }
        LiveVoter first = start(1, ensemble);
        LiveVoter second = start(2, ensemble);
        long began = System.nanoTime();
        first.look(8, 1);
        second.look(8, 1);
        awaitResult(first, PeerState.FOLLOWING, 2);
        awaitResult(second, PeerState.LEADING, 2);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void spec_1_1_aSmallerSidIsHungUpOnAndCalledBackWhereItIsConfigured() throws Exception {
        Ensemble ensemble = LoopbackEnsemble.ofVoters(2);
        try (ServerSocket port = listen(ensemble, 1)) {
            LiveVoter second = start(2, ensemble);
            try (Socket caller = call(ensemble, 2)) {
                caller.getOutputStream().write(new VoteHandshake(VoteHandshake.Format.BARE, 1, List.of()).encode());
                assertThat(caller.getInputStream().read()).isEqualTo(-1);
            }
            try (Socket calledBack = port.accept()) {
                assertThat(readHandshake(calledBack).sid()).isEqualTo(2);
                second.look(8, 1);
                assertThat(readFrame(calledBack).leader()).isEqualTo(2);
            }
        }
    }

    @Test
    void spec_1_1_aLargerSidIsOnlyAskedToCallBack() throws Exception {
        Ensemble ensemble = LoopbackEnsemble.ofVoters(2);
        try (ServerSocket port = listen(ensemble, 2)) {
            LiveVoter first = start(1, ensemble);
            first.look(8, 1);
            try (Socket request = port.accept()) {
                VoteHandshake handshake = readHandshake(request);
                assertThat(handshake).isEqualTo(VoteHandshake.v1(1, election(ensemble, 1)));
                assertThat(request.getInputStream().read()).isEqualTo(-1);
            }
            try (Socket back = call(ensemble, 1)) {
                back.getOutputStream()
                        .write(VoteHandshake.v1(2, election(ensemble, 2)).encode());
                assertThat(readFrame(back).leader()).isEqualTo(1);
                writeFrame(back, Notification.of(PeerState.LOOKING, 1, 8, 1, 1, ""));
                awaitResult(first, PeerState.LEADING, 1);
            }
        }
    }

    @Test
    void spec_1_6_theNewestConnectionOfALargerSidWins() throws Exception {
        Ensemble ensemble = LoopbackEnsemble.ofVoters(2);
        LiveVoter first = start(1, ensemble);
        try (Socket older = call(ensemble, 1)) {
            older.getOutputStream()
                    .write(VoteHandshake.v1(2, election(ensemble, 2)).encode());
            first.look(8, 1);
            assertThat(readFrame(older).leader()).isEqualTo(1);
            try (Socket newer = call(ensemble, 1)) {
                newer.getOutputStream()
                        .write(VoteHandshake.v1(2, election(ensemble, 2)).encode());
                assertThat(readFrame(newer).leader()).isEqualTo(1);
                // Returns only at the end of the stream.
                older.getInputStream().transferTo(OutputStream.nullOutputStream());
                writeFrame(newer, Notification.of(PeerState.LOOKING, 1, 8, 1, 1, ""));
                awaitResult(first, PeerState.LEADING, 1);
            }
        }
    }

    @Test
    void spec_7_3_aLinkThatStaysSilentIsReplacedWhileLooking() throws Exception {
        Ensemble ensemble = LoopbackEnsemble.ofVoters(2);
        try (ServerSocket port = listen(ensemble, 1)) {
            LiveVoter second = start(2, ensemble);
            second.look(8, 1);
            try (Socket silent = port.accept();
                    Socket replacement = port.accept()) {
                assertThat(readHandshake(replacement).sid()).isEqualTo(2);
                readHandshake(silent);
                assertThat(silent.getInputStream().readAllBytes()).isNotEmpty();
                writeFrame(replacement, Notification.of(PeerState.LOOKING, 2, 8, 1, 1, ""));
                awaitResult(second, PeerState.LEADING, 2);
            }
        }
    }

    @Test
    void spec_1_7_aPortThatIsTakenIsReportedToTheOwner() throws Exception {
        Ensemble ensemble = LoopbackEnsemble.ofVoters(1);
        try (ServerSocket taken = listen(ensemble, 1)) {
            MeshConfig config = LiveVoter.config(1, ensemble);
            LiveVoter voter = new LiveVoter(
                    new MeshConfig(
                            1,
                            config.addresses(),
                            config.listenOn(),
                            config.format(),
                            5000,
                            5000,
                            2,
                            config.keepAlive()),
                    ensemble);
            open.add(voter);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> voter.failure() != null);
            assertThat(voter.failure().attempts()).isEqualTo(2);
            assertThat(voter.failure().address()).isEqualTo(election(ensemble, 1));
            assertThat(ListenFailure.EXIT_CODE).isEqualTo(14);
            assertThat(taken.isClosed()).isFalse();
        }
    }

    private static HostPort election(Ensemble ensemble, long sid) {
        return ensemble.member(sid).orElseThrow().address().election();
    }

    private static ServerSocket listen(Ensemble ensemble, long sid) throws IOException {
        ServerSocket port = new ServerSocket(election(ensemble, sid).port(), 50, InetAddress.getLoopbackAddress());
        port.setSoTimeout(20_000);
        return port;
    }

    private static Socket call(Ensemble ensemble, long sid) throws IOException {
        int port = election(ensemble, sid).port();
        Socket socket = Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> new Socket(InetAddress.getLoopbackAddress(), port), each -> true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static VoteHandshake readHandshake(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            int next = socket.getInputStream().read();
            assertThat(next).as("the caller hung up before it said who it is").isNotNegative();
            bytes.write(next);
            VoteHandshake handshake = VoteHandshake.tryDecode(ByteBuffer.wrap(bytes.toByteArray()));
            if (handshake != null) {
                return handshake;
            }
        }
    }

    private static Notification readFrame(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return Notification.decode(ByteBuffer.wrap(in.readNBytes(in.readInt())));
    }

    private static void writeFrame(Socket socket, Notification message) throws IOException {
        byte[] body = message.encode(NotificationLayout.CONFIG);
        ByteBuffer frame =
                ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body);
        new DataOutputStream(socket.getOutputStream()).write(frame.array());
    }
}
