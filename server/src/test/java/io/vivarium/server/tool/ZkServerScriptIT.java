/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.server.tool.Installation.Result;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a server under its script: spec operations 2.3, 2.4 and 7.5. */
class ZkServerScriptIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private Installation installation;
    private int port;

    @BeforeEach
    void unpackAndConfigure() throws IOException {
        port = ServerProcess.freePort();
        installation = Installation.in(home)
                .configure(
                        "tickTime=2000",
                        "dataDir=./data",
                        "clientPortAddress=127.0.0.1",
                        "clientPort=" + port,
                        "admin.enableServer=false");
    }

    @AfterEach
    void stopWhatRuns() throws IOException {
        installation.run("zkServer.sh", "stop");
    }

    @Test
    void startStatusAndStopTellTheSameStory() throws IOException {
        Result start = installation.run("zkServer.sh", "start");
        ProcessHandle server = server();
        awaitStandalone();
        Result again = installation.run("zkServer.sh", "start");
        Result stop = installation.run("zkServer.sh", "stop");

        assertThat(start.out()).isEqualTo("Starting zookeeper ... STARTED\n");
        assertThat(start.exitCode()).isZero();
        assertThat(again.out()).isEqualTo("Starting zookeeper ... already running as process " + server.pid() + ".\n");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(stop.out()).isEqualTo("Stopping zookeeper ... STOPPED\n");
        assertThat(stop.exitCode()).isZero();
        assertThat(server.isAlive()).as("alive after stop").isFalse();
        assertThat(pidFile()).doesNotExist();
        assertThat(installation.run("zkServer.sh", "status").outLines())
                .endsWith("Error contacting service. It is probably not running.");
    }

    @Test
    void restartIsAFirstStartAndASecondOne() throws IOException {
        Result first = installation.run("zkServer.sh", "restart");
        long firstPid = server().pid();
        awaitStandalone();
        Result second = installation.run("zkServer.sh", "restart");
        awaitStandalone();

        assertThat(first.out())
                .isEqualTo("Stopping zookeeper ... no zookeeper to stop (could not find file " + pidFile()
                        + ")\nStarting zookeeper ... STARTED\n");
        assertThat(first.exitCode()).isZero();
        assertThat(second.out()).isEqualTo("Stopping zookeeper ... STOPPED\nStarting zookeeper ... STARTED\n");
        assertThat(server().pid()).isNotEqualTo(firstPid);
    }

    @Test
    void theFirstStartHasTheClassesWrittenDownAndTheNextOneUsesThem() throws IOException {
        Map<String, String> archived = Map.of("ZOO_CLASS_ARCHIVE", "yes");
        installation.run(archived, home, installation.script("zkServer.sh"), "start");
        Awaitility.await("an archive of classes beside the jars")
                .atMost(DEADLINE)
                .until(() -> archives().size() == 1
                        && String.valueOf(archives().get(0)).endsWith(".jsa"));
        installation.write("conf/java.env", "export SERVER_JVMFLAGS=-Xlog:class+load:file=loaded\n");
        Result restart = installation.run(archived, home, installation.script("zkServer.sh"), "restart");
        awaitStandalone();

        assertThat(restart.outLines()).endsWith("Starting zookeeper ... STARTED");
        assertThat(log()).noneMatch(line -> line.contains("[cds"));
        assertThat(Files.readAllLines(home.resolve("loaded")))
                .anyMatch(line -> line.contains("QuorumPeerMain source: shared objects file (top)"))
                .as("also what answers a client")
                .noneMatch(line -> line.contains("io.vivarium.server.client") && line.contains("source: file:"));
    }

    @Test
    void anArchiveOfClassesThatIsNoneDoesNotKeepAServerFromStarting() throws IOException {
        Map<String, String> archived = Map.of("ZOO_CLASS_ARCHIVE", "yes");
        String command = installation
                .run(archived, home, installation.script("zkServer.sh"), "start")
                .out();
        Awaitility.await("an archive")
                .atMost(DEADLINE)
                .until(() -> archives().size() == 1
                        && String.valueOf(archives().get(0)).endsWith(".jsa"));
        Files.write(archives().get(0), new byte[1 << 20]);
        Result restart = installation.run(archived, home, installation.script("zkServer.sh"), "restart");

        assertThat(command).isEqualTo("Starting zookeeper ... STARTED\n");
        assertThat(restart.outLines()).endsWith("Starting zookeeper ... STARTED");
        awaitStandalone();
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("classes-"))
                    .toList();
        }
    }

    @Test
    void aStalePidFileDoesNotKeepAServerFromStarting() throws IOException {
        installation.write(
                "data/zookeeper_server.pid",
                String.valueOf(ProcessHandle.current().pid()));

        assertThat(installation.run("zkServer.sh", "start").out()).isEqualTo("Starting zookeeper ... STARTED\n");
        assertThat(server().pid()).isNotEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void aServerThatEndsAtOnceIsNoStartAndItsReasonIsShown() throws IOException {
        installation.configure("dataDir=./data", "clientPort=none");

        Result start = installation.run("zkServer.sh", "start");

        assertThat(start.out()).isEqualTo("Starting zookeeper ... FAILED TO START\n");
        assertThat(start.err()).contains("Invalid config, exiting abnormally");
        assertThat(start.exitCode()).isEqualTo(1);
        assertThat(pidFile()).doesNotExist();
    }

    @Test
    void aServerWhoseClientPortIsTakenIsNoStartAndTheLastLinesNameIt() throws IOException {
        Result start;
        try (ServerSocket busy = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(busy.isBound()).isTrue();
            start = installation.run("zkServer.sh", "start");
        }

        assertThat(start.out()).isEqualTo("Starting zookeeper ... FAILED TO START\n");
        assertThat(start.err())
                .contains("cannot listen for clients on /127.0.0.1:" + port)
                .doesNotContain("\tat ");
        assertThat(start.exitCode()).isEqualTo(1);
        assertThat(pidFile()).doesNotExist();
    }

    @Test
    void aForegroundServerIsTheProcessOfTheScriptAndEndsBySigtermWith143() throws Exception {
        Process process = foreground();
        try {
            awaitStandalone();

            assertThat(pidFile()).doesNotExist();
            process.destroy();
            assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aBadConfigurationEndsAForegroundServerWithTwo() throws Exception {
        installation.configure("dataDir=./data", "clientPort=none");

        assertThat(foreground().waitFor()).isEqualTo(2);
    }

    @Test
    void aTutorialsConfigurationIsServedAndStatusRightBehindStartFindsIt() throws IOException {
        installation
                .configure(
                        "# \u5fc3\u8df3\u95f4\u9694\u65f6\u95f4",
                        "tickTime=2000",
                        "dataDir=" + home.resolve("disk1/data"),
                        "dataLogDir=" + home.resolve("disk2/logs"),
                        "clientPortAddress=127.0.0.1",
                        "clientPort=" + port,
                        "admin.enableServer=false",
                        "server.1=zoo-01.invalid:2888:3888")
                .write("disk1/data/myid", "1\n");

        Result start = installation.run("zkServer.sh", "restart");
        Result status = installation.run("zkServer.sh", "status");
        Result stop = installation.run("zkServer.sh", "stop");

        assertThat(start.out()).endsWith("Starting zookeeper ... STARTED\n");
        assertThat(status.outLines()).endsWith("Mode: standalone");
        assertThat(stop.out()).isEqualTo("Stopping zookeeper ... STOPPED\n");
    }

    @Test
    void aMemberWithoutOthersRunsDoesNotServeAndStopsQuietly() throws Exception {
        member("1\n");

        Result start = installation.run("zkServer.sh", "start");
        Result status = installation.run("zkServer.sh", "status");
        Result restart = installation.run("zkServer.sh", "restart");
        ProcessHandle server = server();
        awaitLog("New election. My id = 1, proposed zxid=0x0");
        long stopping = System.nanoTime();
        Result stop = installation.run("zkServer.sh", "stop");
        long stopMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stopping);

        assertThat(start.out()).isEqualTo("Starting zookeeper ... STARTED\n");
        assertThat(status.outLines())
                .containsExactly(
                        "Client port found: " + port + ". Client address: 127.0.0.1. Client SSL: false.",
                        "Error contacting service. It is probably not running.");
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(restart.out()).isEqualTo("Stopping zookeeper ... STOPPED\nStarting zookeeper ... STARTED\n");
        assertThat(restart.exitCode()).isZero();
        assertThat(stop.out()).isEqualTo("Stopping zookeeper ... STOPPED\n");
        assertThat(stopMillis).as("ms to stop").isLessThan(5_000);
        assertThat(server.isAlive()).isFalse();
        assertThat(log()).noneMatch(line -> line.startsWith("\tat ") || line.contains("ERROR"));
        assertThat(log())
                .as("lines of the threads of a member")
                .filteredOn(line -> line.matches(".* \\[(core|vote-io|client-io|journal|snapshot|shutdown)[^]]*] - .*"))
                .isNotEmpty()
                .allMatch(line -> line.contains(" [myid:1] "));
    }

    @Test
    void aMemberWithoutMyidEndsWithTwo() throws Exception {
        member("1\n");
        Files.delete(home.resolve("data/myid"));

        assertThat(foreground().waitFor()).isEqualTo(2);
        assertThat(foregroundLog())
                .contains("Invalid config, exiting abnormally")
                .contains("myid file is missing");
    }

    @Test
    void aMyidThatIsNoNumberEndsAMemberWithTwo() throws Exception {
        member("abc\n");

        assertThat(foreground().waitFor()).isEqualTo(2);
        assertThat(foregroundLog()).contains("serverid abc is not a number");
    }

    @Test
    void aMemberThatIsNotInTheListEndsWithOne() throws Exception {
        member("9\n");

        assertThat(foreground().waitFor()).isEqualTo(1);
        assertThat(foregroundLog()).contains("My id 9 not in the peer list");
    }

    @Test
    void aTakenElectionPortEndsAMemberWithFourteen() throws Exception {
        int taken = member("1\n");
        try (ServerSocket busy = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {
            assertThat(busy.isBound()).isTrue();
            assertThat(foreground().waitFor()).isEqualTo(14);
        }
        assertThat(foregroundLog()).contains("election port").contains(Integer.toString(taken));
    }

    /** One of three members, the other two of which never start; answers its election port. */
    private int member(String myid) throws IOException {
        int electionPort = ServerProcess.freePort();
        installation
                .configure(
                        "tickTime=500",
                        "initLimit=10",
                        "syncLimit=5",
                        "dataDir=./data",
                        "clientPortAddress=127.0.0.1",
                        "clientPort=" + port,
                        "electionPortBindRetry=1",
                        "admin.enableServer=false",
                        "server.1=127.0.0.1:" + ServerProcess.freePort() + ":" + electionPort,
                        "server.2=127.0.0.1:" + ServerProcess.freePort() + ":" + ServerProcess.freePort(),
                        "server.3=127.0.0.1:" + ServerProcess.freePort() + ":" + ServerProcess.freePort())
                .write("data/myid", myid);
        return electionPort;
    }

    @Test
    void aBusyPortEndsAForegroundServerWithOne() throws Exception {
        try (ServerSocket busy = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(busy.isBound()).isTrue();
            assertThat(foreground().waitFor()).isEqualTo(1);
        }
    }

    @Test
    void theClientShellTalksToTheServer() throws IOException {
        installation.run("zkServer.sh", "start");
        awaitStandalone();
        String server = "127.0.0.1:" + port;

        Result create = installation.run("zkCli.sh", "-server", server, "create", "/shell", "hello");
        Result get = installation.run("zkCli.sh", "-server", server, "get", "/shell");

        assertThat(create.exitCode()).isZero();
        assertThat(get.outLines()).contains("hello");
        assertThat(get.exitCode()).isZero();
    }

    private void awaitStandalone() {
        Awaitility.await("status says standalone")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> {
                    Result status = installation.run("zkServer.sh", "status");
                    assertThat(status.outLines())
                            .containsExactly(
                                    "Client port found: " + port + ". Client address: 127.0.0.1. Client SSL: false.",
                                    "Mode: standalone");
                    assertThat(status.exitCode()).isZero();
                });
    }

    private Process foreground() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        installation.script("zkServer.sh").toString(), "start-foreground")
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("foreground.log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "JVMFLAGS",
                        "-Xmx128m",
                        "ZOO_CLASS_ARCHIVE",
                        "no"));
        return builder.start();
    }

    private String foregroundLog() throws IOException {
        return Files.readString(home.resolve("foreground.log"));
    }

    private void awaitLog(String text) {
        Awaitility.await("a line with " + text).atMost(DEADLINE).until(() -> log().stream()
                .anyMatch(line -> line.contains(text)));
    }

    /** What the server that was started last has written. */
    private List<String> log() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("logs"))) {
            Path out = files.filter(file -> file.toString().endsWith(".out"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllLines(out);
        }
    }

    private ProcessHandle server() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(pidFile()))).orElseThrow();
    }

    private Path pidFile() {
        return home.resolve("data/zookeeper_server.pid");
    }
}
