/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.vote.PeerState;
import org.junit.jupiter.api.Test;

/** Spec election 8 (a) to (e), as they were observed on stock servers, told with our cores. */
class WorkedScenariosTest {
    @Test
    void a_fiveEmptyServersStartedOneByOneAreLedByTheThird() {
        Troupe troupe = new Troupe(Scene.ensemble(5));
        troupe.looking(1, 0, 0);
        troupe.looking(2, 0, 0);
        assertThat(troupe.heard)
                .contains("1→2 LOOKING(1,0x0,r1,e0,v2)", "2→1 LOOKING(2,0x0,r1,e0,v2)", "1→2 LOOKING(2,0x0,r1,e0,v2)");
        troupe.pass(5000);
        assertThat(troupe.state(2)).isEqualTo(PeerState.LOOKING);

        troupe.looking(3, 0, 0);
        troupe.pass(50);
        assertThat(troupe.state(3)).isEqualTo(PeerState.LEADING);
        assertThat(troupe.state(1)).isEqualTo(PeerState.FOLLOWING);
        assertThat(troupe.state(2)).isEqualTo(PeerState.FOLLOWING);
        troupe.establish(1);

        for (long late : new long[] {4, 5}) {
            troupe.looking(late, 0, 0);
            assertThat(troupe.state(late)).isEqualTo(PeerState.FOLLOWING);
            assertThat(troupe.finalVote(late)).isEqualTo(new Vote(3, 0, 1, 1));
        }
        assertThat(troupe.state(3)).isEqualTo(PeerState.LEADING);
    }

    @Test
    void b_theLongerHistoryWinsWhenAQuorumIsBackAndTheHigherSidWouldHaveLess() {
        long eighth = 0x1_0000_0008L;
        long seventh = 0x1_0000_0007L;
        Troupe troupe = new Troupe(Scene.ensemble(5));
        troupe.looking(1, eighth, 1);
        troupe.looking(2, eighth, 1);
        troupe.looking(1, eighth, 1);
        troupe.looking(2, eighth, 1);
        troupe.pass(1000);
        assertThat(troupe.state(1)).isEqualTo(PeerState.LOOKING);

        troupe.looking(4, seventh, 1);
        troupe.pass(50);
        assertThat(troupe.heard).contains("1→4 LOOKING(2,0x100000008,r3,e1,v2)", "4→1 LOOKING(2,0x100000008,r3,e1,v2)");
        assertThat(troupe.state(2)).isEqualTo(PeerState.LEADING);
        assertThat(troupe.finalVote(4)).isEqualTo(new Vote(2, eighth, 3, 1));
        troupe.establish(2);

        troupe.looking(3, eighth, 1);
        troupe.looking(5, seventh, 1);
        assertThat(troupe.finalVote(3).leader()).isEqualTo(2);
        assertThat(troupe.finalVote(5).leader()).isEqualTo(2);
    }

    @Test
    void c_aKilledLeaderIsReplacedAndFollowsWhenItComesBack() {
        Troupe troupe = new Troupe(Scene.ensemble(3));
        troupe.looking(1, 0, 0);
        troupe.looking(2, 0, 0);
        troupe.pass(50);
        troupe.establish(1);
        troupe.looking(3, 0, 0);
        assertThat(troupe.finalVote(3)).isEqualTo(new Vote(2, 0, 1, 1));

        troupe.fails(2);
        troupe.looking(1, 0, 1);
        assertThat(troupe.heard).contains("3→1 FOLLOWING(2,0x0,r1,e1,v2)");
        assertThat(troupe.state(1)).as("a follower's word about a dead leader").isEqualTo(PeerState.LOOKING);
        troupe.looking(3, 0x1_0000_0000L, 1);
        troupe.pass(50);
        assertThat(troupe.state(3)).isEqualTo(PeerState.LEADING);
        assertThat(troupe.finalVote(1)).isEqualTo(new Vote(3, 0x1_0000_0000L, 2, 1));
        troupe.establish(2);

        troupe.looking(2, 0, 1);
        assertThat(troupe.state(2)).isEqualTo(PeerState.FOLLOWING);
        assertThat(troupe.finalVote(2)).isEqualTo(new Vote(3, 0x1_0000_0000L, 2, 2));
        assertThat(troupe.round(2)).isEqualTo(2);
    }

    @Test
    void d_aLeaderThatWasCutOffJoinsTheNewOneAndDisturbsNobody() {
        long born = 0x1_0000_0000L;
        Troupe troupe = new Troupe(Scene.ensemble(3));
        troupe.looking(1, born, 1);
        troupe.looking(2, 0, 1);
        troupe.pass(50);
        assertThat(troupe.state(1)).isEqualTo(PeerState.LEADING);
        troupe.establish(2);
        int before = troupe.heard.size();

        troupe.looking(3, born, 1);
        assertThat(troupe.heard.subList(before, troupe.heard.size()))
                .contains("2→3 FOLLOWING(1,0x100000000,r1,e2,v2)", "1→3 LEADING(1,0x100000000,r1,e2,v2)")
                .contains("1 sees 3 looking");
        assertThat(troupe.state(3)).isEqualTo(PeerState.FOLLOWING);
        assertThat(troupe.state(1)).isEqualTo(PeerState.LEADING);
        assertThat(troupe.state(2)).isEqualTo(PeerState.FOLLOWING);
    }

    @Test
    void e_theHigherEpochBeatsTheHigherZxid() {
        Troupe troupe = new Troupe(Scene.ensemble(3));
        troupe.looking(1, 0, 5);
        troupe.looking(2, 0x1_0000_0004L, 1);
        troupe.pass(50);
        assertThat(troupe.heard).contains("2→1 LOOKING(1,0x0,r1,e5,v2)");
        assertThat(troupe.state(1)).isEqualTo(PeerState.LEADING);
        assertThat(troupe.state(2)).isEqualTo(PeerState.FOLLOWING);
    }
}
