/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import io.vivarium.testkit.process.ServerDistribution;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The running servers of the whole test run: per profile the stock one and the one under test, each in a {@link Seat}.
 *
 * <p>System property {@code contract.subject} names the server under test: {@code vivarium} (default) or {@code
 * stock:<version>}. Stock against itself shows whether a script is deterministic; against another release it shows what
 * changed between releases. All processes end with the test run. Thread: test.
 */
final class ServerPairs implements ParameterResolver {
    static final String REFERENCE_VERSION = "3.9.5";

    /** The two servers of a profile and the number of scripts run on them so far. */
    static final class Pair {
        private final ServerProfile profile;
        private final Seat.Taken stock;
        private final Seat.Taken subject;
        private Seat.@Nullable Taken alone;
        private int scripts;

        private Pair(ServerProfile profile, Seat.Taken stock, Seat.Taken subject) {
            this.profile = profile;
            this.stock = stock;
            this.subject = subject;
        }

        ServerProcess stock() {
            return stock.server();
        }

        ServerProcess subject() {
            return subject.server();
        }

        private void close() {
            stock.close();
            subject.close();
            if (alone != null) {
                alone.close();
            }
        }

        /** A stock server on its own, for scripts that a stock ensemble does not survive. */
        ServerProcess stockAlone() {
            if (alone == null) {
                alone = Running.launch(Seat.STANDALONE, ServerDistribution.stock(REFERENCE_VERSION), profile)
                        .await();
            }
            return alone.server();
        }

        int nextScript() {
            return ++scripts;
        }
    }

    /** The pairs that run; closed by JUnit at the end of the run. */
    static final class Running implements AutoCloseable {
        /** Ensembles are six processes for each profile, so only the pair that most suites share and the last one stay. */
        private static final int ENSEMBLES = 2;

        private record Key(Seat seat, String profile) {}

        private final Map<Key, Pair> pairs = new LinkedHashMap<>();

        Pair of(Seat seat, ServerProfile profile) {
            Key key = new Key(seat, profile.name());
            if (seat != Seat.STANDALONE && !pairs.containsKey(key)) {
                makeRoom();
            }
            return pairs.computeIfAbsent(key, absent -> start(seat, profile));
        }

        private void makeRoom() {
            List<Key> ensembles = pairs.keySet().stream()
                    .filter(key -> key.seat() != Seat.STANDALONE)
                    .toList();
            if (ensembles.size() >= ENSEMBLES) {
                Key leaving = ensembles.stream()
                        .filter(key -> !key.profile().equals(ServerProfile.DEFAULT.name()))
                        .findFirst()
                        .orElse(ensembles.get(0));
                pairs.remove(leaving).close();
            }
        }

        private static Pair start(Seat seat, ServerProfile profile) {
            Seat.Starting stock = launch(seat, ServerDistribution.stock(REFERENCE_VERSION), profile);
            Seat.Starting subject = launch(seat, subject(), profile);
            return new Pair(profile, stock.await(), subject.await());
        }

        private static Seat.Starting launch(Seat seat, ServerDistribution distribution, ServerProfile profile) {
            try {
                Path directory = Path.of(
                        "target",
                        "contract",
                        seat.name().toLowerCase(Locale.ROOT),
                        profile.name(),
                        distribution.name().replace(' ', '-'));
                deleteTree(directory);
                Files.createDirectories(directory);
                return seat.launch(distribution, profile, directory);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start the servers of profile " + profile.name(), e);
            }
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
            pairs.values().forEach(Pair::close);
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
