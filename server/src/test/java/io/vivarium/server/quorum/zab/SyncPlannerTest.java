/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import static io.vivarium.server.quorum.zab.Given.log;
import static io.vivarium.server.quorum.zab.Given.proposal;
import static io.vivarium.server.quorum.zab.Given.proposals;
import static io.vivarium.server.quorum.zab.Given.zxid;
import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.txn.Txn;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/** The table of spec quorum 4, row by row, and every combination of small histories. */
class SyncPlannerTest {
    private static final SyncPlanner PLANNER = new SyncPlanner(SyncConfig.DEFAULT);
    private static final List<Proposal> ONE_TO_SIX = proposals(1, 1, 6);

    // Row by row.

    @Test
    void row1AnImageIsSentWheneverOneIsForced() {
        SyncPlanner forced = new SyncPlanner(new SyncConfig(SyncConfig.Transfer.SNAPSHOT_ONLY, 0.33));
        assertThat(forced.plan(zxid(1, 6), zxid(1, 6), ONE_TO_SIX, PeerFeatures.CURRENT))
                .isInstanceOf(SyncPlan.Snapshot.class);
    }

    @Test
    void row2ALearnerAtTheSameZxidGetsADiffOfNothing() {
        assertThat(plan(zxid(1, 6))).isEqualTo(diff(zxid(1, 6)));
        assertThat(PLANNER.plan(zxid(2, 0), zxid(2, 0), ONE_TO_SIX, PeerFeatures.CURRENT))
                .isEqualTo(diff(zxid(2, 0)));
        assertThat(PLANNER.plan(0, 0, List.of(), PeerFeatures.CURRENT)).isEqualTo(diff(0));
    }

    @Test
    void row3ALearnerAboveTheHistoryIsCutBackAlsoAcrossEpochs() {
        assertThat(plan(zxid(1, 0xf))).isEqualTo(trunc(zxid(1, 6)));
        assertThat(plan(zxid(2, 1))).isEqualTo(trunc(zxid(1, 6)));
        assertThat(PLANNER.plan(zxid(1, 7), zxid(1, 6), List.of(), PeerFeatures.CURRENT))
                .isEqualTo(trunc(zxid(1, 6)));
    }

    @Test
    void row4ALearnerWithinTheHistoryGetsWhatItLacks() {
        assertThat(plan(zxid(1, 3)))
                .isEqualTo(new SyncPlan.Stream(PacketType.DIFF, zxid(1, 6), null, proposals(1, 4, 6)));
        assertThat(PLANNER.plan(zxid(1, 6), zxid(2, 0), ONE_TO_SIX, PeerFeatures.CURRENT))
                .isEqualTo(diff(zxid(1, 6)));
    }

    @Test
    void row4ATransactionTheLeaderNeverHadIsCutAndWhatFollowsIsSent() {
        List<Proposal> history = new ArrayList<>(proposals(1, 1, 3));
        history.addAll(proposals(2, 1, 2));
        // The epoch parts the histories: the walk cannot tell where.
        assertThat(PLANNER.plan(zxid(1, 5), zxid(2, 2), history, PeerFeatures.CURRENT))
                .isInstanceOf(SyncPlan.Snapshot.class);
        // Within one epoch it can (a hole in the leader's counters stands for any such history).
        List<Proposal> holed = List.of(proposal(1, 1), proposal(1, 2), proposal(1, 4));
        assertThat(PLANNER.plan(zxid(1, 3), zxid(1, 4), holed, PeerFeatures.CURRENT))
                .isEqualTo(new SyncPlan.Stream(PacketType.TRUNC, zxid(1, 2), null, List.of(proposal(1, 4))));
    }

    @Test
    void row4TheStartOfAnEpochIsFollowedByItsFirstTransaction() {
        List<Proposal> history = new ArrayList<>(proposals(1, 1, 3));
        history.addAll(proposals(2, 1, 2));
        assertThat(PLANNER.plan(zxid(2, 0), zxid(2, 2), history, PeerFeatures.CURRENT))
                .isEqualTo(new SyncPlan.Stream(PacketType.DIFF, zxid(2, 2), null, proposals(2, 1, 2)));
    }

