/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import static io.vivarium.server.quorum.zab.Given.proposal;
import static io.vivarium.server.quorum.zab.Given.zxid;
import static io.vivarium.server.quorum.zab.LearnerScript.ack;
import static io.vivarium.server.quorum.zab.LearnerScript.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.quorum.EpochPayload;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.LearnerInfo;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.quorum.SessionVerdict;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A learner, sentence by sentence of spec quorum 6, 7 and 8.1. */
class LearnerCoreTest {

    // 6.2, handshake.

    @Test
    void aLearnerSaysWhoItIsAndWhatItHasPromised() {
        byte[] info = LearnerInfo.of(3, 0).toBytes();
        assertThat(LearnerScript.follower(4, zxid(4, 2)).connect())
                .containsExactly(send(QuorumPacket.of(PacketType.FOLLOWER_INFO, zxid(4, 0), info)));
        assertThat(LearnerScript.observer(4, zxid(4, 2)).connect())
                .containsExactly(send(QuorumPacket.of(PacketType.OBSERVER_INFO, zxid(4, 0), info)));
    }

    @Test
    void aNewEpochIsPromisedOnlyWhenThePromiseIsDurable() {
        LearnerScript learner = LearnerScript.follower(4, zxid(4, 2));
        learner.connect();
        assertThat(learner.packet(EpochPayload.leaderInfo(5)))
                .containsExactly(new ZabAction.StoreEpoch(EpochKind.ACCEPTED, 5));
        assertThat(learner.stored(EpochKind.ACCEPTED, 5)).containsExactly(send(EpochPayload.ackEpoch(zxid(4, 2), 4)));
    }

    @Test
    void theSameEpochIsPromisedAgainWithoutCounting() {
        LearnerScript learner = LearnerScript.follower(4, zxid(4, 2));
        learner.connect();
        assertThat(learner.packet(EpochPayload.leaderInfo(4)))
                .containsExactly(send(EpochPayload.ackEpoch(zxid(4, 2), -1)));
    }

    @Test
    void anOlderEpochIsRefused() {
        LearnerScript learner = LearnerScript.follower(4, zxid(4, 2));
        learner.connect();
        assertThat(learner.packet(EpochPayload.leaderInfo(3))).singleElement().isInstanceOf(ZabAction.ExitRole.class);
    }

    // 7.1, synchronization.

