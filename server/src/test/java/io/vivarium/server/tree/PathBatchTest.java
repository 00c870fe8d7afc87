/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathBatchTest {
    /** In no set, or nowhere. */
    private static final List<String> ODD =
            List.of("", "/", "//", "/a/", "/a//b", "a", "a/b", "/zookeeper/quota/x", "/ ", "/a/b/c/d/e/f");

    private final ZnodeTree tree = new ZnodeTree(new TreeConfig(new OwnerKind.Rules(true, false), true));
    private final PathBatch batch = new PathBatch();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void findsWhatOneByOneIsFound(long seed) {
        Random random = new Random(seed);
        List<String> paths = new ArrayList<>(ODD);
        paths.add("/zookeeper/quota");
        for (int i = 0; i < 3000; i++) {
            String parent = random.nextInt(4) == 0 ? "" : paths.get(random.nextInt(paths.size()));
            String path = parent + "/" + Integer.toString(random.nextInt(400), 36);
            if (path.length() < 100) {
                // Some of them have no parent, or are there already; those are looked for all the same.
                tree.create(path, new byte[random.nextInt(40)], null, 0, -1, i + 1, 0);
                paths.add(path);
            }
        }
        for (int i = 0; i < 2000; i++) {
            batch.clear();
            List<String> wanted = new ArrayList<>();
            for (int size = random.nextInt(PathBatch.MOST + 1); wanted.size() < size; ) {
                String path = paths.get(random.nextInt(paths.size()));
                wanted.add(random.nextInt(5) == 0 ? path + "x" : path);
                assertThat(batch.add(jute(wanted.get(wanted.size() - 1)))).isTrue();
            }
            tree.find(batch);
            for (int k = 0; k < wanted.size(); k++) {
                Znode expected = tree.find(wanted.get(k));
                Znode found = batch.node(k);
                assertThat(found == null ? null : found.packed())
                        .as("seed %d, %s", seed, wanted.get(k))
                        .isSameAs(expected == null ? null : expected.packed());
            }
        }
    }

    @Test
    void hasRoomForSoManyPathsAndSoManyBytes() {
        for (int i = 0; i < PathBatch.MOST; i++) {
            assertThat(batch.add(jute("/" + i))).isTrue();
        }
        assertThat(batch.add(jute("/x"))).isFalse();
        batch.removeLast();
        assertThat(batch.add(jute("/x"))).isTrue();
        assertThat(new String(batch.bytes(), 0, batch.start(31), StandardCharsets.US_ASCII))
                .endsWith("/30");
        assertThat(batch.length(31)).isEqualTo(2);
        batch.clear();
        String half = "/" + "a".repeat(64 * PathBatch.MOST);
        assertThat(batch.add(jute(half))).isTrue();
        assertThat(batch.add(jute(half))).isFalse();
        assertThat(batch.size()).isOne();
    }

    private static JuteReader jute(String path) {
        JuteWriter out = new JuteWriter(64);
        out.writeString(path);
        return JuteReader.of(out.toByteArray());
    }
}