    @Test
    void row5ALearnerBelowTheHistoryInMemoryIsServedFromDisk() {
        List<Proposal> memory = proposals(1, 5, 6);
        SyncPlan plan = PLANNER.plan(zxid(1, 3), zxid(1, 6), memory, PeerFeatures.CURRENT);
        assertThat(plan).isEqualTo(new SyncPlan.ReadDisk(zxid(1, 3), zxid(1, 6), memory));
        assertThat(PLANNER.resolve((SyncPlan.ReadDisk) plan, new ModelDisk(ONE_TO_SIX, 1_000, 0)))
                .isEqualTo(new SyncPlan.Stream(
                        PacketType.DIFF,
                        zxid(1, 6),
                        new SyncPlan.DiskRange(zxid(1, 3), zxid(1, 5)),
                        List.of(proposal(1, 6))));
    }

    @Test
    void row5AnImageIsSentWhenTheLogOnDiskIsLargerThanAPartOfTheSnapshot() {
        SyncPlan.ReadDisk plan = new SyncPlan.ReadDisk(zxid(1, 3), zxid(1, 6), proposals(1, 5, 6));
        assertThat(PLANNER.resolve(plan, new ModelDisk(ONE_TO_SIX, 1_000, 331))).isInstanceOf(SyncPlan.Snapshot.class);
        assertThat(PLANNER.resolve(plan, new ModelDisk(ONE_TO_SIX, 1_000, 330))).isInstanceOf(SyncPlan.Stream.class);
        SyncPlanner unlimited = new SyncPlanner(new SyncConfig(SyncConfig.Transfer.HISTORY_OR_SNAPSHOT, 0));
        assertThat(unlimited.resolve(plan, new ModelDisk(ONE_TO_SIX, 1_000, 1 << 30)))
                .isInstanceOf(SyncPlan.Stream.class);
    }

    @Test
    void row5AnImageIsSentWhenTheLogOnDiskDoesNotReachBack() {
        SyncPlan.ReadDisk plan = new SyncPlan.ReadDisk(zxid(1, 1), zxid(1, 6), proposals(1, 5, 6));
        assertThat(PLANNER.resolve(plan, new ModelDisk(proposals(1, 2, 6), 0, 0)))
                .isInstanceOf(SyncPlan.Snapshot.class);
    }

    @Test
    void row5AGapBetweenDiskAndMemoryEndsInAnImage() {
        SyncPlan.ReadDisk plan = new SyncPlan.ReadDisk(zxid(1, 1), zxid(1, 9), proposals(1, 8, 9));
        assertThat(PLANNER.resolve(plan, new ModelDisk(ONE_TO_SIX, 0, 0)))
                .as("ZOOKEEPER-2418")
                .isInstanceOf(SyncPlan.Snapshot.class);
        List<Proposal> holed = List.of(proposal(1, 1), proposal(1, 2), proposal(1, 4), proposal(1, 8));
        assertThat(PLANNER.resolve(plan, new ModelDisk(holed, 0, 0))).isInstanceOf(SyncPlan.Snapshot.class);
    }

    @Test
    void row5AnEpochThatOnlyASnapshotKnowsEndsInAnImage() {
        List<Proposal> firstAndThird = new ArrayList<>(proposals(1, 1, 6));
        firstAndThird.addAll(proposals(3, 1, 2));
        SyncPlan.ReadDisk plan = new SyncPlan.ReadDisk(zxid(1, 3), zxid(3, 2), proposals(3, 1, 2));
        assertThat(PLANNER.resolve(plan, new ModelDisk(firstAndThird, 0, 0))).isInstanceOf(SyncPlan.Stream.class);
        for (long within : new long[] {zxid(1, 4), zxid(1, 6), zxid(3, 1), zxid(3, 2)}) {
            assertThat(PLANNER.resolve(plan, new ModelDisk(firstAndThird, 0, 0, within)))
                    .isInstanceOf(SyncPlan.Stream.class);
        }
        for (long behind : new long[] {zxid(1, 7), zxid(2, 1), zxid(2, 9)}) {
            assertThat(PLANNER.resolve(plan, new ModelDisk(firstAndThird, 0, 0, behind)))
                    .isInstanceOf(SyncPlan.Snapshot.class);
        }
    }

