/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.testkit.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which server a {@link ServerProcess} runs: a name for people, and either a class path with a main class or the home of an
 * unpacked distribution whose {@code bin/zkServer.sh} starts it.
 *
 * <p>Thread: any. Immutable.
 */
public record ServerDistribution(
        String name,
        String classPath,
        String mainClass,
        @Nullable Path home) {
    private static final String STOCK_MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
    private static final String OUR_MAIN = "io.vivarium.server.QuorumPeerMain";

    /** A server that is started without a script. */
    public ServerDistribution(String name, String classPath, String mainClass) {
        this(name, classPath, mainClass, null);
    }

    /**
     * The stock server of a version, from the jars that the build of module {@code server} copies to {@code
     * target/stock/<version>}.
     */
    public static ServerDistribution stock(String version) {
        Path jars = inTarget(Path.of("stock", version));
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

    /** Our server, with the runtime class path that the build of module {@code server} writes down; nothing of tests. */
    public static ServerDistribution ours() {
        Path listing = inTarget(Path.of("runtime.classpath"));
        try {
            String classPath = listing.resolveSibling("classes")
                    + File.pathSeparator
                    + Files.readString(listing).strip();
            return new ServerDistribution("vivarium", classPath, OUR_MAIN);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + listing, e);
        }
    }

    /** Our server as an operator runs it: through the script of the distribution that {@code mvn package} made. */
    public static ServerDistribution packed() {
        return new ServerDistribution("vivarium", "", OUR_MAIN, packedHome());
    }

    /** The unpacked distribution: bin, conf, lib. */
    public static Path packedHome() {
        Path target = inTarget(Path.of("runtime.classpath")).resolveSibling(".").normalize();
        try (Stream<Path> directories = Files.find(
                target,
                2,
                (path, attributes) -> attributes.isDirectory()
                        && path.getFileName().toString().matches("vivarium-.*-bin")
                        && Files.isDirectory(path.resolve("bin")))) {
            return directories
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "no distribution in " + target + "; run mvn -pl server -am -DskipTests package"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + target, e);
        }
    }

    /** A file of the build of module {@code server}, from that module, its parent or a neighbour. */
    private static Path inTarget(Path file) {
        return Stream.of("target", "server/target", "../server/target")
                .map(target -> Path.of(target).resolve(file).toAbsolutePath().normalize())
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + file
                        + " in the target directory of module server; run mvn -pl server -am process-test-resources"));
    }
}
