/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import static io.vivarium.server.quorum.zab.Given.proposal;
import static io.vivarium.server.quorum.zab.Given.proposals;
import static io.vivarium.server.quorum.zab.Given.zxid;
import static io.vivarium.server.quorum.zab.LeaderScript.send;
import static io.vivarium.server.quorum.zab.LearnerScript.ack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.quorum.EpochPayload;
import io.vivarium.protocol.quorum.LearnerInfo;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.txn.Txn;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Defects of released servers that became properties of this one (spec quorum 16.3). Each test is named by the issue.
 * Those about files, configurations and the request stage stand with the classes that own these.
 */
class KnownDefectsTest {

    @Test
    void zookeeper1154TheLastLoggedZxidEntersTheComparisonOfHistories() {
        LeaderScript leader = LeaderScript.of(3, 1, proposals(1, 1, 3));
        leader.begin();
        leader.info(2, 1);
        leader.stored(EpochKind.ACCEPTED, 2);
        assertThat(leader.promise(2, 1, zxid(1, 4))).singleElement().isInstanceOf(ZabAction.CloseLink.class);
    }

    @Test
    void zookeeper1277TheCounterEndsTheRoleBeforeItOverflowsIntoTheEpoch() {
        LeaderStart start = new LeaderStart(1, 1, 1, 0, Ensembles.of(Given.voters(1)));
        LeaderContext context = new LeaderContext(start, Given.CONFIG);
        LeaderBroadcast broadcast = new LeaderBroadcast(context, new CommittedLog(10, 10));
        broadcast.beginEpoch(zxid(1, Zxid.LAST_COUNTER - 2));
        Proposal last = proposal(1, Zxid.LAST_COUNTER - 1);
        broadcast.propose(last);
        assertThat(context.takeActions()).containsExactly(new ZabAction.AppendToJournal(last));
        broadcast.propose(proposal(1, Zxid.LAST_COUNTER));
        assertThat(context.takeActions()).singleElement().isInstanceOf(ZabAction.ExitRole.class);
    }

    @Test
    void zookeeper1367And1551TransactionsBetweenImageAndUpToDateAreLoggedAndAppliedByAnObserverToo() {
        LearnerScript learner = LearnerScript.observer(0, 0).promised(1);
        learner.packet(PacketType.SNAP, zxid(1, 6));
        learner.step(new LearnerEvent.ImageReceived());
        learner.newLeader(1);
        learner.inform(1, 7);
        learner.step(new LearnerEvent.SnapshotInstalled(zxid(1, 6)));
        learner.stored(EpochKind.CURRENT, 1);
        learner.inform(1, 8);
        assertThat(learner.upToDate())
                .endsWith(
                        new ZabAction.AppendToJournal(proposal(1, 7)),
                        new ZabAction.Commit(proposal(1, 7)),
                        new ZabAction.AppendToJournal(proposal(1, 8)),
                        new ZabAction.Commit(proposal(1, 8)));
    }

    @Test
    void zookeeper2307AnEpochIsUsedOnlyWhenItsFileIsWritten() {
        LearnerScript learner = LearnerScript.follower(0, 0);
        learner.connect();
        assertThat(learner.packet(EpochPayload.leaderInfo(1)))
                .containsExactly(new ZabAction.StoreEpoch(EpochKind.ACCEPTED, 1));
        LeaderScript leader = LeaderScript.of(3, 0, List.of());
        leader.begin();
        assertThat(leader.info(2, 0)).containsExactly(new ZabAction.StoreEpoch(EpochKind.ACCEPTED, 1));
    }

    @Test
    void zookeeper87AFollowerThatAnswersPingsAndLogsNothingIsCutOff() {
        LeaderScript leader = LeaderScript.serving(3).joined(3);
        leader.propose(1, 1);
        leader.ack(2, zxid(1, 1));
        List<ZabAction> actions = leader.turnsHearing(11, 2, 3);
        assertThat(actions).anyMatch(action -> action instanceof ZabAction.CloseLink close && close.link() == 3);
        assertThat(actions).noneMatch(action -> action instanceof ZabAction.CloseLink close && close.link() == 2);
    }

