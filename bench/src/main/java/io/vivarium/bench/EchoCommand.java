/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench;

import io.vivarium.bench.driver.DriverConfig;
import io.vivarium.bench.driver.EchoServer;
import io.vivarium.bench.load.Limits;
import io.vivarium.bench.load.LoadSpec;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.Cleanup;
import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.process.ServerGroup;
import io.vivarium.bench.process.WorkDir;
import io.vivarium.bench.run.WorkloadRunner;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the echo floor, or serves it. */
@Command(
        name = "echo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures the floor: a server in a process of its own that answers each frame with a reply of the size of a",
            "getData reply and does nothing else. What it costs, every server on this transport must cost at least. With",
            "--sync it answers writes only when their bytes are on disk, one sync for all that wait."
        })
final class EchoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Option(
            names = "--workload",
            defaultValue = "R1",
            paramLabel = "NAME",
            description = "Whose shape to use. Default: R1")
    private String workload = "";

    @Option(
            names = "--threads",
            defaultValue = "1",
            paramLabel = "N",
            description = "Threads of the server. Default: 1")
    private int threads;

    @Option(names = "--sync", description = "Writes are synced before they are answered.")
    private boolean sync;

    @Option(names = "--serve", description = "Only serve, until ended.")
    private boolean serve;

    @Option(
            names = "--port",
            defaultValue = "0",
            paramLabel = "N",
            description = "Where to serve; 0 takes a free port.")
    private int port;

    @Option(names = "--config", hidden = true, description = "A zoo.cfg whose clientPort and dataDir to take.")
    private @Nullable Path config;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Limits.threads("threads", threads);
        PrintWriter out = spec.commandLine().getOut();
        LoadSpec shape = load.applyTo(Workload.of(workload).defaults());
        if (serve) {
            Properties properties = properties();
            int servingPort = Integer.parseInt(
                    properties.getProperty("clientPort", Integer.toString(port)).trim());
            try (Cleanup cleanup = Cleanup.onExit();
                    WorkDir folder = WorkDir.create(dataFolder(properties), cleanup);
                    EchoServer server =
                            EchoServer.start(servingPort, shape.dataBytes(), threads, sync ? folder.path() : null)) {
                RunCommand.show(out, "echo server on 127.0.0.1:" + server.port());
                server.awaitClose();
            }
            return 0;
        }
        try (Cleanup cleanup = Cleanup.onExit();
                ServerGroup server = ServerGroup.start(
                        ServerBuild.echo(shape.dataBytes(), threads, sync),
                        1,
                        List.of("-Xms256m", "-Xmx256m"),
                        List.of(),
                        WorkDir.create(null, cleanup))) {
            WorkloadRunner runner = new WorkloadRunner(
                    server.addresses(),
                    1,
                    DriverConfig.DEFAULT_SESSION_TIMEOUT_MILLIS,
                    server.cpu(),
                    RunCommand.ownCpu(),
                    line -> RunCommand.show(out, line));
            RunCommand.summary(out, runner.steady(Workload.of(workload), shape));
        }
        return 0;
    }

    /** Of the configuration; none without one. */
    private Properties properties() throws IOException {
        Properties properties = new Properties();
        Path file = config;
        if (file != null) {
            try (InputStream in = Files.newInputStream(file)) {
                properties.load(in);
            }
        }
        return properties;
    }

    /** On the disk that a server with the same configuration would use. */
    private static @Nullable Path dataFolder(Properties properties) {
        String folder = properties.getProperty("dataDir");
        return folder == null ? null : Path.of(folder.trim());
    }
}
