/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages that say how something is proved name tests; these must exist. */
class KnownDefectsPageTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Path PAGE = DOCS.resolve("known-defects.md");
    /** {@code `SomeTest`} or {@code `SomeTest.method`}. */
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:\\.(\\w+))?`");

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    @Test
    void everyTestThatAPageNamesExists() throws IOException {
        Map<String, String> sources = testSources();
        for (Path page : List.of(PAGE, DOCS.resolve("compatibility.md"))) {
            List<MatchResult> named =
                    TEST.matcher(Files.readString(page)).results().toList();
            assertThat(named).as("tests on %s", page).isNotEmpty();
            for (MatchResult test : named) {
                assertThat(sources).as("%s names a class", page).containsKey(test.group(1));
                if (test.group(2) != null) {
                    assertThat(sources.get(test.group(1)))
                            .as("%s names a test of %s", page, test.group(1))
                            .containsPattern("void " + test.group(2) + "\\(");
                }
            }
        }
    }

    /** By class name, of all modules. */
    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : List.of("protocol", "persistence", "election", "server", "testkit")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString();
                    sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
                }
            }
        }
        return sources;
    }

    @Test
    void noDefectOfTheSpecIsForgotten() throws IOException {
        Set<String> onThePage = issues(Files.readString(PAGE));
        String quorum = section("quorum.md", "### 16.3", "---");
        String election = section("election.md", "### 7.2", "###");
        assertThat(issues(quorum)).hasSizeGreaterThan(40);
        assertThat(issues(election)).hasSizeGreaterThan(20);
        assertThat(onThePage).containsAll(issues(quorum)).containsAll(issues(election));
    }

    private static String section(String page, String heading, String end) throws IOException {
        String text = Files.readString(DOCS.resolve("spec").resolve(page));
        int from = text.indexOf("\n" + heading) + 1;
        return text.substring(from, text.indexOf("\n" + end, from));
    }

    /** The numbers in the first column of its tables. */
    private static Set<String> issues(String text) {
        Set<String> issues = new LinkedHashSet<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith("|")) {
                NUMBER.matcher(line.split("\\|", -1)[1])
                        .results()
                        .map(MatchResult::group)
                        .forEach(issues::add);
            }
        }
        return issues;
    }

    @Test
    void everyLineNamesATestOrSaysThatItComesLater() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.matches("\\| \\d.*"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(40);
        assertThat(rows)
                .allMatch(
                        row -> TEST.matcher(row).find() || row.contains("| comes with "),
                        "names a test, or what it comes with");
    }
}
