/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import static io.vivarium.server.sim.cluster.GivenCluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.disk.DiskFile;
import io.vivarium.persistence.epoch.EpochFiles;
import io.vivarium.persistence.epoch.StoredEpoch;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.Member;
import io.vivarium.protocol.ensemble.Role;
import io.vivarium.server.quorum.QuorumEffects;
import io.vivarium.server.quorum.QuorumEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who leads, for how long, and whose word counts: what has gone wrong before (spec quorum 16.3), as short stories. */
class EpochStoriesTest {
    private static final int TRANSACTIONS_OF_AN_EPOCH = 40;
    /** Whether a disk loses a name that was not synced is left to chance. */
    private static final int CHANCES = 8;

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
    void anEpochThatIsFullIsFollowedByTheNext_ZOOKEEPER_1277() {
        GivenCluster given =
                new GivenCluster(ClusterConfig.of(3).withClients(2).withEpochsOf(TRANSACTIONS_OF_AN_EPOCH), 1);
        long reigns = given.cluster.reigns();
        for (int i = 0; i < 10; i++) {
            given.write(30);
            for (SimMachine machine : given.cluster.machines()) {
                assertThat(Zxid.counter(machine.member.lastApplied())).isLessThanOrEqualTo(TRANSACTIONS_OF_AN_EPOCH);
            }
        }
        given.converges();
        assertThat(given.cluster.reigns()).isGreaterThan(reigns + 4);
    }

    @Test
    void whoeverComesLaterFindsAllOfOneMind_ZOOKEEPER_1732() {
        GivenCluster given = GivenCluster.of(5);
        given.kill(given.leader());
        given.write(1);
        given.cluster.machines().forEach(given::starts);
        given.everybodyServes();
        long reigns = given.cluster.reigns();
        // Each of them comes to an ensemble whose members have come at different times.
        for (SimMachine follower : given.followers()) {
            given.kill(follower);
            given.write(1);
            given.starts(follower);
            long began = given.cluster.scheduler.nowNanos();
            given.everybodyServes();
            assertThat(given.cluster.scheduler.nowNanos() - began).isLessThan(SECOND);
        }
        assertThat(given.cluster.reigns()).isEqualTo(reigns);
        given.converges();
    }

    /** Who was elected again and again, and died each time behind its own promise, may follow nobody below it. */
    @Test
    void whoHasPromisedMoreThanTheOthersNeedIsMadeRoomFor() throws IOException {
        GivenCluster given = GivenCluster.of(3);
        SimMachine follower = given.followers().get(0);
        given.kill(follower);
        long promised = epochOf(follower) + 4;
        epochsOf(follower).storeAccepted(promised);
        given.starts(follower);
        given.everybodyServes();
        given.write(3);
        assertThat(epochOf(given.leader())).isEqualTo(promised + 1);
        given.converges();
    }

    /** A promise was moved into its place by a process that died before it synced the directory. */
    @Test
    void aPromiseThatWasReadAtAStartIsNotLostWithThePower() throws IOException {
        for (int seed = 1; seed <= CHANCES; seed++) {
            GivenCluster given = new GivenCluster(ClusterConfig.of(3).withClients(1), seed);
            // Its logs are apart, so nothing else syncs the directory of the promise.
            SimMachine machine = given.cluster.machines().get(1);
            given.kill(machine);
            long promised = epochOf(machine) + 1;
            Path file = machine.directories.snapshots().resolve(EpochFiles.ACCEPTED);
            Path leftover = file.resolveSibling(EpochFiles.ACCEPTED + ".tmp");
            try (DiskFile unsynced = machine.disk.create(leftover)) {
                unsynced.write(StandardCharsets.US_ASCII.encode(Long.toString(promised)), 0);
                unsynced.sync();
            }
            machine.disk.rename(leftover, file);
            given.starts(machine);
            given.losesPower(machine);
            assertThat(epochsOf(machine).accepted()).isEqualTo(StoredEpoch.known(promised));
            given.starts(machine);
            given.everybodyServes();
            given.converges();
        }
    }

    private static long epochOf(SimMachine machine) {
        return Zxid.epoch(machine.member.lastApplied());
    }

    private static EpochFiles epochsOf(SimMachine machine) {
        return new EpochFiles(machine.disk, machine.directories.snapshots());
    }

