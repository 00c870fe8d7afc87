/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static io.vivarium.server.pipeline.GivenTree.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.StoredStat;
import org.junit.jupiter.api.Test;

/** The tree plus what is on its way (spec quorum 9.2). */
class PendingChangesTest {
    private final GivenTree given = new GivenTree().with("/a");
    private final PendingChanges pending = new PendingChanges(given.tree, GivenTree.RULES);

    private static PendingNode node(long zxid, long owner, long digest) {
        return new PendingNode(
                zxid, new StoredStat(zxid, zxid, 0, 0, 0, 0, 0, owner, zxid), 0, Acl.OPEN, null, digest, null);
    }

    @Test
    void whatDoesNotChangeIsAsTheTreeHasIt() {
        assertThat(pending.find("/a").stat()).isEqualTo(given.tree.find("/a").storedStat());
        assertThat(pending.find("/none")).isNull();
        assertThat(pending.find("")).usingRecursiveComparison().isEqualTo(pending.find("/"));
        assertThat(pending.digest()).isEqualTo(given.tree.digest());
    }

    @Test
    void theNewestChangeIsSeenUntilItIsAppliedOrTakenBack() {
        pending.putNew("/b", node(10, 0, 1));
        pending.put("/b", pending.find("/b"), node(11, 0, 2));
        pending.put("/b", pending.find("/b"), PendingNode.deleted(12));
        assertThat(pending.find("/b")).isNull();
        pending.rollBack(12);
        assertThat(pending.find("/b").zxid()).isEqualTo(11);
        pending.applied(10);
        assertThat(pending.find("/b").zxid()).isEqualTo(11);
        pending.applied(11);
        assertThat(pending.isEmpty()).isTrue();
        assertThat(pending.find("/b")).isNull();
    }

    @Test
    void aRollBackTakesTheDigestBackToo() {
        pending.putNew("/b", node(10, 0, 5));
        long digest = pending.digest();
        assertThat(digest).isEqualTo(given.tree.digest() + 5);
        pending.put("/b", pending.find("/b"), node(11, 0, 7));
        pending.putNew("/c", node(11, 0, 9));
        assertThat(pending.digest()).isEqualTo(digest + 2 + 9);
        pending.rollBack(11);
        assertThat(pending.digest()).isEqualTo(digest);
        pending.rollBack(11);
        assertThat(pending.find("/b").zxid()).isEqualTo(10);
    }

    @Test
    void anEphemeralThatIsMadeAgainAsAnOrdinaryNodeIsNotTheSessionsAnyMore() {
        pending.putNew("/e", node(10, SESSION, 1));
        assertThat(pending.ephemeralsOf(SESSION)).containsExactly("/e");
        assertThat(pending.ephemeralsOf(SESSION + 1)).isEmpty();
        pending.put("/e", pending.find("/e"), PendingNode.deleted(11));
        assertThat(pending.ephemeralsOf(SESSION)).isEmpty();
        pending.putNew("/e", node(12, 0, 1));
        assertThat(pending.ephemeralsOf(SESSION)).isEmpty();
    }
}