    @Test
    void transactionsOfADiffAreLoggedAndAppliedAsTheirCommitsCome() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 2)).promised(2);
        assertThat(learner.packet(PacketType.DIFF, zxid(1, 4))).isEmpty();
        assertThat(learner.propose(1, 3)).isEmpty();
        assertThat(learner.commit(1, 3))
                .containsExactly(new ZabAction.AppendToJournal(proposal(1, 3)), new ZabAction.Commit(proposal(1, 3)));
    }

    @Test
    void newLeaderIsAcknowledgedWhenTheLogAndThenTheEpochAreDurable() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 2)).promised(2);
        learner.packet(PacketType.DIFF, zxid(1, 4));
        learner.propose(1, 3);
        learner.commit(1, 3);
        learner.propose(1, 4);
        learner.commit(1, 4);
        assertThat(learner.newLeader(2)).containsExactly(new ZabAction.ConfigurationSeen(LearnerScript.CONFIGURATION));
        assertThat(learner.synced(1, 3)).isEmpty();
        assertThat(learner.synced(1, 4)).containsExactly(new ZabAction.StoreEpoch(EpochKind.CURRENT, 2));
        assertThat(learner.stored(EpochKind.CURRENT, 2)).containsExactly(ack(2, 0));
        assertThat(learner.core.isSettled()).isTrue();
    }

    @Test
    void nothingIsAcknowledgedBetweenNewLeaderAndUpToDate() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 2)).promised(2);
        learner.packet(PacketType.DIFF, zxid(1, 2));
        learner.newLeader(2);
        learner.stored(EpochKind.CURRENT, 2);
        assertThat(learner.propose(2, 1)).isEmpty();
        assertThat(learner.commit(2, 1)).isEmpty();
        assertThat(learner.propose(2, 2)).isEmpty();
        assertThat(learner.upToDate())
                .containsExactly(
                        new ZabAction.ActivateLastSeen(),
                        ack(2, 0),
                        new ZabAction.StartServing(2, PeerFeatures.CURRENT),
                        new ZabAction.AppendToJournal(proposal(2, 1)),
                        new ZabAction.AppendToJournal(proposal(2, 2)),
                        new ZabAction.Commit(proposal(2, 1)));
        assertThat(learner.synced(2, 2)).containsExactly(ack(2, 1), ack(2, 2));
    }

    @Test
    void aTruncatedHistoryIsDurableBeforeAnythingIsAddedToIt() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 9)).promised(2);
        assertThat(learner.packet(PacketType.TRUNC, zxid(1, 6)))
                .containsExactly(new ZabAction.TruncateHistory(zxid(1, 6)));
        learner.propose(1, 7);
        assertThat(learner.commit(1, 7)).isEmpty();
        assertThat(learner.newLeader(2)).noneMatch(action -> action instanceof ZabAction.StoreEpoch);
        assertThat(learner.step(new LearnerEvent.HistoryTruncated(zxid(1, 6))))
                .containsExactly(new ZabAction.AppendToJournal(proposal(1, 7)), new ZabAction.Commit(proposal(1, 7)));
        assertThat(learner.synced(1, 7)).containsExactly(new ZabAction.StoreEpoch(EpochKind.CURRENT, 2));
    }

    @Test
    void aHistoryThatWasCutTooFarAsksForAnImageAndDoesNotCount() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 9)).promised(2);
        learner.packet(PacketType.TRUNC, zxid(1, 6));
        assertThat(learner.step(new LearnerEvent.HistoryTruncated(zxid(1, 5))))
                .singleElement()
                .isInstanceOfSatisfying(ZabAction.ExitRole.class, exit -> assertThat(exit.resync())
                        .isEqualTo(Resync.FROM_SNAPSHOT));
        LearnerScript again = LearnerScript.doubtful(1, zxid(1, 5));
        again.connect();
        again.packet(EpochPayload.leaderInfo(2));
        assertThat(again.stored(EpochKind.ACCEPTED, 2)).containsExactly(send(EpochPayload.ackEpoch(0, -1)));
    }

    @Test
    void aHistoryThatCannotBeCutIsNoLessThanItWasAndAsksTheSameLeaderForAnImage() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 9)).promised(2);
        learner.packet(PacketType.TRUNC, zxid(1, 6));
        assertThat(learner.step(new LearnerEvent.HistoryTruncated(zxid(1, 9))))
                .singleElement()
                .isInstanceOf(ZabAction.AskForImage.class);
        LearnerScript again = LearnerScript.uncut(2, 1, zxid(1, 9));
        again.connect();
        assertThat(again.packet(EpochPayload.leaderInfo(2))).containsExactly(send(EpochPayload.ackEpoch(0, -1)));
        assertThat(again.packet(PacketType.SNAP, zxid(1, 6)))
                .containsExactly(new ZabAction.ReceiveImage(LearnerScript.LINK, zxid(1, 6)));
        LearnerScript withAnother = LearnerScript.uncut(2, 1, zxid(1, 9));
        withAnother.connect();
        withAnother.packet(EpochPayload.leaderInfo(3));
        assertThat(withAnother.stored(EpochKind.ACCEPTED, 3))
                .containsExactly(send(EpochPayload.ackEpoch(zxid(1, 9), 1)));
        withAnother.packet(PacketType.TRUNC, zxid(1, 6));
        assertThat(withAnother.step(new LearnerEvent.HistoryTruncated(zxid(1, 9))))
                .singleElement()
                .isInstanceOf(ZabAction.AskForImage.class);
    }

    @Test
    void whoAskedForAnImageAndIsToldToCutItsHistoryDownToNothingGivesUp() {
        LearnerScript learner = LearnerScript.uncut(2, 1, zxid(1, 9));
        learner.connect();
        learner.packet(EpochPayload.leaderInfo(2));
        assertThat(learner.packet(PacketType.DIFF, 0)).containsExactly(new ZabAction.TruncateHistory(0));
        assertThat(learner.step(new LearnerEvent.HistoryTruncated(zxid(1, 9))))
                .singleElement()
                .isInstanceOfSatisfying(ZabAction.ExitRole.class, exit -> assertThat(exit.resync())
                        .isEqualTo(Resync.FROM_SNAPSHOT));
    }

    @Test
    void aHistoryIsCutToTheStartOfAnEpochThatNoLogHolds() {
        LearnerScript learner = LearnerScript.follower(3, zxid(3, 1)).promised(4);
        learner.packet(PacketType.TRUNC, zxid(2, 0));
        assertThat(learner.step(new LearnerEvent.HistoryTruncated(zxid(1, 6)))).isEmpty();
        assertThat(learner.newLeader(4)).contains(new ZabAction.StoreEpoch(EpochKind.CURRENT, 4));
    }

    @Test
    void aDoubtfulHistoryIsNotKeptWhenTheLeaderHasNone() {
        LearnerScript learner = LearnerScript.doubtful(1, zxid(1, 5)).promised(2);
        assertThat(learner.packet(PacketType.DIFF, 0)).containsExactly(new ZabAction.TruncateHistory(0));
    }

    @Test
    void aRoleThatEndsBeforeItIsSettledLeavesTheHistoryDoubtful() {
        LearnerScript learner = LearnerScript.doubtful(1, zxid(1, 5)).promised(2);
        assertThat(learner.step(new LearnerEvent.LinkClosed("broken")))
                .containsExactly(
                        new ZabAction.ExitRole("the link to the leader is gone: broken", Resync.FROM_SNAPSHOT));
    }

    @Test
    void behindAnImageTransactionsGoToTheTreeOnlyAndTheSnapshotComesBeforeTheEpoch() {
        LearnerScript learner = LearnerScript.follower(0, 0).promised(1);
        assertThat(learner.packet(PacketType.SNAP, zxid(1, 6)))
                .containsExactly(new ZabAction.ReceiveImage(LearnerScript.LINK, zxid(1, 6)));
        learner.step(new LearnerEvent.ImageReceived());
        learner.propose(1, 6);
        assertThat(learner.commit(1, 6)).containsExactly(new ZabAction.Commit(proposal(1, 6)));
        learner.propose(1, 7);
        assertThat(learner.commit(1, 7)).containsExactly(new ZabAction.Commit(proposal(1, 7)));
        assertThat(learner.newLeader(1))
                .containsExactly(
                        new ZabAction.ConfigurationSeen(LearnerScript.CONFIGURATION),
                        new ZabAction.InstallSnapshot(zxid(1, 7)));
        learner.propose(1, 8);
        assertThat(learner.commit(1, 8)).as("no longer part of the snapshot").isEmpty();
        assertThat(learner.step(new LearnerEvent.SnapshotInstalled(zxid(1, 7))))
                .containsExactly(new ZabAction.StoreEpoch(EpochKind.CURRENT, 1));
        assertThat(learner.stored(EpochKind.CURRENT, 1)).containsExactly(ack(1, 0));
        assertThat(learner.upToDate())
                .endsWith(new ZabAction.AppendToJournal(proposal(1, 8)), new ZabAction.Commit(proposal(1, 8)));
    }

    @Test
    void aHoleInTheHistoryEndsTheRoleAndAsksForAnImage() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 2)).promised(2);
        learner.packet(PacketType.DIFF, zxid(1, 9));
        assertThat(learner.propose(1, 4))
                .containsExactly(
                        new ZabAction.ExitRole("proposal 0x100000004 does not follow 0x100000002", Resync.FROM_IMAGE));
    }

    @Test
    void behindAnImageAHoleIsRefusedToo() {
        LearnerScript learner = LearnerScript.follower(0, 0).promised(1);
        learner.packet(PacketType.SNAP, zxid(1, 6));
        learner.step(new LearnerEvent.ImageReceived());
        assertThat(learner.propose(1, 8))
                .containsExactly(new ZabAction.ExitRole(
                        "proposal 0x100000008 does not follow an image of 0x100000006", Resync.FROM_IMAGE));
    }

    @Test
    void anEpochBeginsWithOne() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 2)).promised(3);
        learner.packet(PacketType.DIFF, zxid(2, 1));
        assertThat(learner.propose(2, 1)).isEmpty();
        assertThat(learner.commit(2, 1)).hasSize(2);
        assertThat(learner.propose(3, 2)).singleElement().isInstanceOf(ZabAction.ExitRole.class);
    }

    @Test
    void anyOtherPacketWhereTheOperationIsDueEndsTheRole() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 2)).promised(2);
        assertThat(learner.propose(1, 3)).singleElement().isInstanceOf(ZabAction.ExitRole.class);
    }

    @Test
    void anObserverTakesPairsAndInformsAlike() {
        LearnerScript learner = LearnerScript.observer(1, zxid(1, 2)).promised(2);
        learner.packet(PacketType.DIFF, zxid(1, 4));
        learner.propose(1, 3);
        assertThat(learner.commit(1, 3)).hasSize(2);
        assertThat(learner.inform(1, 4))
                .containsExactly(new ZabAction.AppendToJournal(proposal(1, 4)), new ZabAction.Commit(proposal(1, 4)));
    }

    @Test
    void aLeaderOf34IsKnownByItsNewLeaderWithoutData() {
        LearnerScript learner = LearnerScript.follower(0, 0).promised(1);
        learner.packet(PacketType.DIFF, 0);
        assertThat(learner.packet(PacketType.NEW_LEADER, zxid(1, 0)))
                .containsExactly(new ZabAction.StoreEpoch(EpochKind.CURRENT, 1));
        learner.stored(EpochKind.CURRENT, 1);
        assertThat(learner.upToDate()).containsExactly(ack(1, 0), new ZabAction.StartServing(1, PeerFeatures.LEGACY));
    }

    // 7.2, broadcast.

    @Test
    void aProposalIsLoggedAndAcknowledgedWhenItIsDurable() {
        LearnerScript learner = LearnerScript.live(LearnerRole.FOLLOWER);
        assertThat(learner.propose(1, 1)).containsExactly(new ZabAction.AppendToJournal(proposal(1, 1)));
        assertThat(learner.synced(1, 1)).containsExactly(ack(1, 1));
    }

    @Test
    void aCommitDoesNotWaitForTheOwnDisk() {
        LearnerScript learner = LearnerScript.live(LearnerRole.FOLLOWER);
        learner.propose(1, 1);
        assertThat(learner.commit(1, 1)).containsExactly(new ZabAction.Commit(proposal(1, 1)));
        assertThat(learner.synced(1, 1)).containsExactly(ack(1, 1));
    }

    @Test
    void eachTransactionOfASyncedBatchIsAcknowledgedInOrder() {
        LearnerScript learner = LearnerScript.live(LearnerRole.FOLLOWER);
        learner.propose(1, 1);
        learner.propose(1, 2);
        learner.propose(1, 3);
        assertThat(learner.synced(1, 2)).containsExactly(ack(1, 1), ack(1, 2));
        assertThat(learner.synced(1, 3)).containsExactly(ack(1, 3));
    }

    @Test
    void aCommitOutOfOrderEndsTheRoleAndNotTheProcess() {
        LearnerScript learner = LearnerScript.live(LearnerRole.FOLLOWER);
        learner.propose(1, 1);
        learner.propose(1, 2);
        assertThat(learner.commit(1, 2))
                .containsExactly(new ZabAction.ExitRole(
                        "commit of 0x100000002 came where 0x100000001 is proposed", Resync.FROM_HISTORY));
    }

    @Test
    void aReconfigurationIsActivatedBeforeItIsApplied() {
        LearnerScript learner = LearnerScript.live(LearnerRole.FOLLOWER);
        learner.propose(1, 1);
        byte[] designated = ByteBuffer.allocate(8).putLong(2).array();
        assertThat(learner.packet(QuorumPacket.of(PacketType.COMMIT_AND_ACTIVATE, zxid(1, 1), designated)))
                .containsExactly(
                        new ZabAction.ActivateReconfiguration(proposal(1, 1), 2), new ZabAction.Commit(proposal(1, 1)));
    }

    @Test
    void anObserverLogsAndAppliesWhatItIsInformedOfAndAcknowledgesNothing() {
        LearnerScript learner = LearnerScript.live(LearnerRole.OBSERVER);
        assertThat(learner.inform(1, 1))
                .containsExactly(new ZabAction.AppendToJournal(proposal(1, 1)), new ZabAction.Commit(proposal(1, 1)));
        assertThat(learner.synced(1, 1)).isEmpty();
        assertThat(learner.propose(1, 2)).isEmpty();
        byte[] txn = proposal(1, 2).txn();
        byte[] data = ByteBuffer.allocate(8 + txn.length).putLong(2).put(txn).array();
        assertThat(learner.packet(QuorumPacket.of(PacketType.INFORM_AND_ACTIVATE, zxid(1, 2), data)))
                .containsExactly(
                        new ZabAction.ActivateReconfiguration(proposal(1, 2), 2),
                        new ZabAction.AppendToJournal(proposal(1, 2)),
                        new ZabAction.Commit(proposal(1, 2)));
    }

    @Test
    void anObserverThatKeepsNoLogOnlyAppliesWhatItIsInformedOf() {
        LearnerScript learner = LearnerScript.liveWithoutLog();
        assertThat(learner.inform(1, 1)).containsExactly(new ZabAction.Commit(proposal(1, 1)));
        assertThat(learner.inform(1, 2)).containsExactly(new ZabAction.Commit(proposal(1, 2)));
    }

    @Test
    void aPingIsAnsweredWithTheSameZxid() {
        assertThat(LearnerScript.live(LearnerRole.FOLLOWER).packet(PacketType.PING, zxid(1, 4)))
                .containsExactly(new ZabAction.AnswerPing(LearnerScript.LINK, zxid(1, 4)));
    }

    @Test
    void syncsAreMatchedInOrder() {
        LearnerScript learner = LearnerScript.live(LearnerRole.FOLLOWER);
        ForwardedRequest first = new ForwardedRequest(7, 1, OpCode.SYNC, new byte[0], List.of());
        ForwardedRequest second = new ForwardedRequest(8, 4, OpCode.SYNC, new byte[0], List.of());
        assertThat(learner.step(new LearnerEvent.ClientRequest(first))).containsExactly(send(first.toPacket()));
        learner.step(new LearnerEvent.ClientRequest(second));
        assertThat(learner.packet(PacketType.SYNC, 0)).containsExactly(new ZabAction.CompleteSync(7, 1));
        assertThat(learner.packet(PacketType.SYNC, 0)).containsExactly(new ZabAction.CompleteSync(8, 4));
        assertThat(learner.packet(PacketType.SYNC, 0)).as("nobody asked").isEmpty();
    }

    @Test
    void aSessionIsJudgedByTheLeaderAndAnUnaskedVerdictIsIgnored() {
        LearnerScript learner = LearnerScript.live(LearnerRole.FOLLOWER);
        SessionTimeout session = new SessionTimeout(7, 4_000);
        assertThat(learner.step(new LearnerEvent.SessionBrought(session)))
                .containsExactly(send(session.toRevalidate()));
        SessionVerdict verdict = new SessionVerdict(7, false);
        assertThat(learner.packet(verdict.toPacket())).containsExactly(new ZabAction.SessionJudged(verdict));
        assertThat(learner.packet(verdict.toPacket())).isEmpty();
    }

    @Test
    void aMalformedPacketEndsTheRole() {
        assertThat(LearnerScript.live(LearnerRole.FOLLOWER)
                        .packet(QuorumPacket.of(PacketType.REVALIDATE, -1, new byte[3])))
                .singleElement()
                .isInstanceOf(ZabAction.ExitRole.class);
    }

    // 7.5, deadlines.

    @Test
    void silenceEndsTheRoleAfterInitLimitAndOnceSettledAfterSyncLimit() {
        LearnerScript connecting = LearnerScript.follower(0, 0);
        connecting.connect();
        assertThat(connecting.afterMillis(19_999)).isEmpty();
        assertThat(connecting.afterMillis(1)).singleElement().isInstanceOf(ZabAction.ExitRole.class);
        LearnerScript live = LearnerScript.live(LearnerRole.FOLLOWER);
        assertThat(live.afterMillis(9_999)).isEmpty();
        live.packet(PacketType.PING, 0);
        assertThat(live.afterMillis(9_999)).isEmpty();
        assertThat(live.afterMillis(1)).singleElement().isInstanceOf(ZabAction.ExitRole.class);
        assertThat(live.core.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theOwnDiskMayTakeItsTime() {
        LearnerScript learner = LearnerScript.follower(0, 0).promised(1);
        learner.packet(PacketType.SNAP, zxid(1, 6));
        assertThat(learner.core.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        learner.step(new LearnerEvent.ImageReceived());
        assertThat(learner.core.deadlineNanos()).isLessThan(Long.MAX_VALUE);
        learner.newLeader(1);
        assertThat(learner.core.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(learner.afterMillis(3_600_000)).isEmpty();
    }
}
