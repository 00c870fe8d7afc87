/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import static io.vivarium.election.core.Scene.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spec election 2.3, 3.6, 3.11 and 3.12: who is answered, and what. */
class ReceiverRulesTest {
    private static final long OBSERVER = 9;
    private final Scene scene = new Scene(2, Scene.ensemble(3, OBSERVER));

    private void follow3() {
        scene.lookWith(8, 1);
        scene.hear(3, scene.looking(3, 9, 1, 1));
        scene.hear(1, scene.looking(3, 9, 1, 1));
        assertThat(scene.core.state()).isEqualTo(PeerState.FOLLOWING);
    }

    private void lead() {
        scene.lookWith(8, 1);
        scene.hear(3, scene.looking(2, 8, 1, 1));
        scene.hear(1, scene.looking(2, 8, 1, 1));
        assertThat(scene.core.state()).isEqualTo(PeerState.LEADING);
    }

    @Test
    void spec_3_6_aLaggingLookingVoterGetsTheProposalAndTheClock() {
        scene.lookWith(8, 1);
        scene.lookWith(8, 1);
        assertThat(scene.hear(3, scene.looking(3, 9, 1, 1))).containsExactly(send(3, scene.looking(2, 8, 2, 1)));
    }

    @Test
    void trap_10_aLookingVoterOfTheSameRoundWithAWorseVoteIsToldOnceBetweenTwoBroadcasts() {
        scene.lookWith(8, 1);
        assertThat(scene.hear(1, scene.looking(1, 0, 1, 0))).containsExactly(send(1, scene.looking(2, 8, 1, 1)));
        assertThat(scene.hear(1, scene.looking(1, 0, 1, 0))).isEmpty();
        scene.pass(200);
        assertThat(scene.hear(1, scene.looking(1, 0, 1, 0))).containsExactly(send(1, scene.looking(2, 8, 1, 1)));
    }

    @Test
    void spec_4_1_whoseRoleHasEndedSaysNothingUntilItLooksAgain() {
        follow3();
        assertThat(scene.step(new ElectionEvent.RoleEnded())).isEmpty();
        assertThat(scene.hear(1, scene.looking(1, 8, 7, 1))).isEmpty();
        assertThat(scene.connect(1)).isEmpty();
        assertThat(scene.lookWith(9, 1)).contains(send(1, scene.looking(2, 9, 2, 1)));
    }

    @Test
    void spec_4_1_whoStopsLookingElectsNobodyAndCountsOnFromItsRound() {
        scene.lookWith(8, 1);
        assertThat(scene.step(new ElectionEvent.RoleEnded())).containsExactly(new ElectionAction.Rest());
        assertThat(scene.core.deadlineNanos()).isEqualTo(ElectionCore.NEVER);
        assertThat(scene.hear(1, scene.looking(3, 9, 1, 1))).isEmpty();
        assertThat(scene.hear(3, scene.looking(3, 9, 1, 1))).isEmpty();
        assertThat(scene.lookWith(8, 1)).contains(send(1, scene.looking(2, 8, 2, 1)));
    }

    @Test
    void spec_3_6_aLookingVoterIsToldTheFinalVoteAndItsRound() {
        follow3();
        assertThat(scene.hear(1, scene.looking(1, 8, 7, 1))).containsExactly(send(1, scene.following(3, 9, 1, 1)));
        scene.step(new ElectionEvent.EpochEstablished(2));
        assertThat(scene.hear(1, scene.looking(1, 8, 7, 1))).containsExactly(send(1, scene.following(3, 9, 1, 2)));
    }

    @ParameterizedTest
    @EnumSource(
            value = PeerState.class,
            names = {"FOLLOWING", "LEADING", "OBSERVING", "UNKNOWN"})
    void spec_3_6_withALeaderNothingButLookingIsAnswered(PeerState state) {
        follow3();
        assertThat(scene.hear(1, new Notification(state, 1, 99, 99, 99, 2, ""))).isEmpty();
        assertThat(scene.hear(OBSERVER, new Notification(state, 1, 99, 99, 99, 2, "")))
                .isEmpty();
        assertThat(scene.core.finalVote()).isEqualTo(new Vote(3, 9, 1, 1));
    }

    @Test
    void spec_3_6_beforeTheFirstElectionANonVoterIsToldOurOwnHistoryAndTheClock() {
        scene.lookWith(8, 1);
        Notification question = scene.looking(Vote.NOBODY, Vote.NOBODY, 1, Vote.NOBODY);
        assertThat(scene.hear(OBSERVER, question)).containsExactly(send(OBSERVER, scene.looking(2, 0, 1, 0)));
    }

    @Test
    void spec_3_6_whileLookingANonVoterIsToldThePreviousElection() {
        follow3();
        scene.lookWith(9, 1);
        Notification question = scene.looking(Vote.NOBODY, Vote.NOBODY, 1, Vote.NOBODY);
        assertThat(scene.hear(OBSERVER, question)).containsExactly(send(OBSERVER, scene.looking(3, 9, 2, 1)));
    }

