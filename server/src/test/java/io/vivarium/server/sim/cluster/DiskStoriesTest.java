/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import static io.vivarium.server.sim.cluster.GivenCluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.quorum.PacketType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Disks that fail for a while: what has gone wrong before (spec quorum 16.3), as short stories. */
class DiskStoriesTest {
    private static final int OPERATIONS_OF_A_BATCH = 6;
    /** A write and a sync. */
    private static final int OPERATIONS_OF_A_RECORD = 2;

    private static Quiet quiet;

    @BeforeAll
    static void silence() {
        quiet = new Quiet();
    }

    @AfterAll
    static void noise() {
        quiet.close();
    }

    @Test
    void aLeaderThatCannotWriteItsLogLeavesTheLeadToAnother_ZOOKEEPER_2247() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine old = given.leader();
        given.cluster.failDisk(old);
        given.writeWithoutAnswer();
        given.expect("another leads", () -> given.cluster.leading() != null && given.cluster.leading() != old);
        given.write(20);
        assertThat(old.member.isEstablished()).isFalse();
        old.disk.worksAgain();
        given.everybodyServes();
        given.write(3);
        given.converges();
    }

    @Test
    void aLoneServerThatCannotWriteItsLogAnswersNobodyUntilItCan_ZOOKEEPER_2247() {
        GivenCluster given = new GivenCluster(ClusterConfig.of(1).withClients(1), 1);
        SimMachine only = given.leader();
        given.cluster.failDisk(only);
        given.writeWithoutAnswer();
        given.expect("nobody leads", () -> given.cluster.leading() == null);
        given.passes(5 * SECOND);
        assertThat(given.cluster.leading()).isNull();
        only.disk.worksAgain();
        given.write(3);
        given.converges();
    }

    /** A sync that failed leaves in the page cache what the disk does not have, and a later one succeeds without it. */
    @Test
    void whatAFailedSyncLeftIsOnTheDiskBeforeTheNextProcessShowsIt() {
        for (int operations = 0; operations < OPERATIONS_OF_A_RECORD; operations++) {
            GivenCluster given = new GivenCluster(ClusterConfig.of(1).withClients(1), 1);
            SimMachine only = given.leader();
            given.cluster.failDisk(only.host, operations);
            given.writeWithoutAnswer();
            given.expect("nobody leads", () -> given.cluster.leading() == null);
            given.kill(only);
            only.disk.worksAgain();
            given.starts(only);
            given.everybodyServes();
            long applied = only.member.lastApplied();
            given.losesPower(only);
            given.starts(only);
            assertThat(only.member.lastApplied()).isGreaterThanOrEqualTo(applied);
            given.converges();
        }
    }

    @Test
    void whatWasAppliedAndNeverReachedTheDiskIsTakenFromTheLeaderAgain_ZOOKEEPER_4882() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine follower = given.followers().get(0);
        Eavesdropper ear = new Eavesdropper();
        given.kill(follower);
        follower.saboteur = ear;
        given.starts(follower);
        given.everybodyServes();
        for (int operations = 0; operations < OPERATIONS_OF_A_BATCH; operations++) {
            // The others decide, and it applies, what waits for its own disk in vain.
            given.cluster.slowDisk(follower.host, SECOND);
            given.write(10);
            given.cluster.failDisk(follower.host, operations);
            given.expect("its disk has failed", () -> !follower.member.isEstablished());
            long applied = follower.member.lastApplied();
            given.cluster.slowDisk(follower.host, 0);
            ear.forget();
            follower.disk.worksAgain();
            given.everybodyServes();
            assertThat(ear.count(PacketType.DIFF, PacketType.TRUNC, PacketType.SNAP))
                    .isEqualTo(1);
            assertThat(follower.member.lastApplied()).isGreaterThanOrEqualTo(applied);
            // Its log has all of it now: with nothing but that it goes on.
            given.losesPower(follower);
            given.starts(follower);
            assertThat(follower.member.lastApplied()).isGreaterThanOrEqualTo(applied);
            given.everybodyServes();
        }
        given.converges();
    }
}
