/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.server.metrics.Counter;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.metrics.Summary;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which words are known and allowed, and what they answer (spec operations 3). */
class FourLetterWordsTest {
    private static final int TELNET = 0xfff4fffd;
    private static final String NOT_SERVING = "This ZooKeeper instance is not currently serving requests";

    @TempDir
    private Path dataDir;

    private AdminFixture open;

    @BeforeEach
    void allowAll() throws Exception {
        Files.createDirectory(dataDir.resolve("version-2"));
        Files.write(dataDir.resolve("version-2/log.1"), new byte[700]);
        open = new AdminFixture(AdminFixture.config(dataDir, "4lw.commands.whitelist=*"));
    }

    @AfterEach
    void close() {
        open.close();
    }

    @Test
    void allWordsOfStockAndTelnetsInterruptAreKnownAndNothingElse() {
        for (String word : List.of(
                "conf", "cons", "crst", "dirs", "dump", "envi", "gtmk", "stmk", "ruok", "srst", "srvr", "stat", "wchc",
                "wchp", "wchs", "mntr", "isro", "hash")) {
            assertThat(open.words().isCommand(AdminFixture.code(word))).as(word).isTrue();
        }
        assertThat(open.words().isCommand(TELNET)).isTrue();
        for (String word : List.of("RUOK", "lead", "GET ", "zzzz")) {
            assertThat(open.words().isCommand(AdminFixture.code(word))).as(word).isFalse();
        }
        assertThat(open.words().isCommand(45)).isFalse();
    }

    @Test
    void whatIsNotInTheWhitelistIsRefusedBeforeAnythingElseIsLookedAt() throws Exception {
        try (AdminFixture fixture = new AdminFixture(AdminFixture.config(dataDir))) {
            fixture.serving = false;
            assertThat(fixture.ask("ruok")).isEqualTo("ruok is not executed because it is not in the whitelist.\n");
            assertThat(fixture.ask(TELNET, new byte[0]))
                    .isEqualTo("telnet close is not executed because it is not in the whitelist.\n");
            assertThat(fixture.ask("srvr")).isEqualTo(NOT_SERVING + "\n");
        }
    }

    @Test
    void onlyAnAllowedTraceMaskWaitsForItsEightBytes() {
        int stmk = AdminFixture.code("stmk");
        assertThat(open.words().argumentBytes(stmk)).isEqualTo(8);
        assertThat(open.words().argumentBytes(AdminFixture.code("gtmk"))).isZero();
        try (AdminFixture fixture = new AdminFixture(AdminFixture.config(dataDir))) {
            assertThat(fixture.words().argumentBytes(stmk)).isZero();
        }
    }

    @Test
    void aServerThatDoesNotServeSaysSoExceptWhereNoServiceIsNeeded() throws Exception {
        open.serving = false;
        for (String word : List.of(
                "srvr", "stat", "mntr", "conf", "cons", "crst", "srst", "dump", "wchs", "wchc", "wchp", "dirs")) {
            assertThat(open.ask(word)).as(word).isEqualTo(NOT_SERVING + "\n");
        }
        assertThat(open.ask("hash")).isEqualTo(NOT_SERVING);
        assertThat(open.ask("ruok")).isEqualTo("imok");
        assertThat(open.ask("isro")).isEqualTo("null");
        assertThat(open.ask("gtmk")).isEqualTo("306");
        assertThat(open.ask("envi")).startsWith("Environment:\nzookeeper.version=" + AdminFixture.VERSION + "\n");
    }

    @Test
    void isroTellsWhetherWritesAreTaken() throws Exception {
        assertThat(open.ask("isro")).isEqualTo("rw");
        open.mode = ServerMode.READ_ONLY;
        assertThat(open.ask("isro")).isEqualTo("ro");
    }

    @Test
    void theTraceMaskIsWhatWasSetLast() throws Exception {
        byte[] mask = ByteBuffer.allocate(8).putLong(256).array();
        assertThat(open.ask(AdminFixture.code("stmk"), mask)).isEqualTo("256");
        assertThat(open.ask("gtmk")).isEqualTo("256");
    }

    @Test
    void srvrOfAFreshServer() throws Exception {
        assertThat(open.ask("srvr")).isEqualTo("""
                        Zookeeper version: 3.9.5-abc, built on 2026-01-01 00:00 UTC
                        Latency min/avg/max: 0/0.0/0
                        Received: 0
                        Sent: 0
                        Connections: 0
                        Outstanding: 0
                        Zxid: 0x0
                        Mode: standalone
                        Node count: 5
                        """);
    }

    @Test
    void statHasAnEmptyLineBehindTheClients() throws Exception {
        assertThat(open.ask("stat")).contains("UTC\nClients:\n\nLatency min/avg/max: ");
    }

