/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import static io.vivarium.server.quorum.zab.Given.proposals;
import static io.vivarium.server.quorum.zab.Given.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.quorum.EpochPayload;
import io.vivarium.protocol.quorum.LearnerInfo;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/**
 * What a stock 3.9.3 leader answered a scripted learner, asked of ours (spec quorum 17.5). The leader is at 0x100000006
 * in epoch 1, its committed log holds 0x100000001 to 0x100000006.
 */
class StockProbesTest {
    private final LeaderScript leader = leaderAtSix();

    private static LeaderScript leaderAtSix() {
        CommittedLog log = new CommittedLog(500, Long.MAX_VALUE);
        LeaderScript serving = LeaderScript.servingWith(3, log);
        for (Proposal proposal : proposals(1, 1, 6)) {
            serving.step(new LeaderEvent.Propose(proposal));
            serving.step(new LeaderEvent.JournalSynced(proposal.zxid()));
            serving.ack(2, proposal.zxid());
            log.add(proposal);
            serving.step(new LeaderEvent.Applied(proposal.zxid()));
        }
        return serving;
    }

    private SyncPlan planFor(long lastZxid, int currentEpoch) {
        leader.info(3, 1);
        List<ZabAction> answer = leader.packet(3, EpochPayload.ackEpoch(lastZxid, currentEpoch));
        assertThat(answer).singleElement().isInstanceOf(ZabAction.SendHistory.class);
        assertThat(leader.historySent(3))
                .containsExactly(LeaderScript.send(
                        3, QuorumPacket.of(PacketType.NEW_LEADER, zxid(1, 0), Given.text(Given.voters(3)))));
        return ((ZabAction.SendHistory) answer.get(0)).plan();
    }

    @Test
    void aLearnerAtTheEndGetsADiffOfNothing() {
        assertThat(planFor(0x100000006L, -1))
                .isEqualTo(new SyncPlan.Stream(PacketType.DIFF, 0x100000006L, null, List.of()));
    }

    @Test
    void aLearnerAtThreeGetsFourToSix() {
        assertThat(planFor(0x100000003L, -1))
                .isEqualTo(new SyncPlan.Stream(PacketType.DIFF, 0x100000006L, null, proposals(1, 4, 6)));
    }

    @Test
    void aLearnerAheadIsCutBack() {
        assertThat(planFor(0x10000000fL, -1))
                .isEqualTo(new SyncPlan.Stream(PacketType.TRUNC, 0x100000006L, null, List.of()));
    }

    @Test
    void aLearnerOfALaterEpochIsCutBackToo() {
        assertThat(planFor(0x200000001L, 7))
                .isEqualTo(new SyncPlan.Stream(PacketType.TRUNC, 0x100000006L, null, List.of()));
    }

    @Test
    void aLearnerAtTheStartOfALaterEpochGetsAnImage() {
        assertThat(planFor(0x200000000L, -1)).isInstanceOf(SyncPlan.Snapshot.class);
    }

    @Test
    void aLearnerBelowTheHistoryGetsAnImageOnceTheDiskWasAsked() {
        SyncPlanner planner = new SyncPlanner(SyncConfig.DEFAULT);
        DiskHistory disk = new FirstEpochOnDisk();
        assertThat(planner.resolve((SyncPlan.ReadDisk) planFor(0x50, 0), disk)).isInstanceOf(SyncPlan.Snapshot.class);
        leader.step(new LeaderEvent.LearnerClosed(3));
        leader.info(4, 1);
        List<ZabAction> answer = leader.promise(4, 0, 0x100000000L);
        SyncPlan plan = ((ZabAction.SendHistory) answer.get(0)).plan();
        assertThat(planner.resolve((SyncPlan.ReadDisk) plan, disk)).isInstanceOf(SyncPlan.Snapshot.class);
    }

    private static final class FirstEpochOnDisk implements DiskHistory {
        @Override
        public long newestSnapshotBytes() {
            return 0;
        }

