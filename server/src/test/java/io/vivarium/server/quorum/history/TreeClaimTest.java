/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.model.NaiveTree;
import io.vivarium.persistence.model.SimDisk;
import io.vivarium.persistence.snapshot.SnapshotConfig;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Spec persistence 4.5, trap T14. */
class TreeClaimTest {
    private static final Path DIR = Path.of("/data/version-2");

    private final SimDisk disk = new SimDisk();
    private final TreeClaim claim = new TreeClaim();
    private final GivenServerTree tree = new GivenServerTree();
    private final SnapshotWriter writer = new SnapshotWriter(disk, DIR, SnapshotConfig.DEFAULT);

    @Test
    void a_walk_that_is_overtaken_by_a_claim_leaves_no_file() throws IOException {
        disk.createDirectories(DIR);
        // How often the walk lets go of the tree, and then a claim at each of these moments.
        int[] holds = new int[1];
        tree.betweenHolds = () -> holds[0]++;
        assertThat(claim.run(() -> writer.write(claim.watched(tree.view())))).isTrue();
        assertThat(disk.list(DIR)).containsExactly("snapshot.0");
        disk.delete(DIR.resolve("snapshot.0"));
        for (int at = 1; at <= holds[0]; at++) {
            int[] left = {at};
            tree.betweenHolds = () -> {
                if (--left[0] == 0) {
                    claim.claim();
                    tree.loader.clear();
                }
            };
            assertThat(claim.run(() -> writer.write(claim.watched(tree.view()))))
                    .as("claimed at hold %d of %d", at, holds[0])
                    .isFalse();
            assertThat(disk.list(DIR)).isEmpty();
            claim.end();
            tree.loader.fresh();
        }
    }

    @Test
    void nothing_begins_while_the_tree_is_claimed() throws IOException {
        claim.take();
        NaiveTree counted = new NaiveTree();
        assertThat(claim.run(counted::clear)).isFalse();
        assertThat(counted.nodes()).isNotEmpty();
        claim.end();
        assertThat(claim.run(() -> {})).isTrue();
    }
}