    @Test
    void mntrBeginsWithTheLinesOfTheOldestReleaseInItsOrder() throws Exception {
        open.sessions.open(7, 4000);
        String answer = open.ask("mntr");
        assertThat(answer.lines().limit(15).map(line -> line.substring(0, line.indexOf('\t'))))
                .containsExactly(
                        "zk_version",
                        "zk_server_state",
                        "zk_avg_latency",
                        "zk_max_latency",
                        "zk_min_latency",
                        "zk_packets_received",
                        "zk_packets_sent",
                        "zk_num_alive_connections",
                        "zk_outstanding_requests",
                        "zk_znode_count",
                        "zk_watch_count",
                        "zk_ephemerals_count",
                        "zk_approximate_data_size",
                        "zk_open_file_descriptor_count",
                        "zk_max_file_descriptor_count");
        assertThat(answer.lines())
                .contains(
                        "zk_server_state\tstandalone",
                        "zk_avg_latency\t0.0",
                        "zk_znode_count\t5",
                        "zk_open_file_descriptor_count\t35",
                        "zk_uptime\t7000",
                        "zk_global_sessions\t1",
                        "zk_min_client_response_size\t-1")
                .allMatch(line -> line.matches("zk_[a-z0-9_]+\t.+"))
                .doesNotHaveDuplicates();
    }

    @Test
    void aSummaryIsFiveLinesOfMntrAndADetailedOneNine() throws Exception {
        Recorder recorder = open.metrics.newRecorder();
        for (int i = 1; i <= 3; i++) {
            recorder.record(Summary.FSYNCTIME, (long) i * i);
            recorder.record(Summary.READLATENCY, i);
        }
        recorder.read("/app/config", 70);
        assertThat(open.ask("mntr").lines())
                .contains(
                        "zk_avg_fsynctime\t4.6667",
                        "zk_min_fsynctime\t1",
                        "zk_max_fsynctime\t9",
                        "zk_cnt_fsynctime\t3",
                        "zk_sum_fsynctime\t14",
                        "zk_avg_readlatency\t2.0",
                        "zk_p50_readlatency\t2",
                        "zk_p95_readlatency\t3",
                        "zk_p99_readlatency\t3",
                        "zk_p999_readlatency\t3",
                        "zk_sum_app_read_per_namespace\t70",
                        "zk_fsync_threshold_exceed_count\t3")
                .noneMatch(line -> line.startsWith("zk_p50_fsynctime"));
    }

    @Test
    void srstBeginsWhatWasRecordedAnew() throws Exception {
        open.metrics.newRecorder().add(Counter.RESPONSE_BYTES, 12);
        assertThat(open.ask("mntr")).contains("zk_response_bytes\t12\n");
        open.ask("srst");
        assertThat(open.ask("mntr")).contains("zk_response_bytes\t0\n");
    }

    @Test
    void watchesAreCountedAndListedBySessionAndByPath() throws Exception {
        assertThat(open.ask("wchs")).isEqualTo("0 connections watching 0 paths\nTotal watches:0\n");
        assertThat(open.ask("wchc")).isEqualTo("\n");
        SilentLink one = new SilentLink(0xab);
        open.watches.watchData("/a", one);
        open.watches.watchData("/b", one);
        open.watches.watchData("/a", new SilentLink(0xcd));
        assertThat(open.ask("wchs")).isEqualTo("2 connections watching 2 paths\nTotal watches:3\n");
        assertThat(sorted(open.ask("wchc"))).isEqualTo(sorted("0xab\n\t/a\n\t/b\n0xcd\n\t/a\n\n"));
        assertThat(sorted(open.ask("wchp"))).isEqualTo(sorted("/a\n\t0xab\n\t0xcd\n/b\n\t0xab\n\n"));
        assertThat(open.ask("wchp")).endsWith("\n\n");
    }

    private static String sorted(String text) {
        return text.lines().sorted().collect(Collectors.joining("\n"));
    }

    @Test
    void dirsCountsTheFilesOfTheDataDirectories() throws Exception {
        assertThat(open.ask("dirs")).isEqualTo("datadir_size: 700\nlogdir_size: 700\n");
    }

    @Test
    void aDirectoryThatCannotBeReadEndsInNoAnswerAtAll() throws Exception {
        Files.delete(dataDir.resolve("version-2/log.1"));
        Files.delete(dataDir.resolve("version-2"));
        assertThat(open.ask("dirs")).isEmpty();
    }

    @Test
    void hashIsEmptyBeforeTheFirstHundredAndTwentyEightTransactions() throws Exception {
        assertThat(open.ask("hash")).isEmpty();
    }

    @Test
    void resetsAreConfirmed() throws Exception {
        assertThat(open.ask("srst")).isEqualTo("Server stats reset.\n");
        assertThat(open.ask("crst")).isEqualTo("Connection stats reset.\n");
    }
}
