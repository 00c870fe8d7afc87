/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.testkit.process.EnsembleMember;
import io.vivarium.testkit.process.EnsembleProcesses;
import io.vivarium.testkit.process.ServerDistribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * As {@link ContractSuite}, for scripts about several members: each runs on an ensemble of stock servers and on one of ours,
 * at the same time, and the transcripts must be equal. The ensembles live as long as the class.
 */
@Tag("contract")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EnsembleSuite {
    private static final String FAILED = "failed: ";

    /** What a script does; run once for each ensemble. */
    @FunctionalInterface
    interface Script {
        void run(EnsembleStage stage) throws Exception;
    }

    /** The scripts of a suite. */
    static final class Scripts {
        private record Named(String sentence, Script script, List<String> changes) {}

        private final List<Named> all = new ArrayList<>();

        void script(String sentence, Script script) {
            all.add(new Named(sentence, script, List.of()));
        }

        /** We answer otherwise on purpose; as {@code deviation} of a script for one server. */
        void deviation(String sentence, Script script, String changes) {
            all.add(new Named(sentence, script, changes.strip().lines().toList()));
        }
    }

    private EnsembleProcesses stock;
    private EnsembleProcesses subject;
    private int number;

    /** Who takes part, and what they have in common. */
    void configure(EnsembleProcesses.Builder builder, ServerDistribution distribution) {
        for (long id = 1; id <= 3; id++) {
            builder.participant(id, distribution);
        }
    }

    /** Returns the leader when all members are ready for the next script. */
    EnsembleMember awaitLeader(EnsembleProcesses ensemble) {
        return ensemble.awaitAllServing();
    }

    abstract void write(Scripts scripts);

    @BeforeAll
    void startEnsembles(@TempDir Path directory) throws IOException {
        stock = start(directory.resolve("stock"), ServerDistribution.stock(ServerPairs.REFERENCE_VERSION));
        subject = start(directory.resolve("subject"), ServerPairs.subject());
    }

    private EnsembleProcesses start(Path directory, ServerDistribution distribution) throws IOException {
        EnsembleProcesses.Builder builder = EnsembleProcesses.in(directory);
        configure(builder, distribution);
        return builder.build().startAll();
    }

    @AfterAll
    void endEnsembles() throws IOException {
        stock.close();
        subject.close();
    }

    @TestFactory
    Stream<DynamicTest> scripts() {
        Scripts scripts = new Scripts();
        write(scripts);
        String only = System.getProperty("contract.only", "");
        return scripts.all.stream()
                .filter(named -> named.sentence().contains(only))
                .map(named -> DynamicTest.dynamicTest(named.sentence(), () -> check(named)));
    }

    private void check(Scripts.Named named) {
        number++;
        CompletableFuture<List<String>> other = CompletableFuture.supplyAsync(() -> run(named, subject));
        List<String> ofStock = run(named, stock);
        List<String> ofSubject;
        try {
            ofSubject = other.join();
        } catch (CompletionException e) {
            throw new AssertionError(subject.report(), e);
        }
        if (Boolean.getBoolean("contract.print")) {
            System.out.println("== " + named.sentence() + "\n" + String.join("\n", ofStock));
        }
        assertThat(ofStock)
                .as("the script itself must work on the stock ensemble\n%s", String.join("\n", ofStock))
                .noneMatch(line -> line.startsWith(FAILED));
        if (!named.changes().isEmpty()) {
            assertThat(Path.of("..", "docs", "compatibility.md"))
                    .as("every difference is listed there")
                    .content()
                    .contains("| " + named.sentence() + " |");
        }
        List<String> expected = ServerPairs.subjectIsStock() ? List.of() : named.changes();
        assertThat(Diff.changes(ofStock, ofSubject))
                .as("- stock\n+ vivarium\n%s\n", String.join("\n", Diff.lines(ofStock, ofSubject)))
                .isEqualTo(expected);
    }

    private List<String> run(Scripts.Named named, EnsembleProcesses ensemble) {
        try {
            EnsembleStage stage = new EnsembleStage(
                    ensemble,
                    awaitLeader(ensemble),
                    number,
                    InstantSource.system().millis());
            List<String> transcript;
            try {
                named.script().run(stage);
                transcript = stage.stage().transcript();
            } catch (Exception | AssertionError e) {
                transcript = new ArrayList<>(stage.stage().transcript());
                transcript.add(FAILED + e);
            }
            stage.stage().cleanUp();
            return transcript;
        } catch (IOException e) {
            throw new UncheckedIOException(ensemble.report(), e);
        }
    }
}
