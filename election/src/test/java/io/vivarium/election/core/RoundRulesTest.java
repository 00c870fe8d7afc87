/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import static io.vivarium.election.core.Scene.elected;
import static io.vivarium.election.core.Scene.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spec election 3.1, 3.2 and 3.7: the own vote, the start of a round, and what one message does to it. */
class RoundRulesTest {
    private final Scene scene = new Scene(2, Scene.ensemble(3));

    @Test
    void spec_3_2_aRoundStartsWithTheOwnVoteToEveryOtherVoterAndTheClockOneHigher() {
        assertThat(scene.lookWith(8, 1))
                .containsExactly(
                        new ElectionAction.Seek(Scene.sids(1L, 3L)),
                        send(1, scene.looking(2, 8, 1, 1)),
                        send(3, scene.looking(2, 8, 1, 1)));
        assertThat(scene.lookWith(9, 1)).contains(send(1, scene.looking(2, 9, 2, 1)));
    }

    @Test
    void spec_3_2_theUnionOfBothConfigurationsIsAddressedAndNoObserver() {
        VotingView view = new VotingView(Scene.ensemble(2, 9), Scene.ensemble(new long[] {2, 3}, new long[] {8}, 5));
        Scene changing = new Scene(2, Scene.ensemble(2, 9), ElectionConfig.DEFAULT, view);
        assertThat(changing.lookWith(0, 0))
                .containsExactly(
                        new ElectionAction.Seek(Scene.sids(1L, 3L)),
                        send(1, changing.looking(2, 0, 1, 0)),
                        send(3, changing.looking(2, 0, 1, 0)));
    }

    @Test
    void spec_3_2_aSingleServerElectsItselfAtOnce() {
        Scene alone = new Scene(1, Scene.ensemble(1));
        assertThat(alone.lookWith(5, 1)).containsSequence(elected(PeerState.LEADING, new Vote(1, 5, 1, 1), 1L));
    }

    @Test
    void spec_3_1_aServerOutsideTheConfigurationVotesForNobodyWithItsOwnHistory() {
        Scene stranger = new Scene(7, Scene.ensemble(1));
        assertThat(stranger.lookWith(5, 2)).contains(send(1, stranger.looking(Vote.NOBODY, 5, 1, 2)));
    }

    @Test
    void spec_3_7_aHigherRoundIsTakenOverWithTheBetterOfItsVoteAndOurInitialVote() {
        scene.lookWith(8, 1);
        assertThat(scene.hear(1, scene.looking(1, 7, 5, 1)))
                .containsExactly(send(1, scene.looking(2, 8, 5, 1)), send(3, scene.looking(2, 8, 5, 1)));
        assertThat(scene.core.round()).isEqualTo(5);
        assertThat(scene.hear(1, scene.looking(3, 9, 6, 1)))
                .startsWith(send(1, scene.looking(3, 9, 6, 1)), send(3, scene.looking(3, 9, 6, 1)));
    }

    @Test
    void spec_3_7_afterAJumpTheInitialVoteIsComparedAndNotThePreviousProposal() {
        scene.lookWith(8, 1);
        scene.hear(1, scene.looking(3, 99, 1, 1));
        assertThat(scene.hear(1, scene.looking(1, 9, 2, 1))).contains(send(3, scene.looking(1, 9, 2, 1)));
    }

    @Test
    void spec_3_7_votesOfThePreviousRoundAreForgottenByAJump() {
        Scene five = new Scene(5, Scene.ensemble(5));
        five.lookWith(9, 1);
        five.hear(1, five.looking(5, 9, 1, 1));
        five.hear(2, five.looking(1, 0, 2, 1));
        five.hear(2, five.looking(5, 9, 2, 1));
        assertThat(five.millisToDeadline()).isGreaterThan(100);
    }

    @Test
    void spec_3_7_aBetterVoteOfTheRoundIsAdoptedAndAWorseOneIsKept() {
        Scene five = new Scene(3, Scene.ensemble(5));
        five.lookWith(8, 1);
        assertThat(five.hear(4, five.looking(4, 8, 1, 1)))
                .containsExactly(
                        send(1, five.looking(4, 8, 1, 1)),
                        send(2, five.looking(4, 8, 1, 1)),
                        send(4, five.looking(4, 8, 1, 1)),
                        send(5, five.looking(4, 8, 1, 1)));
        assertThat(five.hear(1, five.looking(1, 8, 1, 1))).containsExactly(send(1, five.looking(4, 8, 1, 1)));
    }

    @Test
    void spec_3_7_everyEqualVoteInTheRoundEndsItAtOnce() {
        scene.lookWith(8, 1);
        scene.hear(1, scene.looking(2, 8, 1, 1));
        assertThat(scene.hear(3, scene.looking(2, 8, 1, 1)))
                .isEqualTo(elected(PeerState.LEADING, new Vote(2, 8, 1, 1), 1L, 2L, 3L));
        assertThat(scene.core.state()).isEqualTo(PeerState.LEADING);
        assertThat(scene.core.deadlineNanos()).isEqualTo(ElectionCore.NEVER);
    }

