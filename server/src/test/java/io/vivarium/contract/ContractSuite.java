/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.contract.Scripts.Expectation;
import io.vivarium.contract.Scripts.Named;
import io.vivarium.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs each script of a suite on both servers of its profile and compares the transcripts.
 *
 * <pre>
 * script --> stage on stock   --> transcript --.
 *        --> stage on subject --> transcript ---+--> equal, or differing as the script says
 * </pre>
 *
 * <p>The two runs of a script go on at the same time, so a script that waits waits once. {@code -Dcontract.print=true}
 * prints every transcript; {@code -Dcontract.only=text} runs the scripts whose sentence holds that text.
 */
@Tag("contract")
@ExtendWith(ServerPairs.class)
abstract class ContractSuite {
    private static final String FAILED = "failed: ";
    private static final Path DIFFERENCES = Path.of("..", "docs", "compatibility.md");

    /** The configuration of both servers. */
    ServerProfile profile() {
        return ServerProfile.DEFAULT;
    }

    /** Where both servers sit. */
    Seat seat() {
        return Seat.configured();
    }

    abstract void write(Scripts scripts);

    /** What the connections of the engine itself do before they may send anything. */
    void setUp(Session session) throws IOException {
        // Nothing, as a rule.
    }

    @TestFactory
    Stream<DynamicTest> scripts(ServerPairs.Running running) {
        Scripts scripts = new Scripts();
        write(scripts);
        String only = System.getProperty("contract.only", "");
        return scripts.all().stream()
                .filter(named -> named.sentence().contains(only))
                .map(named ->
                        DynamicTest.dynamicTest(named.sentence(), () -> check(named, running.of(seat(), profile()))));
    }

    private void check(Named named, ServerPairs.Pair pair) {
        int number = pair.nextScript();
        if (!(named.expectation() instanceof Expectation.Equal)) {
            assertThat(DIFFERENCES)
                    .as("every difference is listed there")
                    .content()
                    .contains(
                            named.expectation() instanceof Expectation.EqualAlone alone
                                    ? alone.reason()
                                    : "| " + named.sentence() + " |");
        }
        if (named.expectation() instanceof Expectation.OursOnly ours) {
            if (!ServerPairs.subjectIsStock()) {
                assertThat(run(named, pair.subject(), number)).as(ours.reason()).isEqualTo(ours.transcript());
            }
            return;
        }
        boolean againstAlone = named.expectation() instanceof Expectation.EqualAlone && seat() != Seat.STANDALONE;
        if (againstAlone && ServerPairs.subjectIsStock()) {
            return;
        }
        CompletableFuture<List<String>> other = CompletableFuture.supplyAsync(() -> run(named, pair.subject(), number));
        List<String> stock = run(named, againstAlone ? pair.stockAlone() : pair.stock(), number);
        List<String> subject = other.join();
        if (againstAlone) {
            stock = withoutZxids(stock);
            subject = withoutZxids(subject);
        }
        if (Boolean.getBoolean("contract.print")) {
            System.out.println("== " + named.sentence() + "\n" + String.join("\n", stock));
        }
        assertThat(stock)
                .as("the script itself must work on the stock server\n%s", String.join("\n", stock))
                .noneMatch(line -> line.startsWith(FAILED));
        if (named.expectation() instanceof Expectation.Deviation deviation && !ServerPairs.subjectIsStock()) {
            assertThat(Diff.changes(stock, subject)).as(deviation.reason()).isEqualTo(deviation.changes());
            return;
        }
        assertThat(subject.equals(stock))
                .as(
                        "- %s\n+ %s\n%s\n",
                        pair.stock().distribution().name(),
                        pair.subject().distribution().name(),
                        String.join("\n", Diff.lines(stock, subject)))
                .isTrue();
    }

    private static List<String> withoutZxids(List<String> transcript) {
        return transcript.stream()
                .map(line -> line.replaceAll("\\bz[+-][0-9]+", "z"))
                .toList();
    }

    /** The transcript of one run; a run that breaks off says so in its last line. */
    private List<String> run(Named named, ServerProcess server, int number) {
        try {
            Stage stage = new Stage(server, number, InstantSource.system().millis(), this::setUp);
            List<String> transcript;
            try {
                named.script().run(stage);
                transcript = stage.transcript();
            } catch (IOException | RuntimeException e) {
                transcript = new ArrayList<>(stage.transcript());
                transcript.add(FAILED + e);
            }
            stage.cleanUp();
            return transcript;
        } catch (IOException e) {
            throw new UncheckedIOException("on " + server + "\n" + server.logTail(), e);
        }
    }
}
