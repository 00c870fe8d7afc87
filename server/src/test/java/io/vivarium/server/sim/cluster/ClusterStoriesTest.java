/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import static io.vivarium.server.sim.cluster.GivenCluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.snapshot.SnapshotFile;
import io.vivarium.server.quorum.Role;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What has gone wrong in ensembles before (spec quorum 16.3), and what operators do to them, as short stories. */
class ClusterStoriesTest {
    private static final int ACTIONS_OF_A_SYNC = 24;

    private static Quiet quiet;

    @BeforeAll
    static void silence() {
        quiet = new Quiet();
    }

    @AfterAll
    static void noise() {
        quiet.close();
    }

    // ---- Operations -------------------------------------------------------------------------------------------

    @Test
    void aRollingRestartLosesNothing() {
        GivenCluster given = GivenCluster.of(3);
        for (SimMachine machine : given.cluster.machines()) {
            given.cluster.stop(machine.host);
            given.isDown(machine);
            given.write(5);
            given.starts(machine);
            given.everybodyServes();
        }
        given.converges();
    }

    @Test
    void aLeaderThatIsStoppedIsReplacedWithinATick() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine leader = given.leader();
        given.cluster.stop(leader.host);
        given.isDown(leader);
        long began = given.cluster.scheduler.nowNanos();
        assertThat(given.leader()).isNotSameAs(leader);
        assertThat(given.cluster.scheduler.nowNanos() - began).isLessThan(ClusterConfig.TICK_MILLIS * 1_000_000L);
        given.write(1);
        given.starts(leader);
        given.converges();
    }

    @Test
    void aLeaderThatStoodStillForAMinuteFindsItselfReplaced() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine leader = given.leader();
        given.cluster.pause(leader.host);
        given.expect("another leads", () -> given.cluster.leading() != leader);
        given.passes(60 * SECOND);
        given.cluster.resume(leader.host);
        given.write(5);
        given.converges();
    }

    @Test
    void aVoterThatLostItsLogDoesNotVoteAsIfItHadIt() {
        twoWithoutTheNewestWritesAreNoQuorum(SimCluster::loseHistory);
    }

    /** It cannot know that it was not new; that the other has a history is enough. */
    @Test
    void aWipedVoterMakesNoQuorumWithOneThatWasAway() {
        twoWithoutTheNewestWritesAreNoQuorum(SimCluster::wipe);
    }

    /**
     * One voter was away while the others acknowledged writes, and one of those loses its disk. The two are a quorum by number,
     * and neither has what was acknowledged.
     *
     * @param loss what becomes of the disk of a host
     */
    private static void twoWithoutTheNewestWritesAreNoQuorum(BiConsumer<SimCluster, String> loss) {
        GivenCluster given = GivenCluster.of(3);
        given.write(3);
        SimMachine robbed = given.followers().get(0);
        SimMachine late = given.followers().get(1);
        given.kill(late);
        given.write(20);
        SimMachine leader = given.leader();
        given.kill(leader);
        given.kill(robbed);
        loss.accept(given.cluster, robbed.host);
        given.starts(robbed);
        given.starts(late);
        given.passes(20 * SECOND);
        assertThat(given.cluster.leading()).isNull();
        given.starts(leader);
        given.everybodyServes();
        given.converges();
    }

    @Test
    void aWipedVoterTakesItsHistoryFromTheLeader() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine wiped = given.followers().get(0);
        given.kill(wiped);
        given.cluster.wipe(wiped.host);
        given.write(20);
        given.starts(wiped);
        given.everybodyServes();
        given.kill(given.leader());
        given.write(20);
        given.converges();
    }

    @Test
    void aDamagedNewestSnapshotIsRepairedByTheLeader() throws IOException {
        GivenCluster given = new GivenCluster(ClusterConfig.of(3).withClients(1).withSnapCount(40), 2);
        given.write(300);
        SimMachine follower = given.followers().get(0);
        given.kill(follower);
        given.cluster.damage(
                follower,
                SnapshotFile.list(follower.disk, follower.directories.snapshots())
                        .get(0)
                        .path());
        given.starts(follower);
        given.everybodyServes();
        given.converges();
    }

    // ---- Undecided tails --------------------------------------------------------------------------------------

    @Test
    void anOldLeaderCutsOffWhatItNeverGotAcknowledged() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine old = given.leader();
        given.clientGoesTo(old);
        given.followers().forEach(follower -> given.cut(old, follower));
        given.writeWithoutAnswer();
        given.expect("another leads", () -> given.cluster.leading() != null && given.cluster.leading() != old);
        given.write(3);
        given.heal();
        given.everybodyServes();
        given.converges();
    }

    @Test
    void whatIsInTheLogCountsInElectionsThoughItWasNeverApplied_ZOOKEEPER_1154() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine old = given.leader();
        given.clientGoesTo(old);
        given.writeWithoutAnswer();
        given.passes(SECOND / 100);
        given.cluster.machines().forEach(given::kill);
        given.cluster.machines().forEach(given::starts);
        given.everybodyServes();
        given.write(3);
        given.converges();
    }

    @Test
    void aRoleThatEndedLeavesNoStaleMemory_ZOOKEEPER_2845() {
        GivenCluster given = GivenCluster.of(5);
        for (int i = 0; i < 5; i++) {
            SimMachine old = given.leader();
            given.clientGoesTo(old);
            given.followers().forEach(follower -> given.cut(old, follower));
            given.writeWithoutAnswer();
            given.expect("another leads", () -> given.cluster.leading() != null && given.cluster.leading() != old);
            given.heal();
            given.everybodyServes();
        }
        given.converges();
    }

    // ---- Joining ----------------------------------------------------------------------------------------------

    @Test
    void aLearnerMayDieAtAnyActionOfASyncByHistory_ZOOKEEPER_2307_4643() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine follower = given.followers().get(0);
        for (int actions = 0; actions < ACTIONS_OF_A_SYNC; actions++) {
            given.kill(follower);
            given.write(3);
            given.starts(follower);
            follower.member.process.dieAfter(actions);
            given.passes(2 * SECOND);
            given.kill(follower);
            given.starts(follower);
            given.everybodyServes();
        }
        given.converges();
    }

    @Test
    void aLearnerMayDieAtAnyActionOfASyncByImage_ZOOKEEPER_1653_2872() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine follower = given.followers().get(0);
        for (int actions = 0; actions < ACTIONS_OF_A_SYNC; actions++) {
            given.kill(follower);
            given.write(3);
            given.cluster.wipe(follower.host);
            given.starts(follower);
            follower.member.process.dieAfter(actions);
            given.passes(2 * SECOND);
            given.losesPower(follower);
            given.starts(follower);
            given.everybodyServes();
        }
        given.converges();
    }

    @Test
    void aLearnerMayLosePowerAtAnyOperationOfItsDisk_ZOOKEEPER_4269() {
        GivenCluster given = GivenCluster.of(3);
        for (int operations = 0; operations < ACTIONS_OF_A_SYNC; operations++) {
            SimMachine follower = given.followers().get(0);
            given.kill(follower);
            given.write(2);
            if (operations % 2 == 0) {
                given.cluster.wipe(follower.host);
            }
            given.starts(follower);
            follower.disk.powerFailsAfter(operations);
            given.passes(2 * SECOND);
            given.losesPower(follower);
            given.starts(follower);
            given.everybodyServes();
        }
        given.converges();
    }

    @Test
    void aHistoryThatBreaksOffIsTakenUpWithoutAHole_ZOOKEEPER_2355_4925() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine leader = given.leader();
        SimMachine follower = given.followers().get(0);
        for (int millis = 1; millis <= 15; millis++) {
            given.kill(follower);
            given.write(100);
            given.starts(follower);
            given.expect("the follower asks the leader", () -> follower.member.role() == Role.FOLLOWING);
            given.passes(millis * 1_000_000L);
            given.cluster.reset(leader.host, follower.host);
            given.everybodyServes();
        }
        given.converges();
    }

    @Test
    void anImageThatBreaksOffLeavesNothingBehind_ZOOKEEPER_3642() {
        GivenCluster given = GivenCluster.of(3);
        given.write(200);
        SimMachine leader = given.leader();
        SimMachine follower = given.followers().get(0);
        for (int millis = 1; millis <= 15; millis++) {
            given.kill(follower);
            given.cluster.wipe(follower.host);
            given.starts(follower);
            given.expect("the follower asks the leader", () -> follower.member.role() == Role.FOLLOWING);
            given.passes(millis * 1_000_000L);
            given.cluster.reset(leader.host, follower.host);
            given.everybodyServes();
        }
        given.converges();
    }

    @Test
    void whatIsWrittenWhileAnImageIsReadIsKept_ZOOKEEPER_1367_1551() {
        GivenCluster given =
                new GivenCluster(ClusterConfig.of(3).withObservers(1).withClients(1), 3);
        given.write(100);
        SimMachine observer = given.cluster.machine(4);
        for (SimMachine joining : List.of(given.followers().get(0), observer)) {
            given.kill(joining);
            given.cluster.wipe(joining.host);
            given.starts(joining);
            given.write(200);
            given.everybodyServes();
            given.kill(joining);
            given.starts(joining);
            given.everybodyServes();
        }
        given.converges();
    }

    @Test
    void aQuorumThatLosesPowerRightAfterItsSyncLosesNothing_ZOOKEEPER_3911_4646() {
        GivenCluster given = GivenCluster.of(3);
        for (int round = 0; round < 10; round++) {
            SimMachine late = given.followers().get(0);
            SimMachine other = given.followers().get(1);
            given.kill(late);
            given.write(20);
            given.kill(other);
            given.starts(late);
            long reigns = given.cluster.reigns();
            given.expect("a quorum with the late one", () -> late.member.isEstablished());
            assertThat(given.cluster.reigns()).isGreaterThanOrEqualTo(reigns);
            given.cluster.machines().forEach(given::losesPower);
            // The one that has the log from its own writing stays away.
            SimMachine away = given.cluster.machines().get(round % 3);
            given.cluster.machines().stream()
                    .filter(machine -> machine != away || machine == late)
                    .forEach(given::starts);
            given.write(1);
            given.cluster.machines().forEach(given::starts);
            given.everybodyServes();
        }
        given.converges();
    }

    // ---- Slow and one-sided -----------------------------------------------------------------------------------

    @Test
    void aFollowerThatAnswersPingsAndAcknowledgesNothingHoldsUpNobody_ZOOKEEPER_87() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine follower = given.followers().get(0);
        given.cluster.slowDisk(follower.host, 600 * SECOND);
        given.write(50);
        given.passes(30 * SECOND);
        given.write(50);
        given.cluster.slowDisk(follower.host, 0);
        given.kill(follower);
        given.starts(follower);
        given.converges();
    }

    @Test
    void aLeaderThatHearsNobodyGivesUp() {
        GivenCluster given = GivenCluster.of(5);
        SimMachine old = given.leader();
        given.followers().forEach(follower -> given.cluster.cutOneWay(follower.host, old.host));
        given.expect("another leads", () -> given.cluster.leading() != null && given.cluster.leading() != old);
        given.write(3);
        given.converges();
    }
}
