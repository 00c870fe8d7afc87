/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.process.ServerDistribution;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full, not writable or damaged: the server stops, or does not start, and says which file and why.
 *
 * <p>Full and read-only disks are small tmpfs mounts, so those tests need the right to mount. Spec: persistence 1.2, 2.4,
 * 4.6, operations 2.6.
 */
class DiskTroubleIT {
    private static final byte[] SMALL = new byte[100];

    @TempDir
    Path directory;

    @Test
    void a_full_disk_stops_the_server_and_loses_nothing_that_was_answered() throws Exception {
        try (Mount mount = Mount.at(directory.resolve("data"), "4m")) {
            ServerProcess.Builder builder =
                    ours().property("zookeeper.preAllocSize", "64").property("zookeeper.forceSync", "yes");
            int answered = 0;
            byte[] data = new byte[64 * 1024];
            Arrays.fill(data, (byte) 'd');
            try (ServerProcess server = builder.start()) {
                ZooKeeper client = RealClient.connect(server.clientPort());
                try {
                    while (answered < 1000) {
                        client.create("/n" + answered, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                        answered++;
                    }
                } catch (KeeperException.ConnectionLossException expected) {
                    assertThat(answered).isBetween(10, 64);
                } finally {
                    client.close(0);
                }
                assertThat(server.exitCode()).isEqualTo(1);
                assertThat(logOf(server))
                        .contains("Severe unrecoverable error, from thread : journal")
                        .containsPattern(
                                "cannot write \\d+ bytes to \\S+/version-2/log\\.\\S+ at offset \\d+: No space left");

                mount.remount("size=64m");
                server.restart();
                ZooKeeper again = RealClient.connect(server.clientPort());
                for (int i = 0; i < answered; i++) {
                    assertThat(again.getData("/n" + i, false, null)).hasSize(data.length);
                }
                again.close();
            }
        }
    }

    @Test
    void a_data_directory_that_cannot_be_written_ends_the_start_with_code_3() throws Exception {
        try (Mount mount = Mount.at(directory.resolve("data"), "4m")) {
            Files.createDirectories(directory.resolve("data/version-2"));
            mount.remount("ro");
            try (ServerProcess server = ours().launch()) {
                assertThat(server.exitCode()).isEqualTo(3);
                assertThat(logOf(server))
                        .contains("Unable to access datadir, exiting abnormally")
                        .contains("Cannot write to data directory " + directory.resolve("data/version-2"));
            }
        }
    }

    @Test
    void a_missing_directory_is_not_made_when_that_is_forbidden() throws Exception {
        try (ServerProcess server =
                ours().property("zookeeper.datadir.autocreate", "false").launch()) {
            assertThat(server.exitCode()).isEqualTo(3);
            assertThat(logOf(server))
                    .contains("Unable to access datadir, exiting abnormally")
                    .contains("Missing data directory " + directory.resolve("data/version-2")
                            + ", automatic data directory creation is disabled (zookeeper.datadir.autocreate is"
                            + " false). Please create this directory manually.");
        }
    }

    @Test
    void a_damaged_newest_snapshot_is_passed_over_for_the_one_before() throws Exception {
        try (ServerProcess server = ours().start()) {
            createNodes(server, 0, 20);
            server.stop();
            server.restart();
            createNodes(server, 20, 40);
            server.stop();
            server.restart();
            server.stop();
            Path newest = newest("snapshot.");
            flip(newest, Files.size(newest) / 2);
            server.restart();
            ZooKeeper client = RealClient.connect(server.clientPort());
            assertThat(client.getChildren("/", false)).hasSize(41);
            client.close();
            assertThat(logOf(server)).contains(newest.getFileName().toString()).containsPattern("WARN.*" + newest);
        }
    }

    @Test
    void a_damaged_record_amid_the_log_ends_the_start_and_is_named() throws Exception {
        try (ServerProcess server = ours().start()) {
            createNodes(server, 0, 40);
            server.kill9();
            Path log = newest("log.");
            byte[] bytes = Files.readAllBytes(log);
            int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("/n20");
            flip(log, at + 2);
            server.launch();
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(logOf(server))
                    .containsPattern(log + " at offset \\d+: .*CRC check failed")
                    .containsPattern("0x1[0-9a-f]");
            assertThat(Files.readAllBytes(log))
                    .as("the log is left as it was found")
                    .hasSize(bytes.length);
        }
    }

    private ServerProcess.Builder ours() {
        return ServerProcess.of(ServerDistribution.ours(), directory)
                .jvmOptions("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    }

    private static void createNodes(ServerProcess server, int from, int to) throws Exception {
        ZooKeeper client = RealClient.connect(server.clientPort());
        for (int i = from; i < to; i++) {
            client.create("/n" + i, SMALL, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        client.close();
    }

    private Path newest(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("data/version-2"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .max(Comparator.comparingLong(
                            file -> Long.parseLong(file.getFileName().toString().substring(prefix.length()), 16)))
                    .orElseThrow();
        }
    }

    private static void flip(Path file, long position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[Math.toIntExact(position)] ^= 0x40;
        Files.write(file, bytes);
    }

    private static String logOf(ServerProcess server) throws IOException {
        return Files.readString(server.logFile(), StandardCharsets.ISO_8859_1);
    }

    /** A small file system of its own in memory. */
    private record Mount(Path at) implements AutoCloseable {
        static Mount at(Path directory, String size) throws IOException {
            Files.createDirectories(directory);
            boolean mounted = run(List.of("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", directory.toString()));
            if (!mounted) {
                System.err.println("NOT TESTED: no right to mount a tmpfs at " + directory + "; run as root");
            }
            Assumptions.assumeTrue(mounted, "needs the right to mount a tmpfs");
            return new Mount(directory);
        }

        void remount(String options) {
            assertThat(run(List.of("mount", "-o", "remount," + options, at.toString())))
                    .isTrue();
        }

        @Override
        public void close() throws IOException {
            assertThat(run(List.of("umount", at.toString()))).isTrue();
        }

        private static boolean run(List<String> command) {
            try {
                return new ProcessBuilder(command)
                                .inheritIO()
                                .start()
                                .onExit()
                                .join()
                                .exitValue()
                        == 0;
            } catch (IOException notThere) {
                return false;
            }
        }
    }
}