    @Test
    void row6AnythingElseGetsAnImage() {
        assertThat(plan(zxid(2, 0))).isInstanceOf(SyncPlan.Snapshot.class);
        SyncPlanner memoryOnly = new SyncPlanner(new SyncConfig(SyncConfig.Transfer.HISTORY_OR_SNAPSHOT, -1));
        assertThat(memoryOnly.plan(0x50, zxid(1, 6), ONE_TO_SIX, PeerFeatures.CURRENT))
                .isInstanceOf(SyncPlan.Snapshot.class);
        assertThat(PLANNER.plan(zxid(1, 2), zxid(1, 6), List.of(), PeerFeatures.CURRENT))
                .isInstanceOf(SyncPlan.Snapshot.class);
    }

    @Test
    void aLearnerOf34GetsAnImageInsteadOfTransactionsItCannotRead() {
        Proposal create2 = proposal(zxid(1, 3), OpCode.CREATE2, new Txn.Create("/x", new byte[0], List.of(), false, 1));
        List<Proposal> history = List.of(proposal(1, 1), proposal(1, 2), create2);
        assertThat(PLANNER.plan(zxid(1, 2), zxid(1, 3), history, PeerFeatures.LEGACY))
                .isInstanceOf(SyncPlan.Snapshot.class);
        assertThat(PLANNER.plan(zxid(1, 2), zxid(1, 3), history, PeerFeatures.CURRENT))
                .isInstanceOf(SyncPlan.Stream.class);
        assertThat(PLANNER.plan(zxid(1, 3), zxid(1, 3), history, PeerFeatures.LEGACY))
                .isEqualTo(diff(zxid(1, 3)));
    }

    // Every combination of small histories.

    /**
     * The leader has c1 transactions of epoch 1, c2 of epoch 2, c3 of epoch 3, the newest of them in memory. The learner
     * parts from it in some epoch: it has some of the leader's transactions of that epoch and then some of its own, which
     * have the zxids the leader used otherwise or never.
     */
    @Test
    void afterAnyPlanTheLearnerHasExactlyTheLeadersHistory() {
        int walked = 0;
        for (int shape = 0; shape < 4 * 4 * 4; shape++) {
            int[] leaderCounts = {shape % 4, shape / 4 % 4, shape / 16};
            List<Long> leader = history(leaderCounts);
            for (int learnerShape = 0; learnerShape < 5 * 5 * 5; learnerShape++) {
                int[] learnerCounts = {learnerShape % 5, learnerShape / 5 % 5, learnerShape / 25};
                if (!canMeet(leaderCounts, learnerCounts)) {
                    continue;
                }
                for (int inMemory = 0; inMemory <= leader.size(); inMemory++) {
                    for (int onDisk = inMemory; onDisk <= leader.size(); onDisk++) {
                        check(leader, history(learnerCounts), inMemory, onDisk);
                        walked++;
                    }
                }
            }
        }
        assertThat(walked).isGreaterThan(10_000);
    }

    /** Where an epoch begins, both had the same history before: its leader brought everybody there (I4). */
    private static boolean canMeet(int[] leader, int[] learner) {
        for (int epoch = 1; epoch < 3; epoch++) {
            boolean learnerGoesOn = sum(learner, epoch) > 0;
            boolean leaderGoesOn = sum(leader, epoch) > 0;
            if (leader[epoch - 1] != learner[epoch - 1]) {
                // They part here. A learner that goes on would have a later epoch's history that the leader never
                // knew, built on what the leader does have; a leader that goes on has dropped the learner's tail.
                return !learnerGoesOn || (!leaderGoesOn && learner[epoch - 1] >= leader[epoch - 1]);
            }
        }
        return true;
    }

    private static int sum(int[] counts, int from) {
        int sum = 0;
        for (int i = from; i < counts.length; i++) {
            sum += counts[i];
        }
        return sum;
    }

