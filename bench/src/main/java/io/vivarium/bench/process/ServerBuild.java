/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.process;

import io.vivarium.bench.load.LoadSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server that can be started: its name, class path and main class.
 *
 * @param arguments in front of the configuration file
 * @param ownFlags of the JVM, as its own scripts choose them; flags of the comparison come behind these and win
 */
public record ServerBuild(
        String name, String classPath, String mainClass, List<String> arguments, List<String> ownFlags) {
    private static final String STOCK_MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
    private static final String OUR_MAIN = "io.vivarium.server.QuorumPeerMain";

    /**
     * Finds a build by what the user wrote: {@code vivarium}, {@code stock}, {@code stock:VERSION}, {@code echo}, {@code
     * echo-sync}, or a folder that holds jars or has them in {@code lib}.
     *
     * @param project root of the source tree
     */
    public static ServerBuild find(String text, Path project) throws IOException, InterruptedException {
        if (text.equals("vivarium")) {
            return ours(project);
        }
        if (text.equals("stock") || text.startsWith("stock:")) {
            return stock(text.equals("stock") ? "3.9.5" : text.substring("stock:".length()), project);
        }
        if (text.equals("echo") || text.equals("echo-sync")) {
            return echo(LoadSpec.USUAL_DATA_BYTES, 1, text.equals("echo-sync"));
        }
        Path folder = Path.of(text);
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    "no server '" + text + "': neither vivarium, stock, stock:VERSION, echo, echo-sync nor a folder");
        }
        return ofFolder(folder);
    }

    /** Jars of the stock release, fetched by Maven the first time. */
    public static ServerBuild stock(String version, Path project) throws IOException, InterruptedException {
        Path jars = project.resolve("bench/target/stock/" + version);
        if (!Files.isDirectory(jars)) {
            fetchStock(version, project);
        }
        return new ServerBuild("stock " + version, jarsIn(jars), STOCK_MAIN, List.of(), List.of());
    }

    /** The distribution of the source tree. */
    public static ServerBuild ours(Path project) throws IOException, InterruptedException {
        Path target = project.resolve("server/target");
        if (Files.isDirectory(target)) {
            try (Stream<Path> below = Files.walk(target, 3)) {
                List<Path> libs = below.filter(
                                path -> path.endsWith("lib") && path.toString().contains("-bin"))
                        .toList();
                if (libs.size() > 1) {
                    throw new IOException("more than one distribution: " + libs + "; remove those that are not meant");
                }
                if (!libs.isEmpty()) {
                    return ofLib("vivarium", libs.get(0), OUR_MAIN);
                }
            }
        }
        throw new IOException(
                "no distribution below " + target + "; build one: mvn -pl server -am package -DskipTests");
    }

    /** The echo server of this very program. */
    public static ServerBuild echo(int dataBytes, int threads, boolean sync) {
        List<String> arguments = new ArrayList<>(List.of("echo", "--serve"));
        arguments.addAll(List.of("--size", Integer.toString(dataBytes), "--threads", Integer.toString(threads)));
        if (sync) {
            arguments.add("--sync");
        }
        arguments.add("--config");
        return new ServerBuild(
                sync ? "echo floor with syncs" : "echo floor",
                System.getProperty("java.class.path"),
                "io.vivarium.bench.ZkBench",
                List.copyOf(arguments),
                List.of());
    }

    /** The same with no flags but those of the comparison. */
    public ServerBuild withoutOwnFlags() {
        return new ServerBuild(name, classPath, mainClass, arguments, List.of());
    }

    private static ServerBuild ofFolder(Path folder) throws IOException, InterruptedException {
        Path lib = Files.isDirectory(folder.resolve("lib")) ? folder.resolve("lib") : folder;
        boolean stock;
        try (Stream<Path> files = Files.list(lib)) {
            stock = files.anyMatch(file -> String.valueOf(file.getFileName()).startsWith("zookeeper-jute"));
        }
        return ofLib(folder.toString(), lib, stock ? STOCK_MAIN : OUR_MAIN);
    }

    private static ServerBuild ofLib(String name, Path lib, String mainClass) throws IOException, InterruptedException {
        List<String> ownFlags = OwnFlags.of(lib.resolveSibling(""));
        // As the scripts write it: an archive of classes is for one class path, in one order.
        String classPath = ownFlags.isEmpty() ? jarsIn(lib) : lib.toAbsolutePath() + "/*";
        return new ServerBuild(name, classPath, mainClass, List.of(), ownFlags);
    }

    private static void fetchStock(String version, Path project) throws IOException, InterruptedException {
        Path pom = project.resolve("bench/stock/pom.xml");
        if (!Files.isRegularFile(pom)) {
            throw new IOException("no " + pom + "; run from the source tree or say --project");
        }
        Process maven = new ProcessBuilder(
                        "mvn",
                        "-q",
                        "-B",
                        "-f",
                        pom.toString(),
                        "-Dzookeeper.version=" + version,
                        "dependency:copy-dependencies")
                .inheritIO()
                .start();
        int exit = maven.waitFor();
        if (exit != 0) {
            throw new IOException("Maven could not fetch ZooKeeper " + version + " (exit " + exit + ")");
        }
    }

    private static String jarsIn(Path folder) throws IOException {
        List<String> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .forEach(file -> jars.add(file.toAbsolutePath().toString()));
        }
        if (jars.isEmpty()) {
            throw new IOException("no jars in " + folder.toAbsolutePath());
        }
        return String.join(System.getProperty("path.separator"), jars);
    }
}