    @Test
    void spec_3_7_votesThatDifferInZxidOrEpochDoNotAddUpWhileLooking() {
        scene.lookWith(8, 1);
        scene.hear(1, scene.looking(2, 7, 1, 1));
        assertThat(scene.pass(150)).isEmpty();
        assertThat(scene.core.state()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void spec_3_7_messagesOfStrangersOrForStrangersAreDropped() {
        scene.lookWith(8, 1);
        assertThat(scene.hear(1, scene.looking(77, 99, 9, 9))).isEmpty();
        assertThat(scene.hear(1, scene.looking(Vote.NOBODY, 99, 9, 9))).isEmpty();
        assertThat(scene.core.round()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = PeerState.class,
            names = {"OBSERVING", "UNKNOWN"})
    void spec_3_7_statesWithoutAVoiceAreIgnored(PeerState state) {
        scene.lookWith(8, 1);
        assertThat(scene.hear(1, new Notification(state, 3, 99, 9, 9, 2, ""))).isEmpty();
    }

    @Test
    void spec_3_7_aServerThatMayHaveLostItsDataNeitherVotesNorIsVotedFor() {
        scene.lookWith(8, 1);
        assertThat(scene.hear(3, scene.looking(3, Vote.DATA_LOST, 9, 9))).isEmpty();
        assertThat(scene.core.round()).isEqualTo(1);

        Scene lost = new Scene(2, Scene.ensemble(3));
        lost.lookWith(Vote.DATA_LOST, 0);
        assertThat(lost.hear(1, lost.looking(1, 8, 4, 1))).isEmpty();
        assertThat(lost.hear(3, lost.looking(1, 8, 4, 1))).isEmpty();
        lost.hear(1, lost.leading(1, 8, 4, 2));
        assertThat(lost.hear(3, lost.following(1, 8, 4, 2)))
                .isEqualTo(elected(PeerState.FOLLOWING, new Vote(1, 8, 4, 2), 1L, 3L));
    }

    @Test
    void spec_3_7_aLeaderOfTheSameRoundWithItsQuorumIsFollowed() {
        scene.lookWith(8, 1);
        assertThat(scene.hear(1, scene.following(3, 9, 1, 1))).isEmpty();
        assertThat(scene.hear(3, scene.leading(3, 9, 1, 2)))
                .isEqualTo(elected(PeerState.FOLLOWING, new Vote(3, 9, 1, 2), 1L, 3L));
    }

    @Test
    void spec_3_7_followersAloneDoNotElectAServerThatMayBeDead() {
        Scene five = new Scene(5, Scene.ensemble(5));
        five.lookWith(8, 1);
        five.hear(1, five.following(4, 9, 1, 1));
        five.hear(2, five.following(4, 9, 1, 1));
        five.hear(3, five.following(4, 9, 1, 1));
        assertThat(five.core.state()).isEqualTo(PeerState.LOOKING);
        five.hear(4, five.leading(4, 9, 1, 1));
        assertThat(five.core.state()).isEqualTo(PeerState.FOLLOWING);
    }

    @Test
    void spec_3_7_aSettledEnsembleOfAnyRoundIsJoinedAndTheClockMayFall() {
        for (int i = 0; i < 9; i++) {
            scene.lookWith(8, 1);
        }
        scene.hear(1, scene.following(3, 5, 4, 2));
        assertThat(scene.hear(3, scene.leading(3, 9, 3, 2)))
                .isEqualTo(elected(PeerState.FOLLOWING, new Vote(3, 9, 3, 2), 1L, 3L));
        assertThat(scene.core.round()).isEqualTo(3);
    }

    @Test
    void spec_3_7_settledVotesOfDifferentEpochsDoNotAddUp() {
        scene.lookWith(8, 1);
        scene.hear(1, scene.following(3, 9, 4, 1));
        assertThat(scene.hear(3, scene.leading(3, 9, 4, 2))).isEmpty();
        assertThat(scene.hear(1, scene.following(3, 9, 4, 2))).isNotEmpty();
    }

    @Test
    void spec_3_7_settledVotesOutliveAJumpOfTheClock() {
        scene.lookWith(8, 1);
        scene.hear(1, scene.following(3, 9, 4, 2));
        scene.hear(1, scene.looking(1, 0, 7, 0));
        assertThat(scene.hear(3, scene.leading(3, 9, 4, 2))).isNotEmpty();
    }

    @Test
    void spec_3_7_nobodyFallsBackToLeadingAnOlderRound() {
        scene.lookWith(8, 1);
        scene.lookWith(8, 1);
        scene.hear(1, scene.following(2, 8, 1, 1));
        assertThat(scene.hear(3, scene.following(2, 8, 1, 1))).isEmpty();
        assertThat(scene.hear(1, scene.following(2, 8, 2, 1)))
                .isEqualTo(elected(PeerState.LEADING, new Vote(2, 8, 2, 1), 1L, 2L));
    }

    @Test
    void spec_3_7_theEpochEstablishedLaterReplacesNothingButTheEpochOfTheFinalVote() {
        scene.lookWith(8, 1);
        scene.hear(1, scene.looking(2, 8, 1, 1));
        scene.hear(3, scene.looking(2, 8, 1, 1));
        scene.step(new ElectionEvent.EpochEstablished(2));
        assertThat(scene.core.finalVote()).isEqualTo(new Vote(2, 8, 1, 2));
    }

    @Test
    void aMessageThatClaimsToComeFromOurselvesIsDropped() {
        scene.lookWith(8, 1);
        assertThat(scene.hear(2, scene.looking(3, 99, 9, 9))).isEqualTo(List.of());
    }
}
