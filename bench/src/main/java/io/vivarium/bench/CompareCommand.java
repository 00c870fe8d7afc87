/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench;

import io.vivarium.bench.compare.Bench;
import io.vivarium.bench.compare.Contest;
import io.vivarium.bench.compare.Scale;
import io.vivarium.bench.compare.Scenario;
import io.vivarium.bench.load.Workload;
import io.vivarium.bench.process.Cleanup;
import io.vivarium.bench.process.ServerBuild;
import io.vivarium.bench.process.SourceTree;
import io.vivarium.bench.report.Comparison;
import io.vivarium.bench.report.ComparisonPage;
import io.vivarium.bench.report.RatioTable;
import io.vivarium.bench.report.ResultFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sets two servers against each other. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts two servers in turn (A B A B), with the same configuration, Java, heap and client, each time on empty",
            "data folders; measures both; prints a Markdown table of ratios with their median and spread. Beside the heap a",
            "server gets the JVM flags that its own scripts choose.",
            "A server is 'vivarium' (this source tree's distribution), 'stock', 'stock:VERSION', 'echo' (the floor; reads",
            "and writes of R and W only), 'echo-sync' (the same with a sync before the answer to a write), or a folder with",
            "jars, such as the distribution of an earlier commit."
        })
final class CompareCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Option(names = "--subject", defaultValue = "vivarium", paramLabel = "SERVER", description = "Default: vivarium")
    private String subject = "";

    @Option(names = "--against", defaultValue = "stock", paramLabel = "SERVER", description = "Default: stock")
    private String against = "";

    @Option(
            names = "--workloads",
            defaultValue = "R1,R2,W1,W2,X1",
            split = ",",
            paramLabel = "NAME",
            description = "Comma separated, or 'all'. Default: ${DEFAULT-VALUE}")
    private List<String> workloads = new ArrayList<>();

    @Option(names = "--pairs", defaultValue = "5", paramLabel = "N", description = "Default: 5")
    private int pairs;

    @Option(names = "--heap", defaultValue = "2g", paramLabel = "SIZE", description = "Of each server. Default: 2g")
    private String heap = "";

    @Option(names = "--jvm", paramLabel = "FLAG", description = "More flags for both servers; may be repeated.")
    private List<String> jvmFlags = new ArrayList<>();

    @Option(names = "--same-flags", description = "Without the JVM flags that Vivarium's own bin/zkEnv.sh chooses.")
    private boolean sameFlags;

    @Option(names = "--config", paramLabel = "KEY=VALUE", description = "More lines for both zoo.cfg; may be repeated.")
    private List<String> config = new ArrayList<>();

    @Option(names = "--warmup", defaultValue = "5", paramLabel = "SECONDS", description = "Default: 5")
    private int warmup;

    @Option(names = "--seconds", defaultValue = "15", paramLabel = "SECONDS", description = "Default: 15")
    private int seconds;

    @Option(
            names = "--rate",
            defaultValue = "0",
            paramLabel = "PER_SECOND",
            description = {
                "Open loop for R, W, X and E: so many arrivals per second, latency counted from when each was due.",
                "Without it: closed loop, in which latency follows from throughput, and a pause is seen by those in",
                "flight only."
            })
    private int rate;

    @Option(names = "--nodes", defaultValue = "200000", paramLabel = "N", description = "Steady tree. Default: 200000")
    private int nodes;

    @Option(
            names = "--large",
            defaultValue = "1000000",
            paramLabel = "N",
            description = "Tree of C1, M1, S1, S2; S3 takes twice as many. Default: 1000000")
    private int largeNodes;

    @Option(names = "--children", defaultValue = "100000", paramLabel = "N", description = "Of G1. Default: 100000")
    private int children;

    @Option(
            names = "--watch-sessions",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Of M2, a thousand watches each. Default: 1000")
    private int watchSessions;

    @Option(names = "--idle", defaultValue = "20000", paramLabel = "N", description = "Of F1. Default: 20000")
    private int idleSessions;

    @Option(names = "--loops", defaultValue = "1", paramLabel = "N", description = "Client threads. Default: 1")
    private int loops;

    @Option(names = "--project", paramLabel = "FOLDER", description = "Root of the source tree.")
    private @Nullable Path project;

    @Option(names = "--data", paramLabel = "FOLDER", description = "Where the servers' data goes. Default: temporary.")
    private @Nullable Path dataParent;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Gets compare.json, .md, .html and .svg, after each pair.")
    private @Nullable Path outFolder;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Set<Workload> chosen = chosen();
        Scale scale = new Scale(warmup, seconds, rate, nodes, largeNodes, children, watchSessions, idleSessions);
        requireWhatAnEchoCan(chosen);
        Path root = projectRoot();
        ServerBuild left = find(subject, root);
        ServerBuild right = find(against, root);
        List<String> flags = new ArrayList<>(List.of("-Xms" + heap, "-Xmx" + heap));
        flags.addAll(jvmFlags);
        Path results = outFolder == null ? root.resolve("bench/target/compare") : outFolder;
        try (Cleanup cleanup = Cleanup.onExit()) {
            Bench bench = new Bench(
                    scale,
                    List.copyOf(flags),
                    List.copyOf(config),
                    loops,
                    dataParent,
                    cleanup,
                    RunCommand.ownCpu(),
                    line -> RunCommand.show(out, line));
            Map<String, String> conditions = conditions(flags, scale, left, right);
            Comparison comparison = new Contest(left, right, pairs, line -> RunCommand.show(out, line))
                    .run(Scenario.covering(chosen, bench), soFar -> write(results, soFar, conditions));
            RunCommand.show(out, "\n" + RatioTable.markdown(comparison) + "\nwritten to " + results.toAbsolutePath());
        }
        return 0;
    }

    private ServerBuild find(String text, Path root) throws IOException, InterruptedException {
        ServerBuild build = ServerBuild.find(text, root);
        return sameFlags ? build.withoutOwnFlags() : build;
    }

    /** An echo server keeps nothing, has no other members and knows no watches. */
    private void requireWhatAnEchoCan(Set<Workload> chosen) {
        Set<Workload> can = EnumSet.allOf(Workload.class);
        can.removeIf(workload -> workload.kind() != Workload.Kind.STEADY);
        if ((subject.startsWith("echo") || against.startsWith("echo")) && !can.containsAll(chosen)) {
            throw new IllegalArgumentException("an echo server can take part in " + can + " only, not in " + chosen);
        }
    }

    private Set<Workload> chosen() {
        Set<Workload> chosen = EnumSet.noneOf(Workload.class);
        for (String name : workloads) {
            if (name.trim().equals("all")) {
                return EnumSet.allOf(Workload.class);
            }
            chosen.add(Workload.of(name));
        }
        return chosen;
    }

    private Path projectRoot() {
        Path given = project;
        return given == null ? Path.of(System.getProperty("vivarium.project", ".")) : given;
    }

    private Map<String, String> conditions(List<String> flags, Scale scale, ServerBuild left, ServerBuild right)
            throws IOException, InterruptedException {
        Path data = dataParent == null ? Path.of(System.getProperty("java.io.tmpdir")) : dataParent;
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        conditions.put("commit of the source tree", SourceTree.commit(projectRoot()));
        conditions.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        conditions.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        conditions.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        conditions.put("file system of the data", Files.getFileStore(data).type());
        conditions.put("client threads", Integer.toString(loops));
        conditions.put("server flags", String.join(" ", flags));
        conditions.put("flags of its own, " + left.name(), String.join(" ", left.ownFlags()));
        conditions.put("flags of its own, " + right.name(), String.join(" ", right.ownFlags()));
        conditions.put("extra configuration", String.join(" ", config));
        conditions.put("scale", scale.toString());
        return conditions;
    }

    private static void write(Path folder, Comparison comparison, Map<String, String> conditions) throws IOException {
        ResultFiles.write(folder.resolve("compare.json"), ResultFiles.json(comparison, conditions));
        ResultFiles.write(folder.resolve("compare.md"), RatioTable.markdown(comparison));
        ResultFiles.write(folder.resolve("compare.html"), ComparisonPage.html(comparison, conditions));
        ResultFiles.write(folder.resolve("compare.svg"), ComparisonPage.svg(comparison));
    }
}