    @Test
    void spec_3_6_anObserverWithAHigherRoundIsAnsweredOnceBetweenTwoBroadcastsAndNotForEver() {
        scene.lookWith(8, 1);
        Notification question = scene.looking(Vote.NOBODY, Vote.NOBODY, 9, Vote.NOBODY);
        assertThat(scene.hear(OBSERVER, question)).hasSize(1);
        assertThat(scene.hear(OBSERVER, question)).isEmpty();
        scene.pass(200);
        assertThat(scene.hear(OBSERVER, question)).hasSize(1);
    }

    @Test
    void spec_3_6_theContentOfANonVotersMessageChangesNothing() {
        scene.lookWith(8, 1);
        scene.hear(OBSERVER, scene.looking(3, 99, 99, 99));
        scene.hear(77, scene.looking(3, 99, 99, 99));
        assertThat(scene.core.round()).isEqualTo(1);
    }

    @Test
    void trap_8_aNonVoterIsToldTheClockAndAVoterTheRoundOfTheFinalVote() {
        scene.lookWith(8, 1);
        scene.step(new ElectionEvent.LeaderDesignated(3, 50));
        assertThat(scene.hear(1, scene.looking(1, 8, 1, 1))).containsExactly(send(1, scene.following(3, 50, -1, -1)));
        Notification question = scene.looking(Vote.NOBODY, Vote.NOBODY, 1, Vote.NOBODY);
        assertThat(scene.hear(OBSERVER, question)).containsExactly(send(OBSERVER, scene.following(3, 50, 1, -1)));
    }

    @Test
    void spec_3_11_aLeaderIsToldOfEachVoterThatIsLooking() {
        lead();
        assertThat(scene.hear(1, scene.looking(1, 8, 2, 1)))
                .containsExactly(send(1, scene.leading(2, 8, 1, 1)), new ElectionAction.ReportLookingVoter(1, 2));
        assertThat(scene.core.state()).isEqualTo(PeerState.LEADING);
    }

    @Test
    void spec_3_12_connectedNonVotersAreToldTheResultUnasked() {
        scene.connect(OBSERVER);
        scene.lookWith(8, 1);
        scene.hear(3, scene.looking(3, 9, 1, 1));
        assertThat(scene.hear(1, scene.looking(3, 9, 1, 1))).endsWith(send(OBSERVER, scene.following(3, 9, 1, 1)));
    }

    @Test
    void whoWasToldTheEpochBeforeSynchronisationIsToldTheNewOne() {
        scene.connect(1);
        scene.connect(OBSERVER);
        follow3();
        scene.hear(1, scene.looking(1, 8, 2, 1));
        assertThat(scene.step(new ElectionEvent.EpochEstablished(2)))
                .containsExactly(send(1, scene.following(3, 9, 1, 2)), send(OBSERVER, scene.following(3, 9, 1, 2)));
    }

    @Test
    void traps_10_and_11_aNewLinkBeginsWithWhatIsTrueNow() {
        assertThat(scene.connect(1)).isEmpty();
        scene.lookWith(8, 1);
        assertThat(scene.connect(1)).containsExactly(send(1, scene.looking(2, 8, 1, 1)));
        assertThat(scene.connect(OBSERVER)).isEmpty();
        scene.hear(3, scene.looking(3, 9, 1, 1));
        assertThat(scene.connect(1)).containsExactly(send(1, scene.looking(3, 9, 1, 1)));
        scene.hear(1, scene.looking(3, 9, 1, 1));
        assertThat(scene.connect(1)).containsExactly(send(1, scene.following(3, 9, 1, 1)));
        assertThat(scene.connect(OBSERVER)).containsExactly(send(OBSERVER, scene.following(3, 9, 1, 1)));
    }

    @Test
    void spec_3_12_anObserverAsksTheVotersWithTheSmallestVoteAndEndsObserving() {
        Scene observer = new Scene(OBSERVER, Scene.ensemble(3, OBSERVER));
        Notification question = observer.looking(Vote.NOBODY, Vote.NOBODY, 1, Vote.NOBODY);
        assertThat(observer.lookWith(8, 1))
                .containsExactly(
                        new ElectionAction.Seek(Scene.sids(1L, 2L, 3L)),
                        send(1, question),
                        send(2, question),
                        send(3, question));
        observer.hear(1, observer.following(3, 9, 4, 2));
        assertThat(observer.hear(3, observer.leading(3, 9, 4, 2)))
                .isEqualTo(Scene.elected(PeerState.OBSERVING, new Vote(3, 9, 4, 2), 1L, 3L));
        assertThat(observer.hear(1, observer.looking(1, 8, 5, 1))).isEmpty();
        assertThat(observer.connect(1)).isEmpty();
    }

    @Test
    void spec_3_12_anObserverAlsoAcceptsAQuorumOfEqualLookingVotes() {
        Scene observer = new Scene(OBSERVER, Scene.ensemble(3, OBSERVER));
        observer.lookWith(8, 1);
        observer.hear(1, observer.looking(3, 9, 1, 1));
        observer.hear(2, observer.looking(3, 9, 1, 1));
        assertThat(observer.pass(30)).isEqualTo(Scene.elected(PeerState.OBSERVING, new Vote(3, 9, 1, 1), 1L, 2L));
    }
}
