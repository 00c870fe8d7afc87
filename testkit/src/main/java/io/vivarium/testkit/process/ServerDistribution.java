/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which server a {@link ServerProcess} runs: a name for people, a class path, a main class.
 *
 * <p>Thread: any. Immutable.
 */
public record ServerDistribution(String name, String classPath, String mainClass) {
    private static final String STOCK_MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
    private static final String OUR_MAIN = "io.vivarium.server.QuorumPeerMain";

    /** Class path entries that only tests need, and the stock server: none of them may help our server to run. */
    private static final List<String> TEST_ONLY = List.of(
            "/test-classes",
            "/testkit",
            "/org/apache/zookeeper/",
            "/org/apache/curator/",
            "/org/junit/",
            "/org/assertj/",
            "/org/awaitility/",
            "/com/tngtech/");

    /**
     * The stock server of a version, from the jars that the build of module {@code server} copies to {@code
     * target/stock/<version>}.
     */
    public static ServerDistribution stock(String version) {
        Path jars = Stream.of("target", "server/target", "../server/target")
                .map(target ->
                        Path.of(target, "stock", version).toAbsolutePath().normalize())
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no jars of stock server " + version
                        + " in target/stock; run mvn -pl server -am process-test-resources"));
        try (Stream<Path> entries = Files.list(jars)) {
            String classPath = entries.map(Path::toString)
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
            return new ServerDistribution("stock " + version, classPath, STOCK_MAIN);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + jars, e);
        }
    }

    /** Our server, with the class path of the running test less what only tests need. */
    public static ServerDistribution ours() {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty() && TEST_ONLY.stream().noneMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
        return new ServerDistribution("vivarium", classPath, OUR_MAIN);
    }
}