    @Test
    void zookeeper1324And3104NewLeaderIsSentOnceAndBehindTheHistory() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.info(3, 0);
        assertThat(leader.promise(3, 0, 0)).singleElement().isInstanceOf(ZabAction.SendHistory.class);
        assertThat(leader.propose(1, 1))
                .contains(
                        new ZabAction.SendToAll(List.of(2L, 3L), proposal(1, 1).toProposal()));
        assertThat(leader.historySent(3)).hasSize(1);
        assertThatThrownBy(() -> leader.historySent(3)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void zookeeper1699ProposalsNeedAQuorumOfTheConfigurationLastSeenToo() {
        AckTracker acks = new AckTracker();
        acks.propose(proposal(1, 1), new Ensembles(Given.ensemble(3, 0), Given.ensemble(5, 9)));
        acks.ack(1, zxid(1, 1));
        acks.ack(2, zxid(1, 1));
        assertThat(acks.pollDecided()).isNull();
        acks.ack(5, zxid(1, 1));
        assertThat(acks.pollDecided()).isEqualTo(proposal(1, 1));
    }

    @Test
    void zookeeper2172ActivationDuringTheSyncWorksWithDiffAndWithImage() {
        byte[] designated = {0, 0, 0, 0, 0, 0, 0, 2};
        for (int operation : new int[] {PacketType.DIFF, PacketType.SNAP}) {
            LearnerScript learner = LearnerScript.follower(0, 0).promised(1);
            learner.packet(operation, 0);
            learner.step(new LearnerEvent.ImageReceived());
            learner.propose(1, 1);
            assertThat(learner.packet(QuorumPacket.of(PacketType.COMMIT_AND_ACTIVATE, zxid(1, 1), designated)))
                    .startsWith(new ZabAction.ActivateReconfiguration(proposal(1, 1), 2))
                    .endsWith(new ZabAction.Commit(proposal(1, 1)));
        }
    }

    @Test
    void zookeeper2355TheZxidOfDiffIsNotTakenForHistory() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 2)).promised(2);
        assertThat(learner.packet(PacketType.DIFF, zxid(1, 9))).isEmpty();
        assertThat(learner.propose(1, 3)).isEmpty();
        assertThat(learner.commit(1, 3)).contains(new ZabAction.AppendToJournal(proposal(1, 3)));
    }

    @Test
    void zookeeper2678And3911And4646TransactionsOfADiffAreOnDiskBeforeNewLeaderIsAcknowledged() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 2)).promised(2);
        learner.packet(PacketType.DIFF, zxid(1, 3));
        learner.propose(1, 3);
        assertThat(learner.commit(1, 3)).contains(new ZabAction.AppendToJournal(proposal(1, 3)));
        assertThat(learner.newLeader(2)).noneMatch(action -> action instanceof ZabAction.Send);
        assertThat(learner.synced(1, 3)).noneMatch(action -> action instanceof ZabAction.Send);
        assertThat(learner.stored(EpochKind.CURRENT, 2)).containsExactly(ack(2, 0));
    }

    @Test
    void zookeeper2872TheSnapshotOfAnImageIsOnDiskBeforeNewLeaderIsAcknowledged() {
        LearnerScript learner = LearnerScript.follower(0, 0).promised(1);
        learner.packet(PacketType.SNAP, zxid(1, 6));
        learner.step(new LearnerEvent.ImageReceived());
        assertThat(learner.newLeader(1)).noneMatch(action -> action instanceof ZabAction.StoreEpoch);
        assertThat(learner.step(new LearnerEvent.SnapshotInstalled(zxid(1, 6))))
                .containsExactly(new ZabAction.StoreEpoch(EpochKind.CURRENT, 1));
    }

    @Test
    void zookeeper2959ObserversCountInNoneOfTheThreeWaits() {
        LeaderScript leader = LeaderScript.of(3, 0, List.of());
        leader.begin();
        byte[] observer = LearnerInfo.of(9, 0).toBytes();
        assertThat(leader.info(9, PacketType.OBSERVER_INFO, 0, observer)).isEmpty();
        leader.info(2, 0);
        leader.stored(EpochKind.ACCEPTED, 1);
        assertThat(leader.promise(9, 0, 0)).isEmpty();
        leader.promise(2, 0, 0);
        leader.stored(EpochKind.CURRENT, 1);
        leader.historySent(9);
        assertThat(leader.ack(9, zxid(1, 0))).isEmpty();
        leader.historySent(2);
        assertThat(leader.ack(2, zxid(1, 0))).contains(new ZabAction.StartServing(1, PeerFeatures.CURRENT));
    }

    @Test
    void zookeeper2418AHoleBetweenDiskAndMemoryIsNotSentAndNotTaken() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 1)).promised(2);
        learner.packet(PacketType.DIFF, zxid(1, 9));
        learner.propose(1, 2);
        learner.commit(1, 2);
        assertThat(learner.propose(1, 8)).singleElement().isInstanceOf(ZabAction.ExitRole.class);
    }

    @Test
    void zookeeper3642AnInterruptedImageIsNeverOfferedAsHistory() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 2)).promised(2);
        learner.packet(PacketType.SNAP, zxid(1, 9));
        assertThat(learner.step(new LearnerEvent.LinkClosed("the image ends early")))
                .containsExactly(new ZabAction.ExitRole(
                        "the link to the leader is gone: the image ends early", Resync.FROM_HISTORY));
    }

    @Test
    void zookeeper4643TheEpochFileIsWrittenAfterTheTransactions() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 2)).promised(2);
        learner.packet(PacketType.DIFF, zxid(1, 3));
        learner.propose(1, 3);
        learner.commit(1, 3);
        assertThat(learner.newLeader(2)).noneMatch(action -> action instanceof ZabAction.StoreEpoch);
    }

    @Test
    void zookeeper4685TheLeaderTakesProposalAcksFirstAndCountsThem() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.info(3, 0);
        leader.promise(3, 0, 0);
        leader.historySent(3);
        leader.propose(1, 1);
        leader.synced(1, 1);
        assertThat(leader.ack(3, zxid(1, 1))).contains(new ZabAction.Commit(proposal(1, 1)));
        assertThat(leader.ack(3, zxid(1, 0))).containsExactly(send(3, PacketType.UP_TO_DATE, -1));
    }

    @Test
    void zookeeper4394ACommitAfterNewLeaderOfAProposalBeforeItIsKept() {
        LearnerScript learner = LearnerScript.follower(1, zxid(1, 2)).promised(2);
        learner.packet(PacketType.DIFF, zxid(1, 2));
        learner.propose(2, 1);
        learner.newLeader(2);
        learner.stored(EpochKind.CURRENT, 2);
        assertThat(learner.commit(2, 1)).isEmpty();
        assertThat(learner.upToDate())
                .endsWith(new ZabAction.AppendToJournal(proposal(2, 1)), new ZabAction.Commit(proposal(2, 1)));
    }

    @Test
    void zookeeper4925TheCommittedLogHasNoHoles() {
        CommittedLog log = new CommittedLog(3, 1_000);
        proposals(1, 1, 4).forEach(log::add);
        log.add(proposal(1, 2));
        assertThat(log.copy()).isEqualTo(proposals(1, 2, 4));
        assertThatThrownBy(() -> log.add(proposal(1, 6))).isInstanceOf(IllegalStateException.class);
        log.add(proposal(2, 1));
        assertThat(log.size()).isEqualTo(3);
        CommittedLog small = new CommittedLog(100, proposal(1, 1).txn().length);
        proposals(1, 1, 4).forEach(small::add);
        assertThat(small.copy()).as("bounded by bytes").isEqualTo(proposals(1, 4, 4));
    }

    @Test
    void zookeeper4712AnswersThatComeAfterTheRoleAreHarmless() {
        LeaderScript leader = LeaderScript.serving(3);
        leader.propose(1, 1);
        leader.turns(13);
        assertThat(leader.core.isOver()).isTrue();
        assertThat(leader.synced(1, 1)).isEmpty();
        assertThat(leader.ack(2, zxid(1, 1))).isEmpty();
    }

    @Test
    void a34LearnerIsNeverSentWhatItCannotReadAsHistory() {
        assertThat(PeerFeatures.LEGACY.understands(OpCode.CREATE2)).isFalse();
        assertThat(PeerFeatures.LEGACY.understands(OpCode.CREATE)).isTrue();
        assertThat(PeerFeatures.LEGACY.understandsTxn(multiOf(OpCode.DELETE))).isTrue();
        assertThat(PeerFeatures.LEGACY.understandsTxn(multiOf(OpCode.CREATE_TTL)))
                .isFalse();
        assertThat(PeerFeatures.LEGACY.understandsTxn(new byte[3])).isFalse();
        assertThat(PeerFeatures.CURRENT.understandsTxn(new byte[3])).isTrue();
    }

    private static byte[] multiOf(int part) {
        JuteWriter out = new JuteWriter(64);
        byte[] error = proposal(zxid(1, 1), OpCode.MULTI, new Txn.Delete("/x")).txn();
        out.writeBytes(error, 0, 32);
        out.writeInt(1);
        out.writeInt(part);
        out.writeBuffer(new byte[3]);
        return out.toByteArray();
    }
}
