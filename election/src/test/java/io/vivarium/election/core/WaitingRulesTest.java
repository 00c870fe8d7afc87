/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import static io.vivarium.election.core.Scene.elected;
import static io.vivarium.election.core.Scene.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vivarium.protocol.vote.PeerState;
import org.junit.jupiter.api.Test;

/** Spec election 3.8, 3.9 and 7.4: how long a decision and a repetition wait. */
class WaitingRulesTest {
    private final Scene scene = new Scene(2, Scene.ensemble(5));

    @Test
    void spec_3_8_aQuorumWaitsALittleForTheVotesThatAreMissing() {
        scene.lookWith(8, 1);
        scene.hear(1, scene.looking(2, 8, 1, 1));
        scene.hear(3, scene.looking(2, 8, 1, 1));
        assertThat(scene.pass(29)).isEmpty();
        assertThat(scene.pass(1)).isEqualTo(elected(PeerState.LEADING, new Vote(2, 8, 1, 1), 1L, 2L, 3L));
    }

    @Test
    void spec_3_8_aBetterVoteEndsTheWaitAndIsAdopted() {
        scene.lookWith(8, 1);
        scene.hear(1, scene.looking(2, 8, 1, 1));
        scene.hear(3, scene.looking(2, 8, 1, 1));
        scene.pass(20);
        assertThat(scene.hear(5, scene.looking(5, 9, 1, 1))).contains(send(1, scene.looking(5, 9, 1, 1)));
        assertThat(scene.pass(100)).isEmpty();
        scene.hear(1, scene.looking(5, 9, 1, 1));
        assertThat(scene.pass(29)).isEmpty();
        assertThat(scene.pass(1)).isEqualTo(elected(PeerState.FOLLOWING, new Vote(5, 9, 1, 1), 1L, 2L, 5L));
    }

    @Test
    void spec_3_8_betterVotesThatDripInDoNotProlongTheRoundBeyondTheMaximum() {
        Scene nine = new Scene(
                1,
                Scene.ensemble(9),
                new ElectionConfig(
                        200 * Scene.MILLI,
                        3000 * Scene.MILLI,
                        30 * Scene.MILLI,
                        60 * Scene.MILLI,
                        ElectionConfig.Reconfig.DISABLED));
        nine.lookWith(0, 1);
        for (long zxid = 1; zxid <= 2; zxid++) {
            for (long sid = 2; sid <= 5; sid++) {
                nine.hear(sid, nine.looking(1, zxid, 1, 1));
            }
            assertThat(nine.pass(25)).isEmpty();
        }
        for (long sid = 2; sid <= 5; sid++) {
            nine.hear(sid, nine.looking(1, 3, 1, 1));
        }
        assertThat(nine.millisToDeadline()).isEqualTo(10);
    }

    @Test
    void spec_7_4_aVoterWhoseLinkBrokeIsNotWaitedFor() {
        scene.connect(4);
        scene.connect(5);
        scene.step(new ElectionEvent.PeerDisconnected(4));
        scene.step(new ElectionEvent.PeerDisconnected(5));
        scene.lookWith(8, 1);
        scene.hear(1, scene.looking(2, 8, 1, 1));
        assertThat(scene.hear(3, scene.looking(2, 8, 1, 1)))
                .isEqualTo(elected(PeerState.LEADING, new Vote(2, 8, 1, 1), 1L, 2L, 3L));
    }

    @Test
    void spec_7_4_theFinalWaitEndsWithTheLastLinkThatCouldBringABetterVote() {
        scene.connect(4);
        scene.connect(5);
        scene.lookWith(8, 1);
        scene.hear(1, scene.looking(2, 8, 1, 1));
        scene.hear(3, scene.looking(2, 8, 1, 1));
        assertThat(scene.step(new ElectionEvent.PeerDisconnected(4))).isEmpty();
        assertThat(scene.step(new ElectionEvent.PeerDisconnected(5)))
                .isEqualTo(elected(PeerState.LEADING, new Vote(2, 8, 1, 1), 1L, 2L, 3L));
    }

    @Test
    void spec_7_4_aVoterThatCameBackIsWaitedForAgain() {
        scene.connect(5);
        scene.step(new ElectionEvent.PeerDisconnected(4));
        scene.step(new ElectionEvent.PeerDisconnected(5));
        scene.connect(5);
        scene.lookWith(8, 1);
        scene.hear(1, scene.looking(2, 8, 1, 1));
        assertThat(scene.hear(3, scene.looking(2, 8, 1, 1))).isEmpty();
        assertThat(scene.pass(30)).isEqualTo(elected(PeerState.LEADING, new Vote(2, 8, 1, 1), 1L, 2L, 3L));
    }

    @Test
    void trap_6_aVoteThatArrivesInTheFinalWaitIsCounted() {
        scene.lookWith(8, 1);
        scene.hear(1, scene.looking(2, 8, 1, 1));
        scene.hear(3, scene.looking(2, 8, 1, 1));
        scene.hear(4, scene.looking(2, 8, 1, 1));
        assertThat(scene.hear(5, scene.looking(2, 8, 1, 1)))
                .isEqualTo(elected(PeerState.LEADING, new Vote(2, 8, 1, 1), 1L, 2L, 3L, 4L, 5L));
    }

    @Test
    void spec_3_8_aSupporterThatStartsAgainInTheFinalWaitIsNotCountedAnyMore() {
        scene.lookWith(8, 1);
        scene.hear(1, scene.looking(2, 8, 1, 1));
        scene.hear(3, scene.looking(2, 8, 1, 1));
        scene.hear(3, scene.looking(3, 0, 1, 0));
        assertThat(scene.pass(100)).isEmpty();
        assertThat(scene.core.state()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void spec_3_9_theProposalIsRepeatedAfterPausesThatDoubleUpToAFewSeconds() {
        scene.lookWith(8, 1);
        for (long pause : new long[] {200, 400, 800, 1600, 3000, 3000}) {
            assertThat(scene.millisToDeadline()).isEqualTo(pause);
            assertThat(scene.pass(pause)).hasSize(4).contains(send(5, scene.looking(2, 8, 1, 1)));
        }
    }

    @Test
    void spec_7_4_aChangeOfProposalOrRoundBringsTheShortestPauseBack() {
        scene.lookWith(8, 1);
        scene.pass(3000);
        scene.hear(5, scene.looking(5, 9, 1, 1));
        assertThat(scene.millisToDeadline()).isEqualTo(200);
        scene.pass(3000);
        scene.hear(5, scene.looking(5, 9, 2, 1));
        assertThat(scene.millisToDeadline()).isEqualTo(200);
    }

    @Test
    void spec_7_4_aNewLinkBringsTheShortestPauseBack() {
        scene.lookWith(8, 1);
        scene.pass(3100);
        scene.connect(5);
        assertThat(scene.millisToDeadline()).isLessThanOrEqualTo(200);
    }

    @Test
    void waitingTimesThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ElectionConfig(0, 1, 1, 1, ElectionConfig.Reconfig.DISABLED))
                .withMessageContaining("notification wait of 0 to 1 ns");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ElectionConfig(1, 1, 2, 1, ElectionConfig.Reconfig.DISABLED))
                .withMessageContaining("final wait of 2 to 1 ns");
    }
}
