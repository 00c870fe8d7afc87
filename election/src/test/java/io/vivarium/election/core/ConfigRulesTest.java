/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import static io.vivarium.election.core.Scene.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec election 2.4 and 3.10: configurations that change under the election. */
class ConfigRulesTest {
    private static final ElectionConfig RECONFIG = ElectionConfig.DEFAULT.withReconfig(ElectionConfig.Reconfig.ENABLED);
    private final Ensemble newer = Scene.ensemble(new long[] {1, 2, 3, 4}, new long[0], 0x100);
    private final Scene scene = new Scene(2, Scene.ensemble(3), RECONFIG);

    private static Notification saying(Ensemble config, long round) {
        return Notification.of(PeerState.LOOKING, 1, 0, round, 0, config.toText());
    }

    @Test
    void spec_2_4_aNewerConfigurationIsAdoptedWhileLookingAndTheNextRoundStartsInPlace() {
        scene.lookWith(8, 1);
        Notification own = Notification.of(PeerState.LOOKING, 2, 8, 2, 1, newer.toText());
        assertThat(scene.hear(1, saying(newer, 5)))
                .containsExactly(
                        new ElectionAction.AdoptConfig(newer),
                        new ElectionAction.Seek(Scene.sids(1L, 3L, 4L)),
                        send(1, own),
                        send(3, own),
                        send(4, own));
        assertThat(scene.core.view().committed()).isEqualTo(newer);
    }

    @Test
    void spec_2_4_aNewerVersionOfTheSameMembersIsAdoptedAndTheMessageCounts() {
        scene.lookWith(8, 1);
        Ensemble renewed = Scene.ensemble(3).withVersion(7);
        Notification own = Notification.of(PeerState.LOOKING, 2, 8, 5, 1, renewed.toText());
        assertThat(scene.hear(1, saying(renewed, 5)))
                .containsExactly(new ElectionAction.AdoptConfig(renewed), send(1, own), send(3, own));
    }

    @Test
    void trap_30_withReconfigurationDisabledANewerConfigurationIsIgnoredAndTheVoteCounts() {
        Scene fixed = new Scene(2, Scene.ensemble(3));
        fixed.lookWith(8, 1);
        assertThat(fixed.hear(1, saying(newer, 5))).contains(send(1, fixed.looking(2, 8, 5, 1)));
        assertThat(fixed.core.view().committed().version()).isZero();
    }

    @Test
    void spec_2_4_anOlderOrEqualVersionChangesNothing() {
        scene.lookWith(8, 1);
        String before = scene.core.view().committedText();
        Ensemble other = Scene.ensemble(new long[] {1, 2, 3, 4}, new long[0], 0);
        scene.hear(1, saying(other, 1));
        assertThat(scene.core.view().committedText()).isEqualTo(before);
        assertThat(scene.core.round()).isEqualTo(1);
    }

    @Test
    void spec_2_4_withALeaderANewerConfigurationIsIgnored() {
        Scene alone = new Scene(1, Scene.ensemble(1), RECONFIG);
        alone.lookWith(8, 1);
        alone.hear(1, saying(newer, 5));
        assertThat(alone.core.view().committed().version()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version=zz",
                "server.1=a:1:2:participant\nversion=zz",
                "server.x=a:1:2:participant\nversion=1",
                "server.1=a:1:2:observer\nversion=1",
                "nonsense=1",
                "\u0000\uffff",
            })
    void spec_2_4_aConfigurationWithoutSenseIsReportedAndTheVoteCounts(String text) {
        scene.lookWith(8, 1);
        Notification message = Notification.of(PeerState.LOOKING, 3, 9, 1, 1, text);
        List<ElectionAction> actions = scene.hear(3, message);
        assertThat(actions.get(0)).isInstanceOf(ElectionAction.ReportBadConfig.class);
        assertThat(actions).contains(send(1, scene.looking(3, 9, 1, 1)));
    }

    @Test
    void spec_3_10_withALeaderAChangedMembershipKeepsStateClockAndFinalVoteAndDialsNewcomers() {
        Scene alone = new Scene(1, Scene.ensemble(1));
        alone.lookWith(8, 1);
        VotingView view = new VotingView(Scene.ensemble(1), newer);
        assertThat(alone.step(new ElectionEvent.ConfigsChanged(view)))
                .containsExactly(new ElectionAction.Dial(Scene.sids(2L, 3L, 4L)));
        assertThat(alone.core.finalVote()).isEqualTo(new Vote(1, 8, 1, 1));
        assertThat(alone.core.state()).isEqualTo(PeerState.LEADING);
    }

    @Test
    void spec_3_10_aDesignatedLeaderTakesOverWithoutAnElection() {
        scene.lookWith(8, 1);
        Vote vote = new Vote(2, 0x100, -1, -1);
        assertThat(scene.step(new ElectionEvent.LeaderDesignated(2, 0x100)))
                .containsExactly(
                        new ElectionAction.Rest(),
                        new ElectionAction.Elected(PeerState.LEADING, vote, Collections.emptySortedSet()));
        scene.step(new ElectionEvent.EpochEstablished(4));
        assertThat(scene.hear(1, scene.looking(1, 8, 3, 1))).contains(send(1, scene.leading(2, 0x100, -1, 4)));
    }

    @Test
    void spec_3_10_aJoinerTakesTheRoundMinusOneAsItsClockAndGoesOnFromThere() {
        scene.lookWith(8, 1);
        scene.hear(1, scene.following(3, 0x100, -1, 4));
        scene.hear(3, scene.leading(3, 0x100, -1, 4));
        assertThat(scene.core.round()).isEqualTo(-1);
        scene.lookWith(9, 4);
        assertThat(scene.core.round()).isZero();
    }

    @Test
    void spec_3_10_whileAConfigurationIsProposedBothQuorumsAreNeeded() {
        Ensemble committed = Scene.ensemble(3);
        VotingView view = new VotingView(committed, Scene.ensemble(new long[] {2, 4, 5}, new long[0], 9));
        Scene changing = new Scene(2, committed, ElectionConfig.DEFAULT, view);
        changing.lookWith(8, 1);
        changing.hear(1, changing.looking(2, 8, 1, 1));
        changing.hear(3, changing.looking(2, 8, 1, 1));
        assertThat(changing.pass(100)).isEmpty();
        changing.hear(4, changing.looking(2, 8, 1, 1));
        changing.pass(100);
        assertThat(changing.core.state()).isEqualTo(PeerState.LEADING);
    }
}
