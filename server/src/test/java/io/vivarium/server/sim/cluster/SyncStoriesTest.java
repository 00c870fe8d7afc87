/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import static io.vivarium.server.sim.cluster.GivenCluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.journal.SegmentFile;
import io.vivarium.persistence.model.NaiveTree;
import io.vivarium.persistence.recovery.Recovery;
import io.vivarium.persistence.recovery.RecoveryConfig;
import io.vivarium.persistence.snapshot.LoadProgress;
import io.vivarium.persistence.snapshot.SnapshotConfig;
import io.vivarium.persistence.snapshot.SnapshotFile;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.server.quorum.Role;
import io.vivarium.server.tree.Znode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How a learner takes over its leader's history: what has gone wrong before (spec quorum 16.3), as short stories. */
class SyncStoriesTest {
    private static final long MILLI = 1_000_000;

    private static Quiet quiet;

    @BeforeAll
    static void silence() {
        quiet = new Quiet();
    }

    @AfterAll
    static void noise() {
        quiet.close();
    }

    private static Eavesdropper listenAt(SimMachine machine) {
        Eavesdropper ear = new Eavesdropper();
        machine.saboteur = ear;
        return ear;
    }

    private static List<SnapshotFile> snapshots(SimMachine machine) throws IOException {
        return SnapshotFile.list(machine.disk, machine.directories.snapshots());
    }

    /** Time for snapshots is in between. */
    private static void writeBatches(GivenCluster given, int batches) {
        for (int i = 0; i < batches; i++) {
            given.write(25);
            given.passes(SECOND);
        }
    }

    private static void anotherEpochBegins(GivenCluster given) {
        SimMachine leader = given.leader();
        given.kill(leader);
        given.starts(leader);
        given.expect("somebody leads", () -> given.cluster.leading() != null);
    }

    @Test
    void whoWasAwayForAMomentNeedsNoSnapshotAndHasAllInItsLog_ZOOKEEPER_2678() throws IOException {
        GivenCluster given = GivenCluster.of(3);
        SimMachine follower = given.followers().get(0);
        Eavesdropper ear = listenAt(follower);
        given.kill(follower);
        List<SnapshotFile> before = snapshots(follower);
        given.write(20);
        given.starts(follower);
        given.everybodyServes();
        assertThat(ear.count(PacketType.DIFF)).isEqualTo(1);
        assertThat(snapshots(follower)).isEqualTo(before);
        long applied = follower.member.lastApplied();
        assertThat(applied).isGreaterThanOrEqualTo(given.leader().member.lastApplied());
        given.cluster.machines().forEach(given::losesPower);
        given.starts(follower);
        assertThat(follower.member.lastApplied()).isGreaterThanOrEqualTo(applied);
        given.converges();
    }

    @Test
    void aHoleInTheLeadersLogIsNotPassedOn_ZOOKEEPER_2418() throws IOException {
        ClusterConfig shape =
                ClusterConfig.of(3).withClients(1).withSnapCount(60).withCommitLog(5);
        GivenCluster given = new GivenCluster(shape.withHistoriesOfAnyLength(), 1);
        SimMachine leader = given.leader();
        SimMachine follower = given.followers().get(0);
        Eavesdropper ear = listenAt(follower);
        given.kill(follower);
        long last = follower.member.lastApplied();
        writeBatches(given, 6);
        // The log still begins below the follower's last transaction, but not all of it is there.
        List<SegmentFile> files = SegmentFile.listFrom(leader.disk, leader.directories.logs(), last);
        assertThat(files.size()).isGreaterThan(2);
        assertThat(files.get(0).startZxid()).isLessThanOrEqualTo(last);
        leader.disk.delete(files.get(1).path());
        given.starts(follower);
        given.everybodyServes();
        assertThat(ear.count(PacketType.SNAP)).isEqualTo(1);
        assertThat(ear.count(PacketType.DIFF, PacketType.TRUNC)).isZero();
        given.converges();
    }

