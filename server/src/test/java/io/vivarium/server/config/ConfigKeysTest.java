/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of keys and the page that shows it to people say the same. */
class ConfigKeysTest {
    private static final int COLUMNS = 8;

    @Test
    void everyRowOfTheTableStandsInTheDocumentationAndNoOther() throws IOException {
        List<String> documented;
        try (Stream<String> lines = Files.lines(Path.of("../docs/configuration.md"))) {
            documented = lines.map(line -> Arrays.stream(line.split("\\|", -1))
                            .map(String::strip)
                            .toList())
                    .filter(cells -> cells.size() == COLUMNS + 2 && cells.get(1).startsWith("`"))
                    .map(cells -> String.join(" | ", cells.subList(1, COLUMNS)))
                    .toList();
        }
        List<String> table = ConfigKeys.ALL.stream().map(ConfigKeysTest::row).toList();

        assertThat(documented).containsExactlyElementsOf(table);
    }

    @Test
    void namesOfStockDocumentationStandBesideTheirKey() throws IOException {
        String page = Files.readString(Path.of("../docs/configuration.md"));

        assertThat(ConfigKeys.ALL.stream().flatMap(key -> key.documentedNames().stream()))
                .isNotEmpty()
                .allMatch(name -> page.contains("Documented elsewhere as `" + name + "`"));
    }

    @Test
    void defaultsOfNumbersKeepTheirOwnLimits() {
        assertThat(ConfigKeys.ALL)
                .filteredOn(key -> key.defaultText().matches("-?\\d+") && key.type() == ConfigKey.Type.INT)
                .allMatch(key -> key.limits().allow(Long.parseLong(key.defaultText())));
    }

    @Test
    void patternsMatchTheirKeys() {
        assertThat(ConfigKeys.find("authProvider.sasl").map(ConfigKey::name)).contains("authProvider.*");
        assertThat(ConfigKeys.find("ssl.quorum.keyStore.location").map(ConfigKey::name))
                .contains("ssl.quorum.*");
        assertThat(ConfigKeys.find("authProvider")).isEmpty();
    }

    private static String row(ConfigKey key) {
        return Stream.of(
                        "`" + key.name() + "`",
                        key.type().toString(),
                        key.unit(),
                        key.defaultText(),
                        key.limits().text(),
                        key.source().toString(),
                        key.status().toString())
                .collect(Collectors.joining(" | "));
    }
}
