/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.data.OwnerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
    private static final List<String> ODD = List.of(
            "", "/", "//", "//a", "/a/", "/a//b", "a", "a/b", "/\u00e9", "/\u00e9/a", "/a/\u00e9", "/zookeeper/quota");

    private final ZnodeTree tree = new ZnodeTree(new TreeConfig(new OwnerKind.Rules(true, false), true));
    private long zxid;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void leadsWhereALookUpLeadsAndIsUpToDateOnlyWhereItStillDoes(long seed) {
        Random random = new Random(seed);
        List<String> paths = new ArrayList<>(ODD);
        for (int i = 0; i < 2000; i++) {
            change(random, paths);
            List<Place> places = paths.stream().map(tree::place).toList();
            for (int k = 0; k < paths.size(); k++) {
                Znode found = tree.find(paths.get(k));
                Znode placed = places.get(k).znode();
                assertThat(placed == null ? null : placed.packed())
                        .as("seed %d, %s", seed, paths.get(k))
                        .isSameAs(found == null ? null : found.packed());
            }
            for (int more = random.nextInt(4); more >= 0; more--) {
                change(random, paths);
            }
            for (int k = 0; k < places.size(); k++) {
                if (places.get(k).isUpToDate(tree.root())) {
                    assertThat(Lookup.find(tree.root(), paths.get(k)))
                            .as("seed %d, %s", seed, paths.get(k))
                            .isSameAs(places.get(k).node());
                }
            }
            while (paths.size() > 60) {
                tree.delete(paths.remove(random.nextInt(paths.size() - ODD.size()) + ODD.size()), ++zxid);
            }
        }
    }

    private void change(Random random, List<String> paths) {
        String path = paths.get(random.nextInt(paths.size()));
        switch (random.nextInt(4)) {
            case 0:
                if (paths.indexOf(path) >= ODD.size()) {
                    tree.delete(path, ++zxid);
                }
                break;
            case 1:
                tree.setData(path, new byte[random.nextInt(3)], 1, ++zxid, 0, null);
                break;
            default:
                String child = path + "/" + random.nextInt(30);
                tree.create(child, new byte[1], null, 0, -1, ++zxid, 0);
                if (!paths.contains(child)) {
                    paths.add(child);
                }
                break;
        }
    }

    @Test
    void staysUpToDateWhileTheNodeIsWrittenOver() {
        tree.create("/a", new byte[10], null, 0, -1, ++zxid, 0);
        Place place = tree.place("/a");
        tree.setData("/a", new byte[10], 1, ++zxid, 0, null);
        assertThat(place.isUpToDate(tree.root())).isTrue();
        tree.setData("/a", new byte[11], 2, ++zxid, 0, null);
        assertThat(place.isUpToDate(tree.root())).isFalse();
    }

    @Test
    void isOutOfDateWhenTheNodeWasMadeAnew() {
        tree.create("/a", new byte[10], null, 0, -1, ++zxid, 0);
        Place place = tree.place("/a");
        tree.delete("/a", ++zxid);
        assertThat(place.isUpToDate(tree.root())).isFalse();
        tree.create("/a", new byte[10], null, 0, -1, ++zxid, 0);
        assertThat(place.isUpToDate(tree.root())).isFalse();
    }

    @Test
    void isOutOfDateWhenTheWholeTreeWasReplaced() {
        tree.create("/a", new byte[10], null, 0, -1, ++zxid, 0);
        Place place = tree.place("/a");
        tree.plant();
        assertThat(place.isUpToDate(tree.root())).isFalse();
        assertThat(tree.setData("/a", new byte[10], 1, ++zxid, 0, new Foreseen(place, 1))
                        .failed())
                .isTrue();
    }

    @Test
    void nothingIsUpToDateWhereNothingIs() {
        assertThat(tree.place("/a").isUpToDate(tree.root())).isFalse();
        assertThat(tree.place("/").isUpToDate(tree.root())).isFalse();
    }
}
