/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.server.client.OutboxStress;
import io.vivarium.server.pipeline.CoreLoopStress;
import io.vivarium.server.pipeline.TreeGateStress;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What threads share, handed to jcstress: it runs the {@code *Stress} classes in processes of its own and reports which
 * outcomes there were.
 *
 * <p>In {@code mvn verify} every test has a few hundred milliseconds. {@code -Dstress.mode=quick}, {@code default},
 * {@code tough} or {@code stress} takes jcstress's own time, from minutes to hours, and compiles the code in more ways. The
 * report is in {@code target/jcstress}.
 */
class StressIT {
    private static final String SHORT = "short";
    private static final List<String> SHORT_OPTIONS = List.of(
            "-f", "1", "-fsm", "0", "-iters", "1", "-time", "150", "-sc", "false", "-af", "NONE", "-pth", "false");
    private static final Pattern TOTAL = Pattern.compile(
            "\\(Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) soft errs, (\\d+) hard errs");

    private final String mode = System.getProperty("stress.mode", SHORT);
    private final Path directory = Path.of("target", "jcstress").toAbsolutePath();

    @Test
    void no_order_of_events_shows_a_forbidden_outcome() throws Exception {
        String report = run();
        assertThat(report).doesNotContain("[FAILED]");
        for (String name : expected()) {
            // Said for each, as jcstress leaves out what it cannot run and calls that success.
            assertThat(report).contains("[OK] " + name);
        }
        Matcher total = total(report);
        assertThat(total.group(2)).as("passed, of what was planned").isEqualTo(total.group(1));
    }

    private String run() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path output = directory.resolve("output.txt");
        Process jcstress = new ProcessBuilder(command())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            long minutes = mode.equals(SHORT) ? 5 : TimeUnit.DAYS.toMinutes(1);
            assertThat(jcstress.waitFor(minutes, TimeUnit.MINUTES))
                    .as("jcstress ends, see %s", output)
                    .isTrue();
        } finally {
            // Its own children notice that it is gone and end too.
            jcstress.destroy();
        }
        String report = Files.readString(output);
        assertThat(jcstress.exitValue()).as(report).isZero();
        return report;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", absoluteClassPath(), "org.openjdk.jcstress.Main"));
        command.addAll(List.of("-v", "-t", "^io\\.vivarium\\.", "-r", directory.toString(), "-hs", "64"));
        command.addAll(List.of("-m", mode.equals(SHORT) ? "quick" : mode));
        if (mode.equals(SHORT)) {
            command.addAll(SHORT_OPTIONS);
            command.addAll(List.of("-jvmArgs", "-XX:+UseSerialGC"));
        }
        return command;
    }

    private static String absoluteClassPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(path.split(File.pathSeparator))
                .map(element -> Path.of(element).toAbsolutePath().toString())
                .reduce((one, next) -> one + File.pathSeparator + next)
                .orElseThrow();
    }

    private static List<String> expected() {
        return Stream.of(TreeGateStress.class, OutboxStress.class, CoreLoopStress.class)
                .flatMap(each -> Arrays.stream(each.getDeclaredClasses()))
                .filter(each -> Modifier.isPublic(each.getModifiers()))
                .map(Class::getCanonicalName)
                .toList();
    }

    private static Matcher total(String report) {
        Matcher found = TOTAL.matcher(report.substring(report.lastIndexOf("(Results: ")));
        assertThat(found.find()).as("a last line of results in\n%s", report).isTrue();
        return found;
    }
}
