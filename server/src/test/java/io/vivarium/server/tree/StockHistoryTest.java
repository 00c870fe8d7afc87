/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Id;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.txn.LoggedTxn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Histories of stock servers give the tree that those servers had in the end, and every digest on the way. */
class StockHistoryTest {
    private static final TreeConfig WITH_TTL = new TreeConfig(new OwnerKind.Rules(true, false), true);

    private final RecordedSessions sessions = new RecordedSessions();
    private final ZnodeTree tree = new ZnodeTree(WITH_TTL);
    private final TxnApplier applier = new TxnApplier(tree, sessions);

    @ParameterizedTest
    @ValueSource(strings = {"3.4.14-base", "3.8.4-base", "3.9.3-base", "3.9.3-fuzzy"})
    void replayedFromTheFirstTransactionItEndsWhereStockEnded(String fixture) throws IOException {
        List<LoggedTxn> history = history(fixture);
        for (LoggedTxn txn : history) {
            applier.apply(txn, ChangeListener.NONE);
            assertThat(applier.digests().mismatches())
                    .as("digest after %s", txn)
                    .isZero();
        }
        JsonNode expected = expected(fixture);
        assertThat(expected.path("fixture").asText()).isEqualTo(fixture);
        assertSame(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.4.14-base", "3.9.3-base", "3.9.3-fuzzy"})
    void replayedTwiceItIsTheSame(String fixture) throws IOException {
        List<LoggedTxn> history = history(fixture);
        history.forEach(txn -> applier.apply(txn.header(), txn.body(), null, ChangeListener.NONE));
        long digest = tree.digest();
        history.forEach(txn -> applier.apply(txn.header(), txn.body(), null, ChangeListener.NONE));
        assertThat(tree.digest()).isEqualTo(digest);
        assertSame(expected(fixture));
    }

    @Test
    void aWrongDigestIsCountedAndNothingElse() throws IOException {
        List<LoggedTxn> history = history("3.9.3-base");
        // The first opens a session, which no digest shows; the second creates a node.
        history.remove(1);
        history.forEach(txn -> applier.apply(txn, ChangeListener.NONE));
        assertThat(applier.digests().mismatches()).isPositive();
        assertThat(applier.digests().lastMismatchZxid()).isEqualTo(tree.lastZxid());
    }

    private void assertSame(JsonNode expected) {
        assertThat(tree.lastZxid()).isEqualTo(hex(expected.path("lastZxid").asText()));
        if (expected.has("treeDigest")) {
            assertThat(tree.digest()).isEqualTo(hex(expected.path("treeDigest").asText()));
        }
        Map<Long, Integer> expectedSessions = new HashMap<>();
        expected.path("sessions")
                .properties()
                .forEach(e -> expectedSessions.put(hex(e.getKey()), e.getValue().asInt()));
        assertThat(sessions.timeouts()).isEqualTo(expectedSessions);
        expected.path("ephemerals").properties().forEach(e -> {
            List<String> paths = new ArrayList<>();
            e.getValue().forEach(path -> paths.add(path.asText()));
            assertThat(tree.ephemeralsOf(hex(e.getKey()))).containsExactlyInAnyOrderElementsOf(paths);
        });
        boolean hasConfig = expected.path("nodes").has("/zookeeper/config");
        assertThat(tree.nodeCount()).isEqualTo(expected.path("nodes").size() + (hasConfig ? 0 : 1));
        expected.path("nodes").properties().forEach(e -> assertSameNode(e.getKey(), e.getValue(), hasConfig));
    }

    private void assertSameNode(String path, JsonNode expected, boolean hasConfig) {
        Znode node = tree.find(path);
        assertThat(node).as(path).isNotNull();
        if (path.equals("/zookeeper") && !hasConfig) {
            return;
        }
        JsonNode data = expected.path("data");
        assertThat(node.data())
                .as(path)
                .isEqualTo(data.isNull() ? null : Base64.getDecoder().decode(data.asText()));
        JsonNode s = expected.path("stat");
        assertThat(node.stat())
                .as(path)
                .isEqualTo(new Stat(
                        s.path("czxid").asLong(),
                        s.path("mzxid").asLong(),
                        s.path("ctime").asLong(),
                        s.path("mtime").asLong(),
                        s.path("version").asInt(),
                        s.path("cversion").asInt(),
                        s.path("aversion").asInt(),
                        s.path("ephemeralOwner").asLong(),
                        s.path("dataLength").asInt(),
                        s.path("numChildren").asInt(),
                        s.path("pzxid").asLong()));
        JsonNode persisted = expected.path("persisted");
        assertThat(node.cversion())
                .as(path)
                .isEqualTo(persisted.path("cversion").asInt());
        assertThat(node.owner())
                .as(path)
                .isEqualTo(hex(persisted.path("ephemeralOwner").asText()));
        List<Acl> acl = new ArrayList<>();
        expected.path("acl")
                .forEach(a -> acl.add(new Acl(
                        a.path("perms").asInt(),
                        new Id(a.path("scheme").asText(), a.path("id").asText()))));
        assertThat(tree.acl(node)).as(path).isEqualTo(acl);
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text.substring(2), 16);
    }

    private static List<LoggedTxn> history(String fixture) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(read(fixture, "txns.gz"));
        List<LoggedTxn> txns = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int length = bytes.getInt();
            txns.add(LoggedTxn.read(bytes.slice(bytes.position(), length), 1 << 20));
            bytes.position(bytes.position() + length);
        }
        return txns;
    }

    private static JsonNode expected(String fixture) throws IOException {
        return new ObjectMapper().readTree(read(fixture, "expected.json.gz"));
    }

    private static byte[] read(String fixture, String file) throws IOException {
        String name = "/fixtures/tree/" + fixture + "/" + file;
        try (InputStream in = StockHistoryTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new GZIPInputStream(in).readAllBytes();
        }
    }
}
