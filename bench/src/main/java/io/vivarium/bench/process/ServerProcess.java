/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One running server. Thread: one; {@link #close} ends it by its own handle and waits. */
public final class ServerProcess implements AutoCloseable {
    private static final long POLL_NANOS = 5_000_000;
    private static final int END_SECONDS = 20;
    private static final int LOG_LINES = 25;

    private final Process process;
    private final InetSocketAddress client;
    private final Path log;
    private final Cleanup cleanup;
    private final Runnable end = this::end;
    private final long startNanos = System.nanoTime();

    private ServerProcess(Process process, InetSocketAddress client, Path log, Cleanup cleanup) {
        this.process = process;
        this.client = client;
        this.log = log;
        this.cleanup = cleanup;
    }

    /** Starts a server on a configuration file; its output goes to {@code server.log} beside that file. */
    static ServerProcess start(
            ServerBuild build, List<String> jvmFlags, Path config, InetSocketAddress client, Cleanup cleanup)
            throws IOException {
        Path folder = config.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("configuration file " + config + " has no folder");
        }
        Path log = folder.resolve("server.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(build.ownFlags());
        command.addAll(jvmFlags);
        command.add("-Dzookeeper.admin.enableServer=false");
        command.add("-Dlogback.configurationFile=" + folder.resolve("logback.xml"));
        command.add("-cp");
        command.add(build.classPath());
        command.add(build.mainClass());
        command.addAll(build.arguments());
        command.add(config.toString());
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        ServerProcess server = new ServerProcess(process, client, log, cleanup);
        cleanup.add(server.end);
        return server;
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Waits until the server grants a session.
     *
     * @return time since its start, nanoseconds
     * @throws IOException if it ended or took too long; with the end of its log
     */
    public long awaitServing(int timeoutSeconds) throws IOException, InterruptedException {
        long deadline = startNanos + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (!ServingProbe.isServing(client)) {
            if (!process.isAlive()) {
                throw new IOException(
                        "the server ended with " + process.exitValue() + " before it served\n" + logEnd());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException(client + " did not serve within " + timeoutSeconds + " s\n" + logEnd());
            }
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException("while waiting for " + client);
            }
        }
        return System.nanoTime() - startNanos;
    }

    @Override
    public void close() {
        cleanup.remove(end);
        end();
    }

    private void end() {
        process.destroy();
        boolean interrupted = false;
        try {
            if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        process.destroyForcibly();
        process.onExit().join();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private String logEnd() throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }
}