        @Override
        public long logBytesBehind(long zxid) {
            return 0;
        }

        @Override
        public void forEachZxidFrom(long zxid, LongPredicate visitor) {
            for (Proposal proposal : proposals(1, 1, 6)) {
                if (!visitor.test(proposal.zxid())) {
                    return;
                }
            }
        }

        @Override
        public boolean hasSnapshotBetween(long zxid, long laterZxid) {
            return false;
        }
    }

    @Test
    void aLearnerOfThe33ProtocolIsRefusedWhereStockSendsAnImage() {
        byte[] eight = ByteBuffer.allocate(8).putLong(3).array();
        assertThat(leader.info(3, PacketType.FOLLOWER_INFO, 0, eight))
                .singleElement()
                .isInstanceOf(ZabAction.CloseLink.class);
        leader.step(new LeaderEvent.LearnerConnected(5));
        assertThat(leader.packet(5, QuorumPacket.of(PacketType.FOLLOWER_INFO, 0)))
                .singleElement()
                .isInstanceOf(ZabAction.CloseLink.class);
    }

    @Test
    void aLearnerOf34IsTakenAndTheOpcodesItDoesNotKnowAreRefusedMeanwhile() {
        byte[] twelve = ByteBuffer.allocate(12).putLong(3).putInt(0x10000).array();
        assertThat(leader.info(3, PacketType.FOLLOWER_INFO, 0, twelve))
                .containsExactly(
                        new ZabAction.RestrictTo(PeerFeatures.LEGACY),
                        LeaderScript.send(3, EpochPayload.leaderInfo(1)));
        assertThat(leader.step(new LeaderEvent.LearnerClosed(3)))
                .containsExactly(new ZabAction.RestrictTo(PeerFeatures.CURRENT));
    }

    @Test
    void aConfigurationAboveTheLeadersIsClosed() {
        byte[] data = LearnerInfo.of(3, 1).toBytes();
        assertThat(leader.info(3, PacketType.FOLLOWER_INFO, 0, data))
                .singleElement()
                .isInstanceOf(ZabAction.CloseLink.class);
    }

    @Test
    void anAckOfAnotherZxidBeforeThatOfNewLeaderIsTolerated() {
        planFor(0x100000006L, -1);
        assertThat(leader.ack(3, 0x100000005L)).isEmpty();
        assertThat(leader.ack(3, zxid(1, 0))).containsExactly(LeaderScript.send(3, PacketType.UP_TO_DATE, -1));
    }

    @Test
    void aPingReplyBeforeTheAckOfNewLeaderIsClosed() {
        planFor(0x100000006L, -1);
        assertThat(leader.packet(3, QuorumPacket.of(PacketType.PING, 0, new byte[0])))
                .singleElement()
                .isInstanceOf(ZabAction.CloseLink.class);
    }

    @Test
    void withoutPingRepliesTheLinkIsClosedAfterSyncLimit() {
        planFor(0x100000006L, -1);
        leader.ack(3, zxid(1, 0));
        assertThat(leader.turnsHearing(10, 2)).noneMatch(action -> action instanceof ZabAction.CloseLink);
        assertThat(leader.turnsHearing(1, 2))
                .anyMatch(action -> action instanceof ZabAction.CloseLink close && close.link() == 3);
    }

    @Test
    void withPingRepliesButWithoutAcksTheLinkIsClosedAfterSyncLimitToo() {
        planFor(0x100000006L, -1);
        leader.ack(3, zxid(1, 0));
        leader.propose(1, 7);
        leader.ack(2, zxid(1, 7));
        leader.synced(1, 7);
        assertThat(leader.turnsHearing(10, 2, 3)).noneMatch(action -> action instanceof ZabAction.CloseLink);
        assertThat(leader.turnsHearing(1, 2, 3))
                .anyMatch(action -> action instanceof ZabAction.CloseLink close && close.link() == 3);
    }
}
