/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.election.net.ListenFailure;
import io.vivarium.persistence.recovery.RecoveryException;
import io.vivarium.server.auth.AuthConfigException;
import io.vivarium.server.config.ConfigException;
import io.vivarium.server.config.ConfigLoader;
import io.vivarium.server.config.ConfigLog;
import io.vivarium.server.config.DiskConfigFiles;
import io.vivarium.server.config.ServerConfig;
import io.vivarium.server.pipeline.FatalErrorHandler;
import io.vivarium.server.transport.ServerThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The process: arguments, properties, clocks and chance are read here and handed on as values.
 *
 * <p>The name is the one that {@code jps} shows and operators look for (spec operations 2.1). Arguments: the path of a
 * configuration file, or {@code port datadir [ticktime] [maxcnxns]}. Exit codes: spec operations 2.6.
 */
public final class QuorumPeerMain {
    private static final Logger LOG = LoggerFactory.getLogger(QuorumPeerMain.class);
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";
    private static final String FLIGHT_EVENTS = "io.netty.jfr.enabled";

    private static final int UNEXPECTED_ERROR = 1;
    private static final int INVALID_CONFIG = 2;
    private static final int UNUSABLE_DATA_DIRECTORY = 3;
    private static final int SNAPSHOT_FAILED = 10;

    private QuorumPeerMain() {}

    public static void main(String[] args) {
        // Out of the box every 128th buffer would carry a stack trace; the tests look at every one.
        setUnlessGiven(LEAK_DETECTION, "disabled");
        // To define the events of its buffers takes Netty a tenth of a second while the first client waits.
        setUnlessGiven(FLIGHT_EVENTS, "false");
        int code = run(args);
        // Zero only when a signal has ended it: the JVM is on its way out then, with the code of that signal.
        if (code != 0) {
            LOG.info("Exiting JVM with code {}", code);
            System.exit(code);
        }
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static int run(String[] args) {
        ServerConfig config;
        try {
            config = configure(args);
        } catch (ConfigException e) {
            LOG.error("Invalid config, exiting abnormally: {}", e.getMessage(), e);
            System.err.println("Invalid config, exiting abnormally");
            System.err.println(e.getMessage());
            return e.exitCode();
        }
        if (!config.isStandalone()) {
            // Here, because every thread logs under the id that the thread which makes it has.
            MDC.put("myid", Long.toString(config.sid()));
            LOG.info("Starting quorum peer, myid={}", config.sid());
        }
        return serve(config);
    }

    private static ServerConfig configure(String[] args) {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties().forEach((key, value) -> properties.put(String.valueOf(key), String.valueOf(value)));
        ConfigLog log = new ConfigLog();
        ConfigLoader loader = new ConfigLoader(new DiskConfigFiles(), properties, log);
        try {
            if (args.length == 1) {
                return loader.load(args[0]);
            }
            if (args.length >= 2 && args.length <= 4) {
                return loader.load(Path.of("arguments").toAbsolutePath(), textOf(args));
            }
            throw new ConfigException("Usage: QuorumPeerMain configfile | port datadir [ticktime] [maxcnxns]");
        } finally {
            for (ConfigLog.Line line : log.lines()) {
                LOG.atLevel(org.slf4j.event.Level.valueOf(line.level().name())).log(line.text());
            }
        }
    }

    /** The short form of a standalone start as the lines of a file. */
    private static String textOf(String[] args) {
        StringBuilder text = new StringBuilder();
        text.append("clientPort=").append(args[0]).append('\n');
        text.append("dataDir=").append(Path.of(args[1]).toAbsolutePath()).append('\n');
        if (args.length > 2) {
            text.append("tickTime=").append(args[2]).append('\n');
        }
        if (args.length > 3) {
            text.append("maxClientCnxns=").append(args[3]).append('\n');
        }
        return text.toString();
    }

    private static int serve(ServerConfig config) {
        CountDownLatch stopped = new CountDownLatch(1);
        Node node = Node.of(
                config,
                new World(
                        System::nanoTime,
                        InstantSource.system(),
                        new SplittableRandom(new SecureRandom().nextLong()),
                        halt()));
        Runtime.getRuntime()
                .addShutdownHook(ServerThreads.single("shutdown", ServerThreads.Life.KEEPS_PROCESS)
                        .newThread(() -> {
                            node.close();
                            stopped.countDown();
                        }));
        try {
            node.start();
            stopped.await();
            return 0;
        } catch (RecoveryException e) {
            LOG.error("Cannot start: {}", e.getMessage(), e);
            if (e.fault() == RecoveryException.Fault.DIRECTORY) {
                System.err.println("Unable to access datadir, exiting abnormally");
                System.err.println(e.getMessage());
                return UNUSABLE_DATA_DIRECTORY;
            }
            System.err.println(e.getMessage());
            return UNEXPECTED_ERROR;
        } catch (AuthConfigException e) {
            LOG.error("Invalid config, exiting abnormally: {}", e.getMessage(), e);
            System.err.println("Invalid config, exiting abnormally");
            System.err.println(e.getMessage());
            return INVALID_CONFIG;
        } catch (IOException | RuntimeException e) {
            LOG.error("Unexpected exception, exiting abnormally", e);
            System.err.println(e.getMessage());
            return UNEXPECTED_ERROR;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNEXPECTED_ERROR;
        }
    }

    /** A server that cannot trust its own state ends at once: no hook may write, no client may get another answer. */
    private static FatalErrorHandler halt() {
        return (where, cause) -> {
            LOG.error("Severe unrecoverable error, from thread : {}", where, cause);
            System.err.println("Severe unrecoverable error, from thread : " + where + ": " + cause);
            Runtime.getRuntime().halt(exitCode(where));
        };
    }

    /** Spec operations 2.6. */
    private static int exitCode(String where) {
        switch (where) {
            case "snapshot":
                return SNAPSHOT_FAILED;
            case "election port":
                return ListenFailure.EXIT_CODE;
            default:
                return UNEXPECTED_ERROR;
        }
    }
}
