/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.PacketType;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses between DIFF, TRUNC and SNAP: the table of spec quorum 4, row by row.
 *
 * <p>Pure, in two steps. {@link #plan} looks at memory only and is called by the core; where the log on disk has to be
 * asked it says {@link SyncPlan.ReadDisk}, and {@link #resolve} finishes the decision on the thread that will send the
 * history. Both end in a plan after which the learner's history equals the leader's; a gap anywhere ends in an image
 * (ZOOKEEPER-2418).
 */
public final class SyncPlanner {
    private final SyncConfig config;

    public SyncPlanner(SyncConfig config) {
        this.config = config;
    }

    /**
     * Decides from memory.
     *
     * @param position the learner's last zxid, from ACKEPOCH
     * @param newest the leader's last committed zxid, counting the start of its epoch
     * @param log the leader's committed transactions in memory, oldest first; may be empty
     * @param features of this learner: a 3.4 learner must not be shown what it cannot read
     */
    SyncPlan plan(long position, long newest, List<Proposal> log, PeerFeatures features) {
        long min = log.isEmpty() ? newest : log.get(0).zxid();
        long max = log.isEmpty() ? newest : log.get(log.size() - 1).zxid();
        boolean epochStart = Zxid.counter(position) == 0;
        // Row 1.
        if (config.transfer() == SyncConfig.Transfer.SNAPSHOT_ONLY) {
            return new SyncPlan.Snapshot(newest, "forceSnapshotSync is set");
        }
        // Row 2.
        if (position == newest) {
            return new SyncPlan.Stream(PacketType.DIFF, position, null, List.of());
        }
        // Row 3, also across epochs.
        if (position > max && !epochStart) {
            return new SyncPlan.Stream(PacketType.TRUNC, max, null, List.of());
        }
        // Row 4.
        if (min <= position && position <= max) {
            return fromMemory(new HistoryWalk(position, max), newest, log, features);
        }
        // Row 5. A 3.4 learner is not served from disk, as by a 3.4 leader: the types would have to be read first.
        if (position < min && config.readsDisk() && features == PeerFeatures.CURRENT && !log.isEmpty()) {
            return new SyncPlan.ReadDisk(position, newest, log);
        }
        // Row 6.
        return new SyncPlan.Snapshot(
                newest,
                "last zxid " + Zxid.toString(position) + " is outside the history in memory, " + Zxid.toString(min)
                        + " to " + Zxid.toString(max));
    }

    private static SyncPlan fromMemory(HistoryWalk walk, long newest, List<Proposal> log, PeerFeatures features) {
        List<Proposal> missing = walk(walk, log);
        if (!walk.hasChosen()) {
            return new SyncPlan.Snapshot(newest, "the histories part in an earlier epoch");
        }
        for (Proposal proposal : missing) {
            if (!features.understandsTxn(proposal.txn())) {
                return new SyncPlan.Snapshot(
                        newest, "the learner cannot read transaction " + Zxid.toString(proposal.zxid()) + " (3.4)");
            }
        }
        return new SyncPlan.Stream(walk.operation(), walk.operationZxid(), null, missing);
    }

    private static List<Proposal> walk(HistoryWalk walk, List<Proposal> log) {
        List<Proposal> missing = new ArrayList<>();
        for (Proposal proposal : log) {
            if (walk.offer(proposal.zxid())) {
                missing.add(proposal);
            }
        }
        walk.finish();
        return missing;
    }

    /** Finishes a decision that needs the log on disk; may block. The answer is never a {@link SyncPlan.ReadDisk}. */
    public SyncPlan resolve(SyncPlan.ReadDisk plan, DiskHistory disk) {
        long position = plan.position();
        double limit = config.snapshotSizeFactor() * disk.newestSnapshotBytes();
        if (limit > 0 && disk.logBytesBehind(position) > limit) {
            return new SyncPlan.Snapshot(
                    plan.newest(), "the log on disk is larger than the limit of " + (long) limit + " bytes");
        }
        List<Proposal> memory = plan.memory();
        long min = memory.get(0).zxid();
        long max = memory.get(memory.size() - 1).zxid();
        HistoryWalk walk = new HistoryWalk(position, max);
        Shown shown = new Shown(disk);
        disk.forEachZxidFrom(position, zxid -> {
            if (shown.isFirst() && zxid > position) {
                return false;
            }
            if (zxid > min || !shown.follows(zxid)) {
                return false;
            }
            walk.offer(zxid);
            return true;
        });
        if (walk.lastSent() < min) {
            return new SyncPlan.Snapshot(
                    plan.newest(),
                    "the log on disk does not reach from " + Zxid.toString(position) + " to " + Zxid.toString(min)
                            + ", the first transaction in memory");
        }
        List<Proposal> rest = walk(walk, memory);
        if (!walk.hasChosen()) {
            return new SyncPlan.Snapshot(plan.newest(), "the histories part in an earlier epoch");
        }
        long after = walk.operation() == PacketType.TRUNC ? walk.operationZxid() : position;
        return new SyncPlan.Stream(walk.operation(), walk.operationZxid(), new SyncPlan.DiskRange(after, min), rest);
    }

    /** Watches that the log on disk has no hole of its own: a leader that has one must not pass it on. */
    private static final class Shown {
        private final DiskHistory disk;
        private long last = -1;

        Shown(DiskHistory disk) {
            this.disk = disk;
        }

        boolean isFirst() {
            return last == -1;
        }

        boolean follows(long zxid) {
            boolean follows = last == -1 || zxid == last + 1 || beginsAnEpoch(zxid);
            last = zxid;
            return follows;
        }

        /** An epoch may begin behind anything; only a snapshot may know that more than one has passed. */
        private boolean beginsAnEpoch(long zxid) {
            return Zxid.epoch(zxid) > Zxid.epoch(last) && !disk.hasSnapshotBetween(last, zxid);
        }
    }
}
