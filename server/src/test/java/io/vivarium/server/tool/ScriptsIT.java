/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.server.tool.Installation.Result;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scripts print, and where, while no server runs: spec operations 2 and 8. */
class ScriptsIT {
    @TempDir
    Path home;

    private Installation installation;

    @BeforeEach
    void unpack() throws IOException {
        installation = Installation.in(home);
    }

    @Test
    void headerLinesGoToStderrAndNothingElseToStdout() throws IOException {
        Result result =
                installation.configure("dataDir=./data", "clientPort=2181").run("zkServer.sh", "version");

        assertThat(result.errLines())
                .containsExactly(
                        "ZooKeeper JMX enabled by default",
                        "Using config: " + home.toRealPath() + "/bin/../conf/zoo.cfg");
        assertThat(result.out()).matches("Vivarium, version \\d+\\.\\d+\\.\\d+.*\\n");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void anUnknownVerbShowsTheUsageOnStderrAndEndsWithZero() throws IOException {
        Result result = installation.configure("dataDir=./data").run("zkServer.sh", "upgrade");

        assertThat(result.out()).isEmpty();
        assertThat(result.errLines())
                .contains("Usage: " + installation.script("zkServer.sh")
                        + " [--config <conf-dir>] {start|start-foreground|stop|version|restart|status|print-cmd}");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void stopWithoutAServerSaysSoAndEndsWithZero() throws IOException {
        Result result = installation.configure("dataDir=./data").run("zkServer.sh", "stop");

        assertThat(result.out())
                .isEqualTo("Stopping zookeeper ... no zookeeper to stop (could not find file " + home.toRealPath()
                        + "/data/zookeeper_server.pid)\n");
        assertThat(result.exitCode()).isZero();
        assertThat(home.resolve("data")).doesNotExist();
    }

    @Test
    void stopRemovesAStalePidFileAndTouchesNobodyElse() throws IOException {
        installation
                .configure("dataDir=./data")
                .write(
                        "data/zookeeper_server.pid",
                        String.valueOf(ProcessHandle.current().pid()));

        Result result = installation.run("zkServer.sh", "stop");

        assertThat(result.out()).isEqualTo("Stopping zookeeper ... STOPPED\n");
        assertThat(result.err()).contains("is not running");
        assertThat(home.resolve("data/zookeeper_server.pid")).doesNotExist();
    }

    @Test
    void statusWithoutAConfigurationNamesTheFileThatIsMissing() throws IOException {
        Result result = installation.run("zkServer.sh", "status", "nope.cfg");

        assertThat(result.errLines()).endsWith("Error: " + home.toRealPath() + "/bin/../conf/nope.cfg file is missing");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zkCli.sh", "zkCleanup.sh"})
    void helpShowsTheUsageAndDoesNothingElse(String script) throws IOException {
        Result result = installation.run(script, "--help");

        assertThat(result.out()).startsWith("Usage: " + installation.script(script));
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void cleanupOfAFreshInstallationTakesTheSample() throws IOException {
        Result result = installation.run("zkCleanup.sh", "-n", "3");

        assertThat(result.err()).contains("zoo_sample.cfg").contains(home.toRealPath() + "/data/version-2");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void statusOfNobodyIsAnErrorOnStdout() throws IOException {
        int port = ServerProcess.freePort();

        Result result =
                installation.configure("dataDir=./data", "clientPort=" + port).run("zkServer.sh", "status");

        assertThat(result.outLines())
                .containsExactly(
                        "Client port found: " + port + ". Client address: localhost. Client SSL: false.",
                        "Error contacting service. It is probably not running.");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clientPort=1\nclientPort=%d",
                "clientPort = %d ",
                "clientPort:%d\r",
                "clientPort %d",
                "client\\\n  Port=%d"
            })
    void statusFindsThePortHoweverItIsWritten(String form) throws IOException {
        int port = ServerProcess.freePort();

        Result result = installation
                .configure("dataDir=./data", String.format(form, port), "clientPortAddress=127.0.0.1 ")
                .run("zkServer.sh", "status");

        assertThat(result.outLines())
                .startsWith("Client port found: " + port + ". Client address: 127.0.0.1. Client SSL: false.");
    }

    @Test
    void statusFindsThePortInTheOwnServerLine() throws IOException {
        int port = ServerProcess.freePort();
        installation
                .configure("dataDir=./data", "server.1=a:1:2;3", "server.2=b:1:2:participant;[::1]:" + port + "\r")
                .write("data/myid", " 2\r\n");

        assertThat(installation.run("zkServer.sh", "status").outLines())
                .startsWith("Client port found: " + port + ". Client address: ::1. Client SSL: false.");
    }

    @Test
    void statusFindsThePortInTheDynamicFile() throws IOException {
        int port = ServerProcess.freePort();
        installation
                .configure("dataDir=./data", "dynamicConfigFile=" + home + "/conf/zoo.cfg.dynamic")
                .write("conf/zoo.cfg.dynamic", "server.2=b:1:2:participant;" + port + "\n")
                .write("data/myid", "2\n");

        assertThat(installation.run("zkServer.sh", "status").outLines())
                .startsWith(
                        "Client port not found in static config file. Looking in dynamic config file.",
                        "Client port found: " + port + ". Client address: localhost. Client SSL: false.");
    }

    @Test
    void statusWithoutAnyPortSaysWhereItLooked() throws IOException {
        Result result = installation.configure("dataDir=./data").run("zkServer.sh", "status");

        assertThat(result.outLines())
                .containsExactly(
                        "myid could not be determined, will not able to locate clientPort in the server configs.",
                        "Client port not found. Looking for secureClientPort in the static config.",
                        "Unable to find either secure or unsecure client port in any configs. Terminating.");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void printCmdIsOneLineThatNamesTheMainClassAndTheConfiguration() throws IOException {
        Result result = installation.configure("dataDir=./data").run("zkServer.sh", "print-cmd");

        assertThat(result.outLines()).hasSize(1);
        assertThat(result.out())
                .contains("\"-Xmx1000m\"", "\"io.vivarium.server.QuorumPeerMain\"", "/bin/../conf/zoo.cfg\" > \"")
                .endsWith(".out\" 2>&1 < /dev/null\n");
    }

    @Test
    void flagsOfTheUserComeAfterTheHeap() throws IOException {
        installation.configure("dataDir=./data").write("conf/java.env", "export JVMFLAGS=\"-Xmx300m -Da=b\"\n");
        Map<String, String> environment = Map.of("ZK_SERVER_HEAP", "77", "SERVER_JVMFLAGS", "-Dc=d");

        assertThat(installation
                        .run(environment, home, installation.script("zkServer.sh"), "print-cmd")
                        .out())
                .contains("\"-Xmx77m\" \"-Dc=d\" \"-Xmx300m\" \"-Da=b\"");
    }

    @Test
    void thePausesOfTheCollectorAreToBeShortUnlessTheUserSaysOtherwise() throws IOException {
        Map<String, String> environment = Map.of("JVMFLAGS", "-XX:MaxGCPauseMillis=200");
        installation.configure("dataDir=./data");

        assertThat(installation
                        .run(environment, home, installation.script("zkServer.sh"), "print-cmd")
                        .out())
                .containsSubsequence("\"-XX:MaxGCPauseMillis=20\"", "\"-XX:MaxGCPauseMillis=200\"");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 250m",
        "-Xmx4g, 256m",
        "-Xmx400m -Xms64m, 100m",
        "-Xmx209715200, 50m",
        "-Xmx65536k, 16m",
    })
    void theYoungGenerationIsAQuarterOfTheHeapAndNoMoreThan256Megabytes(String flags, String young) throws IOException {
        installation.configure("dataDir=./data");

        assertThat(installation
                        .run(Map.of("JVMFLAGS", flags), home, installation.script("zkServer.sh"), "print-cmd")
                        .out())
                .contains("\"-XX:MaxNewSize=" + young + "\"");
    }

    @Test
    void smallHeadersAreUsedWhereJavaHasThem() throws IOException {
        Result result = installation.configure("dataDir=./data").run("zkServer.sh", "print-cmd");

        assertThat(result.out().contains("\"-XX:+UseCompactObjectHeaders\""))
                .isEqualTo(Runtime.version().feature() >= 25);
    }

    @Test
    void theConfigurationDirectoryAndTheFileCanBeGiven() throws IOException {
        installation.write("other/zoo.cfg", "dataDir=./data\n").write("other/zoo2.cfg", "dataDir=./data\n");

        assertThat(installation
                        .run("zkServer.sh", "--config", "other", "print-cmd")
                        .errLines())
                .contains("Using config: other/zoo.cfg");
        assertThat(installation
                        .run("zkServer.sh", "--config", "other", "print-cmd", "zoo2.cfg")
                        .errLines())
                .contains("Using config: other/zoo2.cfg");
        assertThat(installation
                        .run("zkServer.sh", "print-cmd", "./other/zoo2.cfg")
                        .errLines())
                .contains("Using config: ./other/zoo2.cfg");
    }

    @Test
    void withoutAConfigurationTheSampleIsUsedAndNamed() throws IOException {
        assertThat(installation.run("zkServer.sh", "print-cmd").errLines())
                .contains("Using config: " + home.toRealPath() + "/bin/../conf/zoo_sample.cfg");
    }

    @Test
    void aMissingConfigurationThatWasAskedForIsAnErrorAndLeavesNothingBehind() throws IOException {
        Result result = installation.run("zkServer.sh", "start", "nosuch.cfg");

        assertThat(result.out()).isEqualTo("Starting zookeeper ... FAILED TO START\n");
        assertThat(result.err()).contains("/nosuch.cfg file is missing");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(home.resolve("logs")).doesNotExist();
    }

    @Test
    void aMissingDataDirectoryEndsTheStartIfItMustNotBeCreated() throws IOException {
        installation.configure("dataDir=./data");

        Result result = installation.run(
                Map.of("ZOO_DATADIR_AUTOCREATE_DISABLE", "1"), home, installation.script("zkServer.sh"), "start");

        assertThat(result.err())
                .contains("ZooKeeper data directory is missing at " + home.toRealPath()
                        + "/data fix the path or run initialize");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void aLinkToTheScriptFindsItsPlaceFromAnyDirectory() throws IOException {
        installation.configure("dataDir=./data");
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.createSymbolicLink(elsewhere.resolve("zk"), Path.of("../bin/zkServer.sh"));

        Result result = installation.run(Map.of(), elsewhere, Path.of("./zk"), "stop");

        assertThat(result.out()).contains(home.toRealPath() + "/data/zookeeper_server.pid");
    }

    @Test
    void withoutAnyJavaThatIsTheError() throws IOException {
        installation.configure("dataDir=./data");
        Path bare = Files.createDirectory(home.resolve("path"));
        for (String tool : new String[] {"bash", "env", "dirname", "readlink", "id", "uname"}) {
            String found = (Files.exists(Path.of("/usr/bin", tool)) ? "/usr/bin/" : "/bin/") + tool;
            Path stand = Files.writeString(bare.resolve(tool), "#!/bin/sh\nexec " + found + " \"$@\"\n");
            assertThat(stand.toFile().setExecutable(true)).isTrue();
        }

        Result result = installation.run(
                Map.of("JAVA_HOME", "", "PATH", bare.toString()), home, installation.script("zkServer.sh"), "version");

        assertThat(result.errLines()).contains("Error: JAVA_HOME is not set and java could not be found in PATH.");
        assertThat(result.out()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void initializePreparesTheDirectoriesOnceUnlessForced() throws IOException {
        installation.configure("dataDir = ./data \r", "dataLogDir=./logs2");

        Result first = installation.run("zkServer-initialize.sh", "--myid=7");
        Result second = installation.run("zkServer-initialize.sh", "--myid=8");
        Result forced = installation.run("zkServer-initialize.sh", "--force");

        assertThat(first.out()).isEqualTo("Using myid of 7\n");
        assertThat(home.resolve("logs2/version-2")).isDirectory();
        assertThat(home.resolve("data/initialize")).isEmptyFile();
        assertThat(home.resolve("logs2/initialize")).isEmptyFile();
        assertThat(second.out())
                .isEqualTo("ZooKeeper data directory already exists at " + home.toRealPath()
                        + "/data (or use --force to force re-initialization)\n");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(forced.out())
                .startsWith("Force enabled, data/txnlog directories will be re-initialized\nNo myid provided, be sure");
        assertThat(home.resolve("data/myid")).doesNotExist();
    }

    @Test
    void initializeRefusesWhatItDoesNotKnow() throws IOException {
        Result option = installation.run("zkServer-initialize.sh", "--bad");
        Result file = installation.run("zkServer-initialize.sh", "--configfile=/nosuch");

        assertThat(option.err()).startsWith("Unknown option: --bad\n");
        assertThat(option.exitCode()).isEqualTo(1);
        assertThat(file.out()).isEqualTo("Unable to find config file at /nosuch\n");
        assertThat(file.exitCode()).isEqualTo(1);
    }

    @Test
    void cleanupTakesTheDirectoriesFromTheConfiguration() throws IOException {
        installation.configure("dataDir = ./data \r", "dataLogDir=./logs2");
        installation.run("zkServer-initialize.sh", "--myid=1");
        for (int zxid = 1; zxid <= 5; zxid++) {
            installation.write("logs2/version-2/log." + zxid, "");
        }

        Result kept = installation.run("zkCleanup.sh", "-n", "3");
        Result refused = installation.run("zkCleanup.sh", "-n", "2");
        Result wrong = installation.run("zkCleanup.sh");

        assertThat(kept.out() + kept.err()).isEmpty();
        assertThat(kept.exitCode()).isZero();
        assertThat(home.resolve("logs2/version-2/log.1")).exists();
        assertThat(refused.err()).isEqualTo("count should be greater than or equal to 3\n");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(wrong.err()).contains("PurgeTxnLog dataLogDir [snapDir] -n count");
        assertThat(wrong.exitCode()).isEqualTo(1);
    }

    @Test
    void aFileThatIsNotThereIsTheErrorOfBothToolkits() throws IOException {
        Result journal = installation.run("zkTxnLogToolkit.sh", "/nosuch");
        Result snapshot = installation.run("zkSnapShotToolkit.sh", "/nosuch");

        assertThat(journal.out() + journal.err()).contains("File doesn't exist or not readable: /nosuch");
        assertThat(journal.exitCode()).isEqualTo(1);
        assertThat(snapshot.out() + snapshot.err()).contains("File '/nosuch' does not exist.");
        assertThat(snapshot.exitCode()).isEqualTo(2);
    }

    @Test
    void theClientShellStarts() throws IOException {
        Result result = installation.run("zkCli.sh", "-server");

        assertThat(result.out() + result.err()).contains("Error: no argument found for option -server");
    }

    @Test
    void theSampleKeepsTheLinesThatPeopleEdit() throws IOException {
        assertThat(Files.readAllLines(home.resolve("conf/zoo_sample.cfg")))
                .contains("tickTime=2000", "initLimit=10", "syncLimit=5", "dataDir=./data", "clientPort=2181");
    }
}