    /** Behind an epoch that is missing the next one begins as behind any other. */
    @Test
    void aLogThatLacksAWholeEpochIsNotSentOverTheHole() throws IOException {
        ClusterConfig shape =
                ClusterConfig.of(3).withClients(1).withSnapCount(60).withCommitLog(5);
        GivenCluster given = new GivenCluster(shape.withHistoriesOfAnyLength(), 1);
        SimMachine away = given.followers().get(0);
        given.kill(away);
        anotherEpochBegins(given);
        writeBatches(given, 3);
        long lostEpoch = Zxid.epoch(given.leader().member.lastApplied());
        anotherEpochBegins(given);
        writeBatches(given, 1);
        SimMachine leader = given.leader();
        List<SegmentFile> lost = SegmentFile.list(leader.disk, leader.directories.logs()).stream()
                .filter(file -> Zxid.epoch(file.startZxid()) == lostEpoch)
                .toList();
        assertThat(lost).isNotEmpty();
        for (SegmentFile file : lost) {
            leader.disk.delete(file.path());
        }
        assertThat(snapshots(leader)).anyMatch(file -> Zxid.epoch(file.zxid()) == lostEpoch);
        Eavesdropper ear = listenAt(away);
        given.starts(away);
        given.everybodyServes();
        assertThat(ear.count(PacketType.SNAP)).isEqualTo(1);
        assertThat(ear.count(PacketType.DIFF, PacketType.TRUNC)).isZero();
        given.converges();
    }

    @Test
    void withoutAHoleTheLogOnDiskIsSent() {
        ClusterConfig shape =
                ClusterConfig.of(3).withClients(1).withSnapCount(60).withCommitLog(5);
        GivenCluster given = new GivenCluster(shape.withHistoriesOfAnyLength(), 1);
        SimMachine follower = given.followers().get(0);
        Eavesdropper ear = listenAt(follower);
        given.kill(follower);
        for (int i = 0; i < 6; i++) {
            given.write(25);
            given.passes(SECOND);
        }
        given.starts(follower);
        given.everybodyServes();
        assertThat(ear.count(PacketType.DIFF)).isEqualTo(1);
        assertThat(ear.count(PacketType.SNAP, PacketType.TRUNC)).isZero();
        given.converges();
    }

    /**
     * A leader that was cut off has a snapshot of what was never decided, and none below: its history cannot be cut back. It
     * lacks nothing all the same, and with the voter that was robbed meanwhile nobody but these three could lead.
     */
    @Test
    void aVoterWhoseHistoryCannotBeCutBackStillCountsAndTakesAnImage() throws IOException {
        GivenCluster given = GivenCluster.of(3);
        given.write(3);
        SimMachine old = given.leader();
        SimMachine robbed = given.followers().get(0);
        given.clientGoesTo(old);
        given.followers().forEach(follower -> given.cut(old, follower));
        given.writeWithoutAnswer();
        given.expect("another leads", () -> given.cluster.leading() != null && given.cluster.leading() != old);
        given.kill(old);
        keepOnlyASnapshotOfEverything(old);
        given.kill(robbed);
        given.cluster.loseHistory(robbed.host);
        given.heal();
        Eavesdropper ear = listenAt(old);
        given.starts(old);
        given.starts(robbed);
        given.everybodyServes();
        assertThat(ear.count(PacketType.TRUNC)).isPositive();
        assertThat(ear.count(PacketType.SNAP)).isPositive();
        given.converges();
    }

    private static void keepOnlyASnapshotOfEverything(SimMachine machine) throws IOException {
        List<SnapshotFile> before = snapshots(machine);
        NaiveTree tree = new NaiveTree();
        new Recovery(machine.disk, machine.directories, RecoveryConfig.DEFAULT, LoadProgress.SILENT)
                .recover(tree, tree);
        new SnapshotWriter(machine.disk, machine.directories.snapshots(), SnapshotConfig.DEFAULT).write(tree);
        for (SnapshotFile file : before) {
            machine.disk.delete(file.path());
        }
        machine.disk.syncDirectory(machine.directories.snapshots());
    }

    @Test
    void whatIsCommittedWhileALearnerWritesItsEpochIsAppliedAndAcknowledgedAfterwards_ZOOKEEPER_4394_4685() {
        // A server that is killed may lack what it took while its disk was slow: still not too much for a DIFF.
        GivenCluster given = new GivenCluster(ClusterConfig.of(3).withClients(2).withCommitLog(5_000), 1);
        SimMachine follower = given.followers().get(0);
        Eavesdropper ear = listenAt(follower);
        int times = 0;
        for (int i = 0; i < 8; i++) {
            given.kill(follower);
            given.write(5);
            ear.forget();
            given.cluster.slowDisk(follower.host, 300 * MILLI);
            given.starts(follower);
            given.expect("it is told what it lacks", () -> {
                given.writeWithoutAnswer();
                given.passes(MILLI);
                return follower.member.isEstablished();
            });
            given.cluster.slowDisk(follower.host, 0);
            given.write(1);
            given.everybodyServes();
            assertThat(ear.count(PacketType.DIFF)).isEqualTo(1);
            if (ear.committedInBetween() > 0) {
                times++;
            }
        }
        assertThat(times).as("syncs with a commit of this kind").isPositive();
        given.converges();
    }