    @Test
    void observersAreNoQuorum_ZOOKEEPER_1294_2959() {
        GivenCluster given =
                new GivenCluster(ClusterConfig.of(3).withObservers(3).withClients(1), 2);
        List<SimMachine> followers = given.followers();
        followers.forEach(given::kill);
        nobodyLeads(given);
        given.starts(followers.get(0));
        given.write(3);
        given.converges();
    }

    @Test
    void whoTakesItselfForAVoterIsNone_ZOOKEEPER_2959() {
        GivenCluster given =
                new GivenCluster(ClusterConfig.of(3).withObservers(1).withClients(1), 2);
        SimMachine mistaken = given.cluster.machine(4);
        given.kill(mistaken);
        mistaken.ownEnsemble = asVoter(given.cluster.ensemble, 4);
        given.starts(mistaken);
        given.everybodyServes();
        List<SimMachine> followers = given.followers();
        followers.forEach(given::kill);
        nobodyLeads(given);
        given.starts(followers.get(0));
        given.write(3);
        given.converges();
    }

    private static void nobodyLeads(GivenCluster given) {
        given.expect("the leader gives up", () -> given.cluster.leading() == null);
        long reigns = given.cluster.reigns();
        given.passes(30 * SECOND);
        assertThat(given.cluster.leading()).isNull();
        assertThat(given.cluster.reigns()).isEqualTo(reigns);
    }

    private static Ensemble asVoter(Ensemble ensemble, long sid) {
        List<Member> members = new ArrayList<>();
        for (Member member : ensemble.members().values()) {
            Role role = member.sid() == sid ? Role.PARTICIPANT : member.role();
            members.add(new Member(member.sid(), member.addresses(), role, member.clientAddress()));
        }
        return Ensemble.ofMajority(members, ensemble.version());
    }

    @Test
    void aLeaderWhoseVotersHaveChangedTheirMindGivesUpEarly_ZOOKEEPER_3109() {
        GivenCluster given = new GivenCluster(ClusterConfig.of(3).withClients(1).withEpochPatience(500), 1);
        SimMachine gone = given.leader();
        given.kill(gone);
        List<SimMachine> rest =
                given.cluster.machines().stream().filter(SimMachine::isUp).toList();
        given.expect("one of two is elected", () -> rest.stream().anyMatch(EpochStoriesTest::hasTheRoleOfALeader));
        // It has no quorum yet, and the one who elected it starts anew, with a round of its own.
        SimMachine elected = rest.stream()
                .filter(EpochStoriesTest::hasTheRoleOfALeader)
                .findFirst()
                .orElseThrow();
        SimMachine voter =
                rest.stream().filter(each -> each != elected).findFirst().orElseThrow();
        assertThat(elected.member.isEstablished()).isFalse();
        given.kill(voter);
        given.starts(voter);
        long began = given.cluster.scheduler.nowNanos();
        given.leader();
        assertThat(given.cluster.scheduler.nowNanos() - began).isLessThan(3 * SECOND);
        given.converges();
    }

    private static boolean hasTheRoleOfALeader(SimMachine machine) {
        return machine.member.role() == io.vivarium.server.quorum.Role.LEADING;
    }

    @Test
    void aLeaderThatCannotBeReachedByLearnersDoesNotStayOne_ZOOKEEPER_2029() {
        GivenCluster given = GivenCluster.of(3);
        SimMachine old = given.leader();
        List<SimMachine> others = given.followers();
        others.forEach(each -> each.saboteur = new PortTaken(3));
        for (SimMachine each : others) {
            given.kill(each);
            given.starts(each);
        }
        given.everybodyServes();
        given.kill(old);
        long began = given.cluster.scheduler.nowNanos();
        given.leader();
        assertThat(given.cluster.scheduler.nowNanos() - began)
                .isLessThan(ClusterConfig.INIT_LIMIT * ClusterConfig.TICK_MILLIS * 1_000_000L);
        given.write(3);
        given.converges();
    }

    /** The quorum port cannot be opened, so many times. */
    private static final class PortTaken extends Saboteur {
        private int times;

        PortTaken(int times) {
            this.times = times;
        }

        @Override
        QuorumEffects effects(QuorumEffects real, Accomplice member) {
            return new ForwardedEffects(real) {
                @Override
                public void openPort() {
                    if (times-- > 0) {
                        member.post(new QuorumEvent.PortFailed("the address is in use"));
                    } else {
                        super.openPort();
                    }
                }
            };
        }
    }
}
