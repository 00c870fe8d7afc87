/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import static io.vivarium.server.quorum.zab.Given.proposal;
import static io.vivarium.server.quorum.zab.Given.proposals;
import static io.vivarium.server.quorum.zab.Given.zxid;
import static io.vivarium.server.quorum.zab.LeaderScript.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.quorum.EpochPayload;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.LearnerInfo;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.quorum.SessionVerdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A leader, sentence by sentence of spec quorum 3 and 5. */
class LeaderCoreTest {
    private static final SyncPlan.Stream NOTHING = new SyncPlan.Stream(PacketType.DIFF, 0, null, List.of());

    // 3.2, epoch agreement.

    @Test
    void theEpochIsOneAboveTheGreatestThatAQuorumHasPromised() {
        LeaderScript leader = LeaderScript.of(3, 4, List.of());
        assertThat(leader.begin()).isEmpty();
        assertThat(leader.info(2, 6)).containsExactly(new ZabAction.StoreEpoch(EpochKind.ACCEPTED, 7));
    }

    @Test
    void theEpochIsToldOnlyWhenTheLeaderHasPromisedItItself() {
        LeaderScript leader = LeaderScript.of(3, 0, List.of());
        leader.begin();
        leader.info(2, 0);
        assertThat(leader.stored(EpochKind.ACCEPTED, 1)).containsExactly(send(2, EpochPayload.leaderInfo(1)));
    }

    @Test
    void observersAndStrangersRaiseTheEpochButDoNotDecideIt() {
        LeaderScript leader = LeaderScript.of(3, 0, List.of());
        leader.begin();
        byte[] observer = LearnerInfo.of(9, 0).toBytes();
        byte[] stranger = LearnerInfo.of(77, 0).toBytes();
        assertThat(leader.info(9, PacketType.OBSERVER_INFO, 5, observer)).isEmpty();
        assertThat(leader.info(77, PacketType.FOLLOWER_INFO, 8, stranger)).isEmpty();
        assertThat(leader.info(2, 0)).containsExactly(new ZabAction.StoreEpoch(EpochKind.ACCEPTED, 9));
    }

    @Test
    void aLateLearnerIsToldTheDecidedEpoch() {
        LeaderScript leader = LeaderScript.serving(3);
        assertThat(leader.info(3, 1)).containsExactly(send(3, EpochPayload.leaderInfo(1)));
    }

    @Test
    void aLateObserverIsToldTheDecidedEpochWhateverItHasPromised() {
        LeaderScript leader = LeaderScript.serving(3);
        assertThat(leader.info(
                        9,
                        PacketType.OBSERVER_INFO,
                        Zxid.of(5, 0),
                        LearnerInfo.of(9, 0).toBytes()))
                .containsExactly(send(9, EpochPayload.leaderInfo(1)));
    }

    /** Found by the simulator: elected, dead behind its own promise, and again; then led by somebody who knew nothing of it. */
    @Test
    void aVoterThatHasPromisedMoreEndsTheTimeOfTheLeaderWhichPromisesTheSame() {
        LeaderScript leader = LeaderScript.serving(3);
        assertThat(leader.info(3, 5))
                .hasSize(2)
                .startsWith(new ZabAction.StoreEpoch(EpochKind.ACCEPTED, 5))
                .last()
                .isInstanceOf(ZabAction.ExitRole.class);
    }

    @Test
    void aFirstPacketOfAnyOtherTypeClosesTheLink() {
        LeaderScript leader = LeaderScript.of(3, 0, List.of());
        leader.begin();
        assertThat(leader.info(2, PacketType.ACK, 0, new byte[20]))
                .singleElement()
                .isInstanceOf(ZabAction.CloseLink.class);
    }

    @Test
    void aloneBeyondInitLimitTheLeaderGivesUp() {
        LeaderScript leader = LeaderScript.of(3, 0, List.of());
        leader.begin();
        assertThat(leader.turns(20)).isEmpty();
        assertThat(leader.turns(1)).singleElement().isInstanceOf(ZabAction.ExitRole.class);
        assertThat(leader.core.isOver()).isTrue();
        assertThat(leader.info(2, 0)).isEmpty();
    }

