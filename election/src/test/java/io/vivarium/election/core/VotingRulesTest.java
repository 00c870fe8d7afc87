/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.vote.PeerState;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec election 3.3 to 3.5: order of votes, equality of votes, quorums. */
class VotingRulesTest {
    private static final VotingView THREE = VotingView.of(Scene.ensemble(3));
    /** Groups {1,2,3} {4,5,6}; 3 has no weight. */
    private static final VotingView GROUPS = VotingView.of(Ensemble.parse(String.join(
            "\n",
            Stream.concat(
                            Stream.of(1, 2, 3, 4, 5, 6)
                                    .map(sid -> "server." + sid + "=zoo" + sid + ":2888:3888:participant"),
                            Stream.of("group.1=1:2:3", "group.2=4:5:6", "weight.3=0", "version=0"))
                    .toList())));

    @ParameterizedTest(name = "{0} {1}: better {2} (spec 3.3)")
    @CsvSource({
        "1,0,2,  9,9,1,  true",
        "9,9,1,  1,0,2,  false",
        "1,5,1,  9,4,1,  true",
        "2,5,1,  1,5,1,  true",
        "1,5,1,  1,5,1,  false",
        "1,0,0,  1,-1,0, true",
        "1,-1,0, -9223372036854775808,-9223372036854775808,-9223372036854775808, true",
        "-9223372036854775808,-9223372036854775808,-9223372036854775808, 1,0,0, false",
    })
    void epochThenZxidThenSidDecideAllSigned(
            long leader, long zxid, long epoch, long leader2, long zxid2, long epoch2, boolean better) {
        Vote candidate = new Vote(leader, zxid, 1, epoch);
        Vote current = new Vote(leader2, zxid2, 7, epoch2);
        assertThat(VoteOrder.isBetter(candidate, current, THREE)).isEqualTo(better);
    }

    @Test
    void spec_3_3_nobodyVotesForAServerWithoutWeight() {
        Vote current = new Vote(1, 0, 1, 0);
        assertThat(VoteOrder.isBetter(new Vote(3, 99, 1, 9), current, GROUPS)).isFalse();
        assertThat(VoteOrder.isBetter(new Vote(2, 99, 1, 9), current, GROUPS)).isTrue();
    }

    @Test
    void spec_3_3_aServerThatAHierarchyDoesNotKnowIsNotBetter() {
        assertThat(VoteOrder.isBetter(new Vote(77, 99, 1, 9), new Vote(1, 0, 1, 0), GROUPS))
                .isFalse();
    }

    @ParameterizedTest(name = "{0} v{1} with {2} v{3}, differing in {4}: {5} (spec 3.4)")
    @CsvSource({
        "LOOKING,0,LOOKING,0,nothing,true",
        "LOOKING,0,LOOKING,0,zxid,false",
        "LOOKING,0,LOOKING,0,round,false",
        "LOOKING,0,LOOKING,0,epoch,false",
        "LOOKING,0,FOLLOWING,2,nothing,true",
        "LOOKING,0,FOLLOWING,2,round,false",
        "LEADING,2,LOOKING,0,zxid,false",
        "FOLLOWING,0,LEADING,2,epoch,true",
        "FOLLOWING,2,LEADING,0,epoch,true",
        "FOLLOWING,2,LEADING,0,leader,false",
        "FOLLOWING,2,LEADING,2,nothing,true",
        "FOLLOWING,2,LEADING,1,zxid,true",
        "FOLLOWING,2,LEADING,2,round,true",
        "FOLLOWING,2,LEADING,2,epoch,false",
        "FOLLOWING,0,LEADING,0,round,true",
        "FOLLOWING,0,LEADING,0,epoch,false",
        "FOLLOWING,0,LEADING,0,leader,false",
    })
    void whatIsComparedDependsOnStatesAndVersions(
            PeerState state, int version, PeerState state2, int version2, String difference, boolean together) {
        Vote vote = new Vote(3, 10, 4, 1);
        Vote other = new Vote(
                difference.equals("leader") ? 2 : 3,
                difference.equals("zxid") ? 11 : 10,
                difference.equals("round") ? 5 : 4,
                difference.equals("epoch") ? 2 : 1);
        assertThat(VoteEquality.countTogether(
                        new CastVote(vote, state, version), new CastVote(other, state2, version2)))
                .isEqualTo(together);
    }

    @Test
    void spec_3_4_settledVotesOfTheRoundAreKeptWithVersionZeroSoThatOnlyTheLeaderCounts() {
        Scene scene = new Scene(3, Scene.ensemble(3));
        CastVote stored = CastVote.settledInRound(scene.following(2, 0, 1, 1));
        assertThat(VoteEquality.countTogether(stored, CastVote.settled(scene.leading(2, 0, 1, 7))))
                .isTrue();
        CastVote probeOfOldServer = CastVote.settled(Scene.old(PeerState.LEADING, 2, 0, 1, 7));
        assertThat(VoteEquality.countTogether(stored, probeOfOldServer)).isFalse();
    }

    @Test
    void spec_3_5_onlyVotersCountForAMajority() {
        VotingView view = VotingView.of(Scene.ensemble(4, 9));
        assertThat(view.isQuorum(Set.of(1L, 2L))).isFalse();
        assertThat(view.isQuorum(Set.of(1L, 2L, 9L, 77L))).isFalse();
        assertThat(view.isQuorum(Set.of(1L, 2L, 4L))).isTrue();
    }

    @Test
    void spec_3_5_aNewerProposedConfigurationMustAgreeToo() {
        Ensemble committed = Scene.ensemble(3);
        Ensemble proposed = Scene.ensemble(new long[] {3, 4, 5}, new long[0], 8);
        VotingView view = new VotingView(committed, proposed);
        assertThat(view.voters()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(view.isQuorum(Set.of(1L, 2L))).isFalse();
        assertThat(view.isQuorum(Set.of(4L, 5L))).isFalse();
        assertThat(view.isQuorum(Set.of(1L, 3L, 4L))).isTrue();
    }

    @Test
    void spec_3_5_aProposedConfigurationThatIsNotNewerDoesNotMatter() {
        VotingView view = new VotingView(
                Scene.ensemble(new long[] {1, 2, 3}, new long[0], 8), Scene.ensemble(new long[] {7}, new long[0], 8));
        assertThat(view.voters()).isEqualTo(Scene.sids(1L, 2L, 3L));
        assertThat(List.of(view.proposed() == null)).containsExactly(true);
    }

    @Test
    void spec_3_5_aHierarchyAsksForAMajorityOfGroupsByWeight() {
        assertThat(GROUPS.isQuorum(Set.of(1L, 2L, 3L))).isFalse();
        assertThat(GROUPS.isQuorum(Set.of(1L, 3L, 4L, 5L))).isFalse();
        assertThat(GROUPS.isQuorum(Set.of(1L, 2L, 4L, 5L))).isTrue();
    }
}
