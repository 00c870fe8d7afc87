/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.server.quorum.ProposalSizes;
import io.vivarium.server.quorum.Role;
import io.vivarium.server.quorum.RoleReport;
import io.vivarium.server.quorum.zab.LearnerReport;
import io.vivarium.server.quorum.zab.LearnerRole;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member of an ensemble says of its role: spec operations 3.3, 3.4. */
class MemberWordsTest {
    private static final SortedSet<Long> VOTERS = new TreeSet<>(List.of(1L, 2L, 3L));
    private static final long EPOCH_START = 0x700000000L;
    private static final RoleReport LEADER = new RoleReport(
            Role.LEADING,
            "leading - broadcast",
            3,
            EPOCH_START,
            6_000_000_000L,
            VOTERS,
            List.of(
                    new LearnerReport(1, 1, LearnerRole.FOLLOWER, LearnerReport.Stage.LIVE),
                    new LearnerReport(2, 2, LearnerRole.FOLLOWER, LearnerReport.Stage.SYNCHRONIZATION),
                    new LearnerReport(3, 9, LearnerRole.FOLLOWER, LearnerReport.Stage.LIVE),
                    new LearnerReport(4, 4, LearnerRole.OBSERVER, LearnerReport.Stage.LIVE)));

    @TempDir
    Path directory;

    private RoleReport role = LEADER;
    private AdminFixture member;

    @BeforeEach
    void start() {
        member = new AdminFixture(
                AdminFixture.config(directory, "4lw.commands.whitelist=*"),
                new MemberView(false, () -> role, new ProposalSizes(), () -> 5));
    }

    @AfterEach
    void stop() throws Exception {
        member.close();
    }

    @Test
    void aLeaderCountsItsLearnersByWhatTheyAreAndHowFar() throws Exception {
        member.mode = ServerMode.LEADER;

        assertThat(member.ask("mntr").lines())
                .startsWith(
                        "zk_version\t" + AdminFixture.VERSION,
                        "zk_server_state\tleader",
                        "zk_peer_state\tleading - broadcast")
                .contains(
                        "zk_quorum_size\t3",
                        "zk_followers\t4",
                        "zk_learners\t4",
                        "zk_synced_followers\t1",
                        "zk_synced_non_voting_followers\t1",
                        "zk_synced_observers\t1",
                        "zk_pending_syncs\t5",
                        "zk_leader_uptime\t2000",
                        "zk_last_proposal_size\t-1")
                .noneMatch(line -> line.startsWith("zk_observer_master_id"));
    }

    @Test
    void whatALeaderTellsEndsWithItsRole() throws Exception {
        role = new RoleReport(Role.FOLLOWING, "following - broadcast", 2, EPOCH_START, 0, VOTERS, List.of());

        assertThat(member.ask("mntr").lines())
                .contains("zk_peer_state\tfollowing - broadcast", "zk_quorum_size\t3")
                .noneMatch(line ->
                        line.matches("zk_(learners|synced_.*|pending_syncs|leader_uptime|.*_proposal_size)\t.*"));
        assertThat(member.ask("srvr")).doesNotContain("Proposal sizes");
    }

    @Test
    void anObserverNamesWhomItObserves() throws Exception {
        role = new RoleReport(Role.OBSERVING, "observing - broadcast", 2, EPOCH_START, 0, VOTERS, List.of());

        assertThat(member.ask("mntr").lines().skip(2).limit(2))
                .containsExactly("zk_peer_state\tobserving - broadcast", "zk_observer_master_id\t2");
    }

    @Test
    void srvrOfALeaderEndsWithTheSizesOfProposalsAndStandsAtTheBeginningOfItsEpoch() throws Exception {
        assertThat(member.ask("srvr"))
                .contains("Zxid: 0x700000000\n")
                .endsWith("Proposal sizes last/min/max: -1/-1/-1\n");
    }

    @Test
    void aLeaderWithoutAQuorumYetTellsNothingOfALeader() throws Exception {
        role = new RoleReport(Role.LEADING, "leading - synchronization", 3, 0, 0, VOTERS, LEADER.learners());

        assertThat(member.ask("srvr")).doesNotContain("Proposal sizes");
        assertThat(member.ask("mntr")).doesNotContain("zk_learners");
    }

    @Test
    void aLearnerListsTheSessionsOfTheEnsembleWithTheirTimeouts() throws Exception {
        role = new RoleReport(Role.FOLLOWING, "following - broadcast", 2, EPOCH_START, 0, VOTERS, List.of());
        member.sessions.open(0x200000b07820000L, 30_000);
        member.sessions.open(0x100000b07820000L, 4_000);

        assertThat(member.ask("dump")).startsWith("""
                SessionTracker dump:
                Global Sessions(2):
                0x100000b07820000\t4000ms
                0x200000b07820000\t30000ms
                ephemeral nodes dump:
                """);
    }
}