    @Test
    void aLeaderWhoseVotersLookAgainGivesUpEarlyIfItIsToldTo() {
        ZabConfig patient = new ZabConfig(
                2_000, 10, 5, 10, 100, 2_500, ZabConfig.ObserverLog.KEPT, Zxid.LAST_COUNTER, SyncConfig.DEFAULT);
        LeaderScript leader = LeaderScript.of(patient, Ensembles.of(Given.voters(3)), 0, List.of());
        leader.begin();
        leader.turns(2);
        assertThat(leader.step(new LeaderEvent.VoterLooking(2))).isEmpty();
        leader.turns(1);
        assertThat(leader.step(new LeaderEvent.VoterLooking(2))).singleElement().isInstanceOf(ZabAction.ExitRole.class);
    }

    // 3.3, epoch acknowledgement.

    @Test
    void aLearnerWithANewerHistoryIsClosedAndDoesNotCount() {
        LeaderScript leader = LeaderScript.of(3, 1, proposals(1, 1, 3));
        leader.begin();
        leader.info(2, 1);
        leader.info(3, 1);
        leader.stored(EpochKind.ACCEPTED, 2);
        assertThat(leader.promise(2, 1, zxid(1, 4))).singleElement().isInstanceOf(ZabAction.CloseLink.class);
        assertThat(leader.promise(3, 1, zxid(1, 3))).containsExactly(new ZabAction.StoreEpoch(EpochKind.CURRENT, 2));
    }

    @Test
    void aPromiseWithoutAnEpochDoesNotCount() {
        LeaderScript leader = LeaderScript.of(3, 1, proposals(1, 1, 3));
        leader.begin();
        leader.info(2, 1);
        leader.stored(EpochKind.ACCEPTED, 2);
        assertThat(leader.promise(2, -1, zxid(1, 9))).isEmpty();
    }

