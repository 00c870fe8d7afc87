/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.testkit.process.ServerDistribution;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The running servers of the whole test run: per profile the stock one and the one under test.
 *
 * <p>System property {@code contract.subject} names the server under test: {@code vivarium} (default) or {@code
 * stock:<version>}. Stock against itself shows whether a script is deterministic; against another release it shows what
 * changed between releases. All processes end with the test run. Thread: test.
 */
final class ServerPairs implements ParameterResolver {
    static final String REFERENCE_VERSION = "3.9.5";

    /** The two servers of a profile and the number of scripts run on them so far. */
    static final class Pair {
        private final ServerProcess stock;
        private final ServerProcess subject;
        private int scripts;

        private Pair(ServerProcess stock, ServerProcess subject) {
            this.stock = stock;
            this.subject = subject;
        }

        ServerProcess stock() {
            return stock;
        }

        ServerProcess subject() {
            return subject;
        }

        int nextScript() {
            return ++scripts;
        }
    }

    /** All pairs; closed by JUnit at the end of the run. */
    static final class Running implements AutoCloseable {
        private final Map<String, Pair> pairs = new LinkedHashMap<>();

        Pair of(ServerProfile profile) {
            return pairs.computeIfAbsent(profile.name(), name -> start(profile));
        }

        private static Pair start(ServerProfile profile) {
            try {
                ServerProcess stock = launch(ServerDistribution.stock(REFERENCE_VERSION), profile);
                ServerProcess subject = launch(subject(), profile);
                return new Pair(stock.awaitServing(), subject.awaitServing());
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start the servers of profile " + profile.name(), e);
            }
        }

        private static ServerProcess launch(ServerDistribution distribution, ServerProfile profile) throws IOException {
            Path directory = Path.of(
                    "target", "contract", profile.name(), distribution.name().replace(' ', '-'));
            deleteTree(directory);
            Files.createDirectories(directory);
            return ServerProcess.of(distribution, directory)
                    .config(profile.config())
                    .properties(profile.properties())
                    .launch();
        }

        private static void deleteTree(Path directory) throws IOException {
            if (!Files.exists(directory)) {
                return;
            }
            try (var files = Files.walk(directory)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }

        @Override
        public void close() {
            for (Pair pair : pairs.values()) {
                pair.stock.close();
                pair.subject.close();
            }
        }
    }

    static boolean subjectIsStock() {
        return subjectName().startsWith("stock:");
    }

    private static String subjectName() {
        return System.getProperty("contract.subject", "vivarium");
    }

    static ServerDistribution subject() {
        String name = subjectName();
        if (subjectIsStock()) {
            ServerDistribution stock = ServerDistribution.stock(name.substring("stock:".length()));
            return new ServerDistribution("subject " + stock.name(), stock.classPath(), stock.mainClass());
        }
        if (!name.equals("vivarium")) {
            throw new IllegalArgumentException("contract.subject=" + name + "; known: vivarium, stock:<version>");
        }
        return ServerDistribution.ours();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(ServerPairs.class))
                .getOrComputeIfAbsent(Running.class, key -> new Running(), Running.class);
    }
}
