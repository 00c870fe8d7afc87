/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.vote.PeerState;
import io.vivarium.testkit.process.ServerDistribution;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our election in one ensemble with two stock servers, newest and oldest; we have no quorum port here. */
class StockInteropIT {
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Ensemble ensemble = LoopbackEnsemble.ofVoters(3);

    @TempDir
    Path directory;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @ParameterizedTest(name = "stock {0}")
    @ValueSource(strings = {"3.9.5", "3.4.14"})
    void withTheLongestHistoryWeAreElectedByAllThree(String version) throws IOException {
        LiveVoter ours = startOurs(1);
        ours.look(0x2_0000_0000L, 0);
        ServerProcess second = launch(version, 2);
        ServerProcess third = launch(version, 3);
        awaitResult(ours, PeerState.LEADING, 1);
        for (ServerProcess stock : List.of(second, third)) {
            awaitLog(stock, "FOLLOWING", stock.logFile());
        }
    }

    @ParameterizedTest(name = "stock {0}")
    @ValueSource(strings = {"3.9.5", "3.4.14"})
    void withEqualHistoriesTheGreaterSidOfTwoIsElectedByBoth(String version) throws Exception {
        for (long self : new long[] {1, 3}) {
            LiveVoter ours = startOurs(self);
            ours.look(0, 0);
            ServerProcess stock = launch(version, 2);
            boolean weLead = self > 2;
            awaitResult(ours, weLead ? PeerState.LEADING : PeerState.FOLLOWING, Math.max(2, self));
            awaitLog(stock, weLead ? "FOLLOWING" : "LEADING", stock.logFile());
            closeAll();
            open.clear();
            clean();
        }
    }

    @ParameterizedTest(name = "stock {0}")
    @ValueSource(strings = {"3.9.5", "3.4.14"})
    void aSettledEnsembleIsJoinedFromAboveAndFromBelowWhateverOurHistory(String version) throws Exception {
        for (long self : new long[] {3, 1}) {
            long other = self == 3 ? 1 : 3;
            ServerProcess one = launch(version, other);
            ServerProcess two = launch(version, 2);
            one.awaitServing();
            two.awaitServing();
            long leader = Math.max(2, other);

            LiveVoter ours = startOurs(self);
            ours.look(0x7_0000_0000L, 7);
            awaitResult(ours, PeerState.FOLLOWING, leader);
            assertThat(ours.result().vote().peerEpoch()).isEqualTo(1);
            assertThat((leader == 2 ? two : one).ask("srvr")).contains("Mode: leader");
            closeAll();
            open.clear();
            clean();
        }
    }

    private void clean() throws IOException {
        for (long sid = 1; sid <= 3; sid++) {
            Path home = directory.resolve("server" + sid);
            if (Files.exists(home)) {
                Files.move(home, directory.resolve("done-" + System.nanoTime()));
            }
        }
    }

    private LiveVoter startOurs(long sid) {
        LiveVoter voter = new LiveVoter(sid, ensemble);
        open.add(voter);
        return voter;
    }

    private ServerProcess launch(String version, long sid) throws IOException {
        Path home = directory.resolve("server" + sid);
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("data").resolve("myid"), Long.toString(sid));
        ServerProcess.Builder builder = ServerProcess.of(ServerDistribution.stock(version), home)
                .config("tickTime", "500")
                .config("initLimit", "10")
                .config("syncLimit", "5")
                .config("4lw.commands.whitelist", "*");
        for (Member member : ensemble.members().values()) {
            builder.config(
                    "server." + member.sid(),
                    "127.0.0.1:" + member.address().quorumPort() + ":"
                            + member.address().electionPort());
        }
        ServerProcess process = builder.launch();
        open.add(process);
        return process;
    }

    private static void awaitResult(LiveVoter voter, PeerState state, long leader) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(voter.result()).isNotNull();
            assertThat(voter.result().state()).isEqualTo(state);
            assertThat(voter.result().vote().leader()).isEqualTo(leader);
        });
    }

    private static void awaitLog(ServerProcess server, String word, Path log) {
        Awaitility.await(server + " logs " + word)
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.readString(log).contains(word));
    }
}