    @Test
    void onceAQuorumHasPromisedNothingIsComparedAnyMore() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.info(3, 0);
        assertThat(leader.promise(3, 7, zxid(2, 9)))
                .containsExactly(new ZabAction.SendHistory(
                        3, new SyncPlan.Stream(PacketType.TRUNC, zxid(1, 0), null, List.of())));
    }

    @Test
    void historiesAreSentOnlyWhenTheCurrentEpochIsDurable() {
        LeaderScript leader = LeaderScript.of(3, 0, List.of());
        leader.begin();
        leader.info(2, 0);
        leader.stored(EpochKind.ACCEPTED, 1);
        assertThat(leader.promise(2, 0, 0)).containsExactly(new ZabAction.StoreEpoch(EpochKind.CURRENT, 1));
        assertThat(leader.stored(EpochKind.CURRENT, 1)).containsExactly(new ZabAction.SendHistory(2, NOTHING));
    }

    // 3.4 and 3.5, synchronization and activation.

    @Test
    void newLeaderFollowsTheHistoryWithTheConfigurationLastSeen() {
        Ensemble committed = Given.ensemble(3, 0);
        Ensemble lastSeen = Given.ensemble(3, 5);
        LeaderScript leader = LeaderScript.of(Given.CONFIG, new Ensembles(committed, lastSeen), 0, List.of());
        leader.begin();
        leader.info(2, 0);
        leader.stored(EpochKind.ACCEPTED, 1);
        leader.promise(2, 0, 0);
        leader.stored(EpochKind.CURRENT, 1);
        assertThat(leader.historySent(2))
                .containsExactly(send(2, QuorumPacket.of(PacketType.NEW_LEADER, zxid(1, 0), Given.text(lastSeen))));
    }

    @Test
    void aQuorumOfNewLeaderAcksStartsTheServerAndThenTheLearners() {
        LeaderScript leader = LeaderScript.of(3, 0, List.of());
        leader.begin();
        leader.info(2, 0);
        leader.stored(EpochKind.ACCEPTED, 1);
        leader.promise(2, 0, 0);
        leader.stored(EpochKind.CURRENT, 1);
        leader.historySent(2);
        assertThat(leader.ack(2, zxid(1, 0)))
                .containsExactly(
                        new ZabAction.ActivateLastSeen(),
                        new ZabAction.StartServing(1, PeerFeatures.CURRENT),
                        send(2, PacketType.UP_TO_DATE, -1));
        assertThat(leader.core.isServing()).isTrue();
        assertThat(leader.core.lastCommitted()).isEqualTo(zxid(1, 0));
    }

    @Test
    void newLeaderNeedsAQuorumOfTheConfigurationLastSeenToo() {
        Ensembles changing = new Ensembles(Given.ensemble(3, 0), Given.ensemble(5, 5));
        LeaderScript leader = LeaderScript.of(Given.CONFIG, changing, 0, List.of());
        leader.begin();
        leader.info(2, 0);
        leader.stored(EpochKind.ACCEPTED, 1);
        leader.promise(2, 0, 0);
        leader.stored(EpochKind.CURRENT, 1);
        leader.historySent(2);
        assertThat(leader.ack(2, zxid(1, 0))).as("2 of 3 and 2 of 5").isEmpty();
        leader.info(4, 0);
        leader.promise(4, 0, 0);
        leader.historySent(4);
        assertThat(leader.ack(4, zxid(1, 0)))
                .as("2 of 3 and 3 of 5")
                .contains(new ZabAction.StartServing(1, PeerFeatures.CURRENT));
    }

    @Test
    void aServerOnItsOwnLeadsItself() {
        LeaderScript leader = LeaderScript.of(1, 3, proposals(3, 1, 2));
        assertThat(leader.begin()).containsExactly(new ZabAction.StoreEpoch(EpochKind.ACCEPTED, 4));
        assertThat(leader.stored(EpochKind.ACCEPTED, 4))
                .containsExactly(new ZabAction.StoreEpoch(EpochKind.CURRENT, 4));
        assertThat(leader.stored(EpochKind.CURRENT, 4)).contains(new ZabAction.StartServing(4, PeerFeatures.CURRENT));
        leader.propose(4, 1);
        assertThat(leader.synced(4, 1)).containsExactly(new ZabAction.Commit(proposal(4, 1)));
    }

    @Test
    void aFollowerGetsWhatIsOutstandingBehindItsHistoryAndAnObserverDoesNot() {
        LeaderScript leader = LeaderScript.serving(5);
        leader.propose(1, 1);
        leader.info(4, 0);
        assertThat(leader.promise(4, 0, 0))
                .containsExactly(
                        new ZabAction.SendHistory(
                                4,
                                new SyncPlan.Snapshot(
                                        zxid(1, 0),
                                        "last zxid 0x0 is outside the history in memory,"
                                                + " 0x100000000 to 0x100000000")),
                        send(4, proposal(1, 1).toProposal()));
        leader.info(9, PacketType.OBSERVER_INFO, 0, LearnerInfo.of(9, 0).toBytes());
        assertThat(leader.promise(9, 0, 0)).singleElement().isInstanceOf(ZabAction.SendHistory.class);
    }

    @Test
    void anythingButAnAckBeforeTheAckOfNewLeaderClosesTheLink() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.info(3, 0);
        leader.promise(3, 0, 0);
        leader.historySent(3);
        assertThat(leader.packet(3, SessionTimeout.pingReply(zxid(1, 0), List.of())))
                .singleElement()
                .isInstanceOf(ZabAction.CloseLink.class);
    }

    @Test
    void anObserverIsRefusedWhenTooManyLearnersAreBroughtUpToDate() {
        ZabConfig narrow = new ZabConfig(
                2_000, 10, 5, 1, 1, -1, ZabConfig.ObserverLog.KEPT, Zxid.LAST_COUNTER, SyncConfig.DEFAULT);
        LeaderScript leader = LeaderScript.of(narrow, Ensembles.of(Given.voters(3)), 0, List.of());
        leader.begin();
        leader.info(2, 0);
        leader.stored(EpochKind.ACCEPTED, 1);
        leader.promise(2, 0, 0);
        leader.stored(EpochKind.CURRENT, 1);
        leader.info(9, PacketType.OBSERVER_INFO, 0, LearnerInfo.of(9, 0).toBytes());
        assertThat(leader.promise(9, 0, 0)).singleElement().isInstanceOf(ZabAction.CloseLink.class);
        leader.info(3, 0);
        assertThat(leader.promise(3, 0, 0)).containsExactly(new ZabAction.SendHistory(3, NOTHING));
    }

    // 5.1 to 5.3, propose, acknowledge, commit.

    @Test
    void aProposalGoesToTheFollowersAndThenToTheOwnLog() {
        LeaderScript leader = LeaderScript.serving(3);
        assertThat(leader.propose(1, 1))
                .containsExactly(
                        new ZabAction.SendToAll(List.of(2L), proposal(1, 1).toProposal()),
                        new ZabAction.AppendToJournal(proposal(1, 1)));
    }

    @Test
    void theOwnDiskIsOneVoteAmongTheOthers() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.propose(1, 1);
        assertThat(leader.synced(1, 1)).isEmpty();
        assertThat(leader.ack(2, zxid(1, 1)))
                .containsExactly(
                        new ZabAction.SendToAll(List.of(2L), proposal(1, 1).toCommit()),
                        new ZabAction.Commit(proposal(1, 1)));
    }

    @Test
    void aQuorumWithoutTheLeadersDiskCommits() {
        LeaderScript leader = LeaderScript.serving(3).joined(3);
        leader.propose(1, 1);
        leader.ack(2, zxid(1, 1));
        assertThat(leader.ack(3, zxid(1, 1))).contains(new ZabAction.Commit(proposal(1, 1)));
        assertThat(leader.synced(1, 1)).isEmpty();
    }

    @Test
    void nobodysVoteCountsTwice() {
        LeaderScript leader = LeaderScript.serving(5);
        leader.propose(1, 1);
        leader.synced(1, 1);
        leader.synced(1, 1);
        leader.ack(2, zxid(1, 1));
        assertThat(leader.ack(2, zxid(1, 1))).isEmpty();
    }

    @Test
    void commitsAreInOrderWithoutHoles() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.propose(1, 1);
        leader.propose(1, 2);
        leader.ack(2, zxid(1, 2));
        assertThat(leader.synced(1, 1)).endsWith(new ZabAction.Commit(proposal(1, 1)));
        assertThat(leader.synced(1, 2)).endsWith(new ZabAction.Commit(proposal(1, 2)));
    }

    @Test
    void acknowledgementsOfEpochStartsOfOldAndOfUnknownProposalsAreIgnored() {
        LeaderScript leader = LeaderScript.serving(3);
        assertThat(leader.ack(2, zxid(1, 0))).isEmpty();
        assertThat(leader.ack(2, zxid(1, 1))).as("nothing outstanding").isEmpty();
        leader.propose(1, 1);
        leader.synced(1, 1);
        assertThat(leader.ack(2, zxid(1, 5))).as("unknown").isEmpty();
        leader.ack(2, zxid(1, 1));
        assertThat(leader.ack(2, zxid(1, 1))).as("committed").isEmpty();
    }

    @Test
    void observersAreInformedAndTheirAcksCountNowhere() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.info(9, PacketType.OBSERVER_INFO, 0, LearnerInfo.of(3, 0).toBytes());
        leader.promise(9, 0, 0);
        leader.historySent(9);
        leader.ack(9, zxid(1, 0));
        leader.propose(1, 1);
        leader.synced(1, 1);
        assertThat(leader.ack(9, zxid(1, 1)))
                .as("a voter by id, an observer by packet type")
                .isEmpty();
        assertThat(leader.ack(2, zxid(1, 1)))
                .containsExactly(
                        new ZabAction.SendToAll(List.of(2L), proposal(1, 1).toCommit()),
                        new ZabAction.SendToAll(List.of(9L), proposal(1, 1).toInform()),
                        new ZabAction.Commit(proposal(1, 1)));
    }

    @Test
    void anUnknownServerFollowsAndItsAcksCountNowhere() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.info(77, PacketType.FOLLOWER_INFO, 0, LearnerInfo.of(77, 0).toBytes());
        leader.promise(77, 0, 0);
        leader.historySent(77);
        leader.ack(77, zxid(1, 0));
        leader.propose(1, 1);
        leader.synced(1, 1);
        assertThat(leader.ack(77, zxid(1, 1))).isEmpty();
    }

    @Test
    void aLearnerThatJoinsAgainMustAcknowledgeAgain() {
        LeaderScript leader = LeaderScript.serving(5);
        leader.propose(1, 1);
        leader.ack(2, zxid(1, 1));
        leader.ack(3, zxid(1, 1));
        // Learner 2 comes back with the proposal and is told to cut it off: a crash now would take it away.
        leader.info(12, PacketType.FOLLOWER_INFO, 1, LearnerInfo.of(2, 0).toBytes());
        assertThat(leader.promise(12, -1, zxid(1, 1)))
                .containsExactly(
                        new ZabAction.SendHistory(
                                12, new SyncPlan.Stream(PacketType.TRUNC, zxid(1, 0), null, List.of())),
                        send(12, proposal(1, 1).toProposal()));
        assertThat(leader.synced(1, 1)).as("1 and 3 are no quorum of 5").isEmpty();
        leader.historySent(12);
        leader.ack(12, zxid(1, 0));
        assertThat(leader.ack(12, zxid(1, 1))).contains(new ZabAction.Commit(proposal(1, 1)));
    }

    @Test
    void aProposalMustFollowTheOneBefore() {
        LeaderScript leader = LeaderScript.serving(3);
        assertThatThrownBy(() -> leader.propose(1, 2)).isInstanceOf(IllegalStateException.class);
    }

    // 5.4 and 5.5, what learners want.

    @Test
    void touchesRevalidationsAndRequestsAreHandedOn() {
        LeaderScript leader = LeaderScript.serving(3);
        SessionTimeout session = new SessionTimeout(0x200000000000001L, 4_000);
        assertThat(leader.packet(2, SessionTimeout.pingReply(0, List.of(session))))
                .containsExactly(new ZabAction.TouchSessions(2, List.of(session)));
        assertThat(leader.packet(2, session.toRevalidate())).containsExactly(new ZabAction.CheckSession(2, 2, session));
        SessionVerdict verdict = new SessionVerdict(session.sessionId(), true);
        assertThat(leader.step(new LeaderEvent.SessionChecked(2, verdict)))
                .containsExactly(send(2, verdict.toPacket()));
        ForwardedRequest request = new ForwardedRequest(7, 1, 5, new byte[] {1, 2}, List.of());
        assertThat(leader.packet(2, request.toPacket())).containsExactly(new ZabAction.Prepare(2, 2, request));
    }

    @Test
    void aMalformedRequestClosesTheLinkAndNothingElse() {
        LeaderScript leader = LeaderScript.serving(3).joined(3);
        assertThat(leader.packet(3, QuorumPacket.of(PacketType.REQUEST, -1, new byte[5])))
                .singleElement()
                .isInstanceOf(ZabAction.CloseLink.class);
        assertThat(leader.core.isServing()).isTrue();
    }

    @Test
    void aSyncIsAnsweredAtOnceIfNothingIsOutstanding() {
        LeaderScript leader = LeaderScript.serving(3);
        assertThat(leader.step(new LeaderEvent.SyncPassed(2))).containsExactly(send(2, PacketType.SYNC, 0));
    }

    @Test
    void aSyncStandsRightBehindTheCommitOfWhatWasProposedBefore() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.propose(1, 1);
        assertThat(leader.step(new LeaderEvent.SyncPassed(2))).isEmpty();
        leader.propose(1, 2);
        leader.synced(1, 2);
        assertThat(leader.ack(2, zxid(1, 1)))
                .containsExactly(
                        new ZabAction.SendToAll(List.of(2L), proposal(1, 1).toCommit()),
                        new ZabAction.Commit(proposal(1, 1)),
                        send(2, PacketType.SYNC, 0));
    }

    @Test
    void aSessionIsLetInBehindTheCommitOfWhatWasProposedBefore() {
        LeaderScript leader = LeaderScript.serving(3);
        SessionVerdict verdict = new SessionVerdict(7, true);
        leader.propose(1, 1);
        assertThat(leader.step(new LeaderEvent.SessionChecked(2, verdict))).isEmpty();
        leader.propose(1, 2);
        leader.synced(1, 2);
        assertThat(leader.ack(2, zxid(1, 1)))
                .containsExactly(
                        new ZabAction.SendToAll(List.of(2L), proposal(1, 1).toCommit()),
                        new ZabAction.Commit(proposal(1, 1)),
                        send(2, verdict.toPacket()));
    }

    @Test
    void theLeaderReportsItsLearners() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.info(3, 0);
        leader.info(9, PacketType.OBSERVER_INFO, 0, LearnerInfo.of(9, 0).toBytes());
        leader.promise(9, 0, 0);
        assertThat(leader.core.learners())
                .containsExactly(
                        new LearnerReport(2, 2, LearnerRole.FOLLOWER, LearnerReport.Stage.LIVE),
                        new LearnerReport(3, 3, LearnerRole.FOLLOWER, LearnerReport.Stage.DISCOVERY),
                        new LearnerReport(9, 9, LearnerRole.OBSERVER, LearnerReport.Stage.SYNCHRONIZATION));
    }

    // 5.6, ticks.

    @Test
    void everyHalfTickLearnersPastTheirHistoryArePinged() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.propose(1, 1);
        leader.info(3, 0);
        assertThat(leader.turns(1))
                .containsExactly(new ZabAction.SendToAll(List.of(2L), QuorumPacket.of(PacketType.PING, zxid(1, 1))));
    }

    @Test
    void aSilentLearnerIsClosedAfterSyncLimitAndWithoutAQuorumTheLeaderLeaves() {
        LeaderScript leader = LeaderScript.serving(3);
        assertThat(leader.turns(10)).noneMatch(action -> action instanceof ZabAction.CloseLink);
        List<ZabAction> last = leader.turns(2);
        assertThat(last).anyMatch(action -> action instanceof ZabAction.CloseLink);
        assertThat(last.get(last.size() - 1)).isInstanceOf(ZabAction.ExitRole.class);
    }

    @Test
    void anyPacketKeepsALearnerAlive() {
        LeaderScript leader = LeaderScript.serving(3);
        for (int i = 0; i < 30; i++) {
            assertThat(leader.turns(1)).noneMatch(action -> action instanceof ZabAction.CloseLink);
            leader.ack(2, zxid(1, 0));
        }
    }

    @Test
    void aPauseOfTheLeaderIsOneTurn() {
        LeaderScript leader = LeaderScript.serving(3);
        List<ZabAction> late = leader.core.step(new LeaderEvent.TimePassed(), 3_600_000_000_000L);
        assertThat(late).singleElement().isInstanceOf(ZabAction.SendToAll.class);
        assertThat(leader.core.deadlineNanos()).isEqualTo(3_600_000_000_000L + Given.HALF_TICK_NANOS);
    }

    @Test
    void ofTwoLinksOfOneServerTheOlderIsClosed() {
        LeaderScript leader = LeaderScript.serving(3);
        assertThat(leader.info(
                        22, PacketType.FOLLOWER_INFO, 1, LearnerInfo.of(2, 0).toBytes()))
                .hasSize(2)
                .first()
                .isInstanceOfSatisfying(ZabAction.CloseLink.class, closed -> assertThat(closed.link())
                        .isEqualTo(2));
    }

    @Test
    void aLearnerWithTheLeadersOwnIdIsClosed() {
        LeaderScript leader = LeaderScript.serving(3);
        assertThat(leader.info(
                        4, PacketType.FOLLOWER_INFO, 0, LearnerInfo.of(1, 0).toBytes()))
                .singleElement()
                .isInstanceOf(ZabAction.CloseLink.class);
    }

    @Test
    void anEpochThatWouldOverflowIsRefused() {
        LeaderScript leader = LeaderScript.of(3, 0, List.of());
        leader.begin();
        assertThat(leader.info(2, Integer.MAX_VALUE)).singleElement().isInstanceOf(ZabAction.CloseLink.class);
    }
}
