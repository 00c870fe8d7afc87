/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vivarium.persistence.Fixtures;
import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.model.NaiveTree;
import io.vivarium.persistence.snapshot.LoadProgress;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.Stat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stock servers of five versions left on disk loads to what they read back themselves, node by node. */
class FixtureTest {
    /** Newer stock servers and ours start where the version that wrote them does not; see the README there. */
    private static final Set<String> TOLERATED = Set.of("3.4.14-empty-tail-log");
    /** 3.9.4 and later refuse these, and so do we. */
    private static final Set<String> REFUSED = Set.of("3.4.14-zxid-gap", "3.9.3-zxid-gap");
    /** Written without any snapshot, or with none left. */
    private static final Set<String> WITHOUT_SNAPSHOT = Set.of("3.4.14-logonly", "3.4.14-top-level-check");

    /** Their older snapshot says digest of 0x9 but holds the effects of 0xa: stock read the digest before applying. */
    private static final Set<String> DIGEST_TAKEN_TOO_EARLY =
            Set.of("3.9.3-snap-crc-newest", "3.9.3-snap-truncated-newest");

    @TempDir
    Path temp;

    static Stream<String> names() {
        return Fixtures.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void loads_or_is_refused_as_stock_does(String name) throws Exception {
        JsonNode expected = Fixtures.expected(name);
        if (REFUSED.contains(name)) {
            assertThatThrownBy(() -> recover(name, new NaiveTree()))
                    .isInstanceOf(RecoveryException.class)
                    .hasMessageContaining(
                            "Committed proposal cached out of order: 0x1e is not the next proposal of 0x1c");
            return;
        }
        if (expected.get("startup").asText().equals("fails") && !TOLERATED.contains(name)) {
            String stock = expected.get("error").asText();
            String words = stock.substring(stock.indexOf(' ') + 1).replace("%d", "");
            assertThatThrownBy(() -> recover(name, new NaiveTree()))
                    .isInstanceOf(RecoveryException.class)
                    .hasMessageContaining(words)
                    .hasMessageContaining("at offset");
            return;
        }
        NaiveTree tree = new NaiveTree();
        RecoveryResult result = recover(name, tree);
        // The tolerated ones equal the fixture they were made from.
        compare(name, TOLERATED.contains(name) ? Fixtures.expected("3.4.14-small") : expected, tree, result);
    }

    private RecoveryResult recover(String name, NaiveTree tree) throws Exception {
        DataDirectories directories = Fixtures.unpack(name, temp);
        RecoveryConfig config = WITHOUT_SNAPSHOT.contains(name)
                ? RecoveryConfig.DEFAULT.trustingEmptySnapshot()
                : RecoveryConfig.DEFAULT;
        return new Recovery(new FileDisk(), directories, config, LoadProgress.SILENT).recover(tree, tree);
    }

    private static void compare(String name, JsonNode expected, NaiveTree tree, RecoveryResult result) {
        assertThat(result.lastZxid()).isEqualTo(hex(expected.get("lastZxid")));
        assertThat(tree.zxid()).isEqualTo(result.lastZxid());

        Map<Long, Integer> sessions = new TreeMap<>();
        expected.get("sessions")
                .properties()
                .forEach(entry -> sessions.put(
                        Long.decode(entry.getKey()), entry.getValue().asInt()));
        assertThat(tree.sessions()).isEqualTo(sessions);

        Map<Long, Set<String>> ephemerals = new TreeMap<>();
        expected.get("ephemerals").properties().forEach(entry -> {
            TreeSet<String> paths = new TreeSet<>();
            entry.getValue().forEach(path -> paths.add(path.asText()));
            ephemerals.put(Long.decode(entry.getKey()), paths);
        });
        assertThat(tree.ephemerals()).isEqualTo(ephemerals);

        Map<String, String> wanted = new TreeMap<>();
        expected.get("nodes").properties().forEach(entry -> wanted.put(entry.getKey(), describe(entry.getValue())));
        Map<String, String> found = new TreeMap<>();
        tree.nodes().forEach((path, node) -> found.put(path, describe(tree, path, node)));
        // A 3.4 server without any snapshot never had a config node.
        if (!wanted.containsKey("/zookeeper/config")
                && result.start() == RecoveryResult.Start.LOADED_WITHOUT_SNAPSHOT) {
            found.remove("/zookeeper/config");
            found.replace("/zookeeper", wanted.get("/zookeeper"));
        }
        assertThat(found).isEqualTo(wanted);

        if (expected.has("treeDigest")) {
            assertThat(tree.treeDigest()).isEqualTo(hex(expected.get("treeDigest")));
        }
        if (DIGEST_TAKEN_TOO_EARLY.contains(name)) {
            assertThat(tree.digestMismatches()).containsExactly("snapshot digest at 0x9");
        } else {
            assertThat(tree.digestMismatches()).isEmpty();
        }
    }

    private static String describe(JsonNode node) {
        JsonNode s = node.get("stat");
        Stat stat = new Stat(
                s.get("czxid").asLong(),
                s.get("mzxid").asLong(),
                s.get("ctime").asLong(),
                s.get("mtime").asLong(),
                s.get("version").asInt(),
                s.get("cversion").asInt(),
                s.get("aversion").asInt(),
                number(s.get("ephemeralOwner")),
                s.get("dataLength").asInt(),
                s.get("numChildren").asInt(),
                s.get("pzxid").asLong());
        List<Acl> acl = new ArrayList<>();
        node.get("acl")
                .forEach(entry -> acl.add(new Acl(
                        entry.get("perms").asInt(),
                        new Id(entry.get("scheme").asText(), entry.get("id").asText()))));
        JsonNode persisted = node.get("persisted");
        return (node.get("data").isNull() ? "null" : node.get("data").asText())
                + ' '
                + acl
                + ' '
                + stat
                + ' '
                + persisted.get("cversion").asInt()
                + ' '
                + Long.toHexString(number(persisted.get("ephemeralOwner")));
    }

    private static String describe(NaiveTree tree, String path, NaiveTree.Node node) {
        OwnerKind kind = OwnerKind.of(node.owner, new OwnerKind.Rules(true, false));
        Stat stat = node.stat()
                .toStat(
                        node.data == null ? 0 : node.data.length,
                        tree.children(path).size(),
                        kind);
        return (node.data == null ? "null" : Base64.getEncoder().encodeToString(node.data))
                + ' '
                + node.acl
                + ' '
                + stat
                + ' '
                + node.cversion
                + ' '
                + Long.toHexString(node.owner);
    }

    private static long number(JsonNode node) {
        return node.isNumber() ? node.asLong() : hex(node);
    }

    private static long hex(JsonNode node) {
        return Long.parseUnsignedLong(node.asText().substring(2), 16);
    }
}
