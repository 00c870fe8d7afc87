/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.process;

import io.vivarium.bench.run.CpuMeter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One server, or an ensemble, on the loopback address with folders of its own. Thread: one.
 *
 * <p>All configuration is here: both sides of a comparison get the same file but for ports and folders.
 */
public final class ServerGroup implements AutoCloseable {
    /** The part of zoo.cfg that all share. */
    private static final String COMMON = """
            tickTime=2000
            initLimit=30
            syncLimit=15
            maxClientCnxns=0
            4lw.commands.whitelist=*
            """;

    private static final String LOGBACK = """
            <configuration>
              <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d{HH:mm:ss.SSS} %-5level [%thread] %logger{0} - %msg%n</pattern></encoder>
              </appender>
              <root level="WARN"><appender-ref ref="OUT"/></root>
            </configuration>
            """;

    private static final int SERVING_TIMEOUT_SECONDS = 300;

    private final ServerBuild build;
    private final List<String> jvmFlags;
    private final WorkDir dir;
    private final List<Path> configs = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final List<ServerProcess> servers = new ArrayList<>();

    private ServerGroup(ServerBuild build, List<String> jvmFlags, WorkDir dir) {
        this.build = build;
        this.jvmFlags = List.copyOf(jvmFlags);
        this.dir = dir;
    }

    /** Starts that many servers below a folder that it then owns, and waits until each serves. */
    public static ServerGroup start(
            ServerBuild build, int members, List<String> jvmFlags, List<String> extraConfig, WorkDir dir)
            throws IOException, InterruptedException {
        ServerGroup group = new ServerGroup(build, jvmFlags, dir);
        boolean started = false;
        try {
            group.writeFiles(members, extraConfig);
            group.startAll();
            started = true;
            return group;
        } finally {
            if (!started) {
                group.close();
            }
        }
    }

    public List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** Processor time of all members together. */
    public CpuMeter cpu() {
        List<Long> pids = pids();
        return () -> {
            long sum = 0;
            for (long pid : pids) {
                long nanos = ProcFs.cpuNanos(pid);
                if (nanos < 0) {
                    return -1;
                }
                sum += nanos;
            }
            return sum;
        };
    }

    public List<Long> pids() {
        return servers.stream().map(ServerProcess::pid).toList();
    }

    /** The folder with snapshots of the first member. */
    public Path snapshots() {
        return dir.path().resolve("1/data/version-2");
    }

    /** Ends all, starts all again on their folders. Returns nanoseconds from the start to all serving. */
    public long restart() throws IOException, InterruptedException {
        endAll();
        return startAll();
    }

    @Override
    public void close() {
        endAll();
        dir.close();
    }

    private void endAll() {
        servers.forEach(ServerProcess::close);
        servers.clear();
    }

    private long startAll() throws IOException, InterruptedException {
        for (int i = 0; i < configs.size(); i++) {
            servers.add(ServerProcess.start(build, jvmFlags, configs.get(i), addresses.get(i), dir.cleanup()));
        }
        long longest = 0;
        for (ServerProcess server : servers) {
            longest = Math.max(longest, server.awaitServing(SERVING_TIMEOUT_SECONDS));
        }
        return longest;
    }

    private void writeFiles(int members, List<String> extraConfig) throws IOException {
        List<Integer> ports = freePorts(members * 3);
        StringBuilder list = new StringBuilder();
        if (members > 1) {
            for (int i = 0; i < members; i++) {
                list.append("server.").append(i + 1).append("=127.0.0.1:").append(ports.get(members + i));
                list.append(':').append(ports.get(2 * members + i)).append('\n');
            }
        }
        for (int i = 0; i < members; i++) {
            Path folder = dir.path().resolve(Integer.toString(i + 1));
            Path data = Files.createDirectories(folder.resolve("data"));
            Files.writeString(data.resolve("myid"), (i + 1) + "\n");
            Files.writeString(folder.resolve("logback.xml"), LOGBACK);
            Path config = folder.resolve("zoo.cfg");
            Files.writeString(
                    config,
                    COMMON + "clientPortAddress=127.0.0.1\nclientPort=" + ports.get(i) + "\ndataDir=" + data + "\n"
                            + String.join("\n", extraConfig) + "\n" + list);
            configs.add(config);
            addresses.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(i)));
        }
    }

    /** Ports that were free a moment ago; all are held until the last is known, so they differ. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
        return ports;
    }
}