    @Test
    void theMembersInOnesOwnFileWinOverThoseOfTheLeaderAndItsImage_ZOOKEEPER_2819_3829() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine follower = given.followers().get(0);
        Ensemble own = withClientAddresses(given.cluster.ensemble);
        given.kill(follower);
        follower.ownEnsemble = own;
        given.write(3);
        // Once by transactions, once by an image, which has the leader's text in it.
        for (int round = 0; round < 2; round++) {
            given.starts(follower);
            given.everybodyServes();
            assertThat(shownMembers(follower)).isEqualTo(own.toText());
            assertThat(shownMembers(given.leader())).isEqualTo(given.cluster.ensemble.toText());
            given.kill(follower);
            given.cluster.wipe(follower.host);
        }
        given.converges();
        assertThat(shownMembers(follower)).isEqualTo(own.toText());
    }

    private static Ensemble withClientAddresses(Ensemble ensemble) {
        List<Member> members = new ArrayList<>();
        for (Member member : ensemble.members().values()) {
            HostPort clients = new HostPort(SimMachine.hostOf(member.sid()), SimMachine.CLIENT_PORT);
            members.add(new Member(member.sid(), member.addresses(), member.role(), clients));
        }
        return Ensemble.ofMajority(members, ensemble.version());
    }

    private static String shownMembers(SimMachine machine) {
        Znode node = machine.member.tree.tree.find("/zookeeper/config");
        return new String(node.data(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsLoggedAndNotDecidedWhenARoleEndsIsInTheTreeOfTheNext_ZOOKEEPER_1154_2845() {
        GivenCluster given = GivenCluster.of(3);
        for (int round = 0; round < 3; round++) {
            SimMachine old = given.leader();
            List<SimMachine> followers = given.followers();
            given.clientGoesTo(old);
            given.write(1);
            // What it proposes is heard and logged, and it never learns of that.
            followers.forEach(follower -> given.cluster.peers.cutOneWay(follower.host, old.host));
            given.writeWithoutAnswer();
            given.passes(SECOND / 2);
            long decided = old.member.lastApplied();
            given.kill(old);
            given.heal();
            given.leader();
            assertThat(given.cluster.checks.history().has(decided + 1))
                    .as("what the old leader proposed last is decided")
                    .isTrue();
            given.write(3);
            // What the disks say is what was in memory.
            followers.forEach(given::kill);
            followers.forEach(given::starts);
            given.starts(old);
            given.everybodyServes();
        }
        given.converges();
    }

    @Test
    void anImageThatWasReadAndNotWrittenDownIsNoHistory_ZOOKEEPER_3642() {
        GivenCluster given = GivenCluster.of(3);
        given.write(20);
        SimMachine leader = given.leader();
        SimMachine follower = given.followers().get(0);
        Eavesdropper ear = listenAt(follower);
        int brokenOff = 0;
        for (int i = 0; i < 40; i++) {
            given.kill(follower);
            given.cluster.wipe(follower.host);
            ear.forget();
            given.starts(follower);
            given.expect("an image comes", () -> ear.count(PacketType.SNAP) == 1);
            given.passes(i * MILLI / 4);
            if (ear.count(PacketType.NEW_LEADER) == 0) {
                brokenOff++;
                given.cluster.reset(leader.host, follower.host);
            }
            given.everybodyServes();
            // What it has now is what it finds when it starts.
            long applied = follower.member.lastApplied();
            given.kill(follower);
            given.starts(follower);
            assertThat(follower.member.lastApplied()).isGreaterThanOrEqualTo(applied);
            given.everybodyServes();
        }
        assertThat(brokenOff).isGreaterThan(5);
        given.converges();
    }

    @Test
    void aRoleBeginsWhenTheDiskHasDoneWhatTheLastOneAsked_ZOOKEEPER_4409_4712() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine leader = given.leader();
        SimMachine follower = given.followers().get(0);
        for (int millis = 1; millis <= 4_000; millis += 199) {
            given.kill(follower);
            given.write(3);
            given.cluster.slowDisk(follower.host, SECOND);
            given.starts(follower);
            given.expect("the follower asks the leader", () -> follower.member.role() == Role.FOLLOWING);
            given.passes(millis * MILLI);
            // Promise, log, epoch: something of it is under way, and the next role begins while it is.
            given.cluster.reset(leader.host, follower.host);
            given.everybodyServes();
        }
        given.cluster.slowDisk(follower.host, 0);
        given.converges();
    }
}
