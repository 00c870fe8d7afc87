/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static io.vivarium.server.pipeline.GivenTree.WALL_MILLIS;
import static io.vivarium.server.pipeline.GivenTree.creation;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import org.junit.jupiter.api.Test;

/** When containers and TTL nodes are deleted (spec client-protocol 5.6). */
class ContainerReaperTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = -5 * SECOND;

    private final GivenTree given = new GivenTree();
    private final ContainerReaper reaper = new ContainerReaper(given.tree, new ContainerReaper.Config(60_000, 60, 0));

    private void abandon(String path) {
        given.does(OpCode.CREATE_CONTAINER, creation(path, 4));
        given.does(OpCode.CREATE, creation(path + "/x"));
        given.does(OpCode.DELETE, new ClientRequest.Delete(path + "/x", -1));
    }

    @Test
    void itLooksAfterOneIntervalAndNeverBefore() {
        abandon("/c");
        assertThat(reaper.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        reaper.start(START);
        assertThat(reaper.nextDeadlineNanos()).isEqualTo(START + 60 * SECOND);
        assertThat(reaper.due(START + 60 * SECOND - 1, WALL_MILLIS)).isEmpty();
        assertThat(reaper.due(START + 60 * SECOND, WALL_MILLIS)).containsExactly("/c");
        assertThat(reaper.nextDeadlineNanos()).isEqualTo(START + 120 * SECOND);
    }

    @Test
    void itDeletesNoFasterThanItsRate() {
        abandon("/c");
        abandon("/d");
        reaper.start(START);
        long look = START + 60 * SECOND;
        String first = reaper.due(look, WALL_MILLIS).get(0);
        assertThat(reaper.nextDeadlineNanos()).isEqualTo(look + SECOND);
        assertThat(reaper.due(look + SECOND - 1, WALL_MILLIS)).isEmpty();
        assertThat(reaper.due(look + SECOND, WALL_MILLIS)).hasSize(1).doesNotContain(first);
    }

    @Test
    void aTtlNodeIsDueWhenItsTimeHasPassedAndItHasNoChildren() {
        given.does(OpCode.CREATE_TTL, new ClientRequest.CreateTtl("/t", null, Acl.OPEN, 5, 500));
        given.does(OpCode.CREATE_TTL, new ClientRequest.CreateTtl("/u", null, Acl.OPEN, 5, 500));
        given.does(OpCode.CREATE, creation("/u/x"));
        reaper.start(START);
        assertThat(reaper.due(START + 60 * SECOND, WALL_MILLIS + 500)).isEmpty();
        assertThat(reaper.due(START + 120 * SECOND, WALL_MILLIS + 501)).containsExactly("/t");
    }

    @Test
    void onceStoppedOrSwitchedOffItHasNothingToDo() {
        abandon("/c");
        reaper.start(START);
        reaper.stop();
        assertThat(reaper.due(START + 600 * SECOND, WALL_MILLIS)).isEmpty();
        ContainerReaper off = new ContainerReaper(given.tree, new ContainerReaper.Config(0, 60, 0));
        off.start(START);
        assertThat(off.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(off.due(START + 600 * SECOND, WALL_MILLIS)).isEmpty();
    }
}