    private static List<Long> history(int[] counts) {
        List<Long> history = new ArrayList<>();
        for (int epoch = 1; epoch <= counts.length; epoch++) {
            for (int counter = 1; counter <= counts[epoch - 1]; counter++) {
                history.add(zxid(epoch, counter));
            }
        }
        return history;
    }

    private static void check(List<Long> leader, List<Long> learner, int inMemory, int onDisk) {
        long newest = leader.isEmpty() ? 0 : leader.get(leader.size() - 1);
        long position = learner.isEmpty() ? 0 : learner.get(learner.size() - 1);
        List<Proposal> memory = tail(leader, inMemory);
        SyncPlan plan = PLANNER.plan(position, newest, memory, PeerFeatures.CURRENT);
        if (plan instanceof SyncPlan.ReadDisk read) {
            plan = PLANNER.resolve(read, new ModelDisk(tail(leader, onDisk), 0, 0));
        }
        String what = "leader " + text(leader) + "with " + inMemory + " in memory and " + onDisk + " on disk, learner "
                + text(learner) + ": " + plan;
        if (plan instanceof SyncPlan.Snapshot image) {
            assertThat(image.atLeastZxid()).as(what).isEqualTo(newest);
            return;
        }
        SyncPlan.Stream stream = (SyncPlan.Stream) plan;
        TreeSet<Long> result = new TreeSet<>(learner);
        if (stream.operation() == PacketType.TRUNC) {
            result.tailSet(stream.zxid(), false).clear();
        }
        Contiguity contiguity = Contiguity.after(result.isEmpty() ? 0 : result.last());
        for (long zxid : sent(stream, tail(leader, onDisk))) {
            assertThat(contiguity.accept(zxid))
                    .as(what + " sends " + Zxid.toString(zxid))
                    .isTrue();
            result.add(zxid);
        }
        assertThat(new ArrayList<>(result)).as(what).isEqualTo(leader);
    }

    private static List<Long> sent(SyncPlan.Stream stream, List<Proposal> disk) {
        List<Long> sent = new ArrayList<>();
        if (stream.disk() != null) {
            for (Proposal proposal : disk) {
                if (proposal.zxid() > stream.disk().afterZxid()
                        && proposal.zxid() <= stream.disk().upToZxid()) {
                    sent.add(proposal.zxid());
                }
            }
        }
        stream.memory().forEach(proposal -> sent.add(proposal.zxid()));
        return sent;
    }

    private static List<Proposal> tail(List<Long> history, int count) {
        return history.subList(history.size() - count, history.size()).stream()
                .map(zxid -> new Proposal(zxid, new byte[0]))
                .toList();
    }

    private static String text(List<Long> history) {
        StringBuilder text = new StringBuilder();
        history.forEach(zxid -> text.append(Zxid.toString(zxid)).append(' '));
        return text.toString();
    }

    private static SyncPlan plan(long position) {
        return PLANNER.plan(position, zxid(1, 6), log(ONE_TO_SIX).copy(), PeerFeatures.CURRENT);
    }

    private static SyncPlan.Stream diff(long zxid) {
        return new SyncPlan.Stream(PacketType.DIFF, zxid, null, List.of());
    }

    private static SyncPlan.Stream trunc(long zxid) {
        return new SyncPlan.Stream(PacketType.TRUNC, zxid, null, List.of());
    }

    private record ModelDisk(List<Proposal> log, long newestSnapshotBytes, long behind, long snapshot)
            implements DiskHistory {
        ModelDisk(List<Proposal> log, long newestSnapshotBytes, long behind) {
            this(log, newestSnapshotBytes, behind, -1);
        }

        @Override
        public long logBytesBehind(long zxid) {
            return behind;
        }

        @Override
        public void forEachZxidFrom(long zxid, LongPredicate visitor) {
            for (Proposal proposal : log) {
                if (!visitor.test(proposal.zxid())) {
                    return;
                }
            }
        }

        @Override
        public boolean hasSnapshotBetween(long zxid, long laterZxid) {
            return snapshot > zxid && snapshot < laterZxid;
        }
    }
}
