/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab.sim;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.ForwardedRequest;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.protocol.quorum.SessionTimeout;
import io.vivarium.protocol.quorum.SessionVerdict;
import io.vivarium.server.quorum.zab.CommittedLog;
import io.vivarium.server.quorum.zab.DiskHistory;
import io.vivarium.server.quorum.zab.EpochKind;
import io.vivarium.server.quorum.zab.LeaderCore;
import io.vivarium.server.quorum.zab.LeaderEvent;
import io.vivarium.server.quorum.zab.LeaderStart;
import io.vivarium.server.quorum.zab.LearnerCore;
import io.vivarium.server.quorum.zab.LearnerEvent;
import io.vivarium.server.quorum.zab.LearnerRole;
import io.vivarium.server.quorum.zab.LearnerStart;
import io.vivarium.server.quorum.zab.PeerFeatures;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.Resync;
import io.vivarium.server.quorum.zab.SyncPlan;
import io.vivarium.server.quorum.zab.SyncPlanner;
import io.vivarium.server.quorum.zab.ZabAction;
import io.vivarium.server.quorum.zab.ZabEffects;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** One server: a core and everything its owner must do for it, on a disk and links that fail. */
final class SimNode implements ZabEffects, SimLink.End {
    private static final int MAX_OUTSTANDING = 12;

    final long sid;
    final SimStore store;
    private final SimCluster cluster;
    private final SimWorld world;
    private final CommittedLog committedLog = new CommittedLog(8, 1 << 20);
    private final Map<Long, SimLink> links = new HashMap<>();
    private final ArrayDeque<Runnable> mailbox = new ArrayDeque<>();
    private TreeMap<Long, Proposal> tree = new TreeMap<>();
    private long lastApplied;
    private @Nullable LeaderCore leader;
    private @Nullable LearnerCore learner;
    private @Nullable SimLink leaderLink;
    private SimStore.@Nullable Image arriving;
    private Resync resync = Resync.FROM_HISTORY;
    private boolean up = true;
    private boolean serving;
    private boolean syncScheduled;
    private boolean busy;
    private boolean slowDisk;
    /** Every crash and every change of role makes older answers void. */
    private int life;

    private final Map<Integer, Long> syncFloor = new HashMap<>();
    private int nextCxid;

    SimNode(SimCluster cluster, long sid) {
        this.cluster = cluster;
        this.world = cluster.world;
        this.sid = sid;
        this.store = new SimStore(world);
        reload();
    }

    // ---- what the cluster sees and does

    boolean isUp() {
        return up;
    }

    boolean isLooking() {
        return up && leader == null && learner == null;
    }

    boolean isLeading() {
        return up && leader != null;
    }

    boolean isServing() {
        return up && serving;
    }

    boolean mayLead() {
        return resync == Resync.FROM_HISTORY;
    }

    long lastZxid() {
        return lastApplied;
    }

    NavigableMap<Long, Proposal> tree() {
        return tree;
    }

    void lead() {
        trace("leads");
        life++;
        leader = new LeaderCore(
                new LeaderStart(sid, store.acceptedEpoch(), store.currentEpoch(), lastApplied, cluster.ensembles()),
                cluster.config(),
                committedLog);
        perform(leader.begin(world.nowNanos()));
        wakeAt();
    }

    void follow(SimNode target) {
        trace("follows " + target.sid);
        life++;
        int mine = life;
        LearnerRole role = cluster.isVoter(sid) ? LearnerRole.FOLLOWER : LearnerRole.OBSERVER;
        learner = new LearnerCore(
                new LearnerStart(sid, role, store.acceptedEpoch(), store.currentEpoch(), lastApplied, 0, resync),
                cluster.config());
        world.after(world.between(500, 20_000), () -> {
            if (life != mine) {
                return;
            }
            if (!target.isLeading() || !cluster.connected(sid, target.sid)) {
                toLearner(new LearnerEvent.LinkClosed("refused"));
                return;
            }
            SimLink link = cluster.link(this, target);
            leaderLink = link;
            target.accept(link);
            toLearner(new LearnerEvent.Connected(link.id));
        });
        wakeAt();
    }

    private void accept(SimLink link) {
        links.put(link.id, link);
        toLeader(new LeaderEvent.LearnerConnected(link.id));
    }

    void propose() {
        if (leader != null && leader.isServing() && leader.lastProposed() - leader.lastCommitted() < MAX_OUTSTANDING) {
            byte[] txn = ByteBuffer.allocate(8).putLong(cluster.nextTxn()).array();
            toLeader(new LeaderEvent.Propose(new Proposal(leader.lastProposed() + 1, txn)));
        }
    }

    void clientRequest() {
        if (learner != null && learner.isServing()) {
            int op = world.chance(0.5) ? OpCode.SYNC : OpCode.SET_DATA;
            toLearner(new LearnerEvent.ClientRequest(new ForwardedRequest(sid, ++nextCxid, op, new byte[0], null)));
        }
    }

    void snapshot() {
        if (serving && world.chance(0.5)) {
            store.snapshotAndPurge(new SimStore.Image(lastApplied, tree));
        }
    }

    /** A disk that takes its time, or no longer does. */
    void slowDisk(boolean slow) {
        slowDisk = slow;
    }

    void crash() {
        if (!up) {
            return;
        }
        trace("crashes");
        up = false;
        life++;
        leaveRole();
        store.crash();
        syncScheduled = false;
        mailbox.clear();
    }

    void restart() {
        if (up) {
            return;
        }
        trace("restarts");
        up = true;
        resync = Resync.FROM_HISTORY;
        reload();
        if (Zxid.epoch(lastApplied) > store.acceptedEpoch()) {
            throw new AssertionError("I1: server " + sid + " restarts at " + Zxid.toString(lastApplied)
                    + " with accepted epoch " + store.acceptedEpoch());
        }
    }

    private void reload() {
        SimStore.Image image = store.recover();
        tree = image.tree();
        lastApplied = image.zxid();
        committedLog.clear();
        store.journalAboveSnapshot().forEach(committedLog::add);
    }

    private void leaveRole() {
        leader = null;
        learner = null;
        serving = false;
        arriving = null;
        for (SimLink link : List.copyOf(links.values())) {
            link.breakOff();
        }
        links.clear();
        if (leaderLink != null) {
            leaderLink.breakOff();
            leaderLink = null;
        }
    }

    // ---- events

    private void toLeader(LeaderEvent event) {
        enqueue(() -> {
            if (leader != null) {
                perform(leader.step(event, world.nowNanos()));
            }
        });
    }

    private void toLearner(LearnerEvent event) {
        enqueue(() -> {
            if (learner != null) {
                perform(learner.step(event, world.nowNanos()));
            }
        });
    }

    /** One event at a time, in order, each with all its actions. */
    private void enqueue(Runnable event) {
        int mine = life;
        mailbox.addLast(() -> {
            if (life == mine && up) {
                event.run();
            }
        });
        if (busy) {
            return;
        }
        busy = true;
        try {
            while (!mailbox.isEmpty()) {
                mailbox.removeFirst().run();
            }
        } finally {
            busy = false;
        }
    }

    private void perform(List<ZabAction> actions) {
        int mine = life;
        for (ZabAction action : actions) {
            if (cluster.strikes()) {
                crash();
            }
            if (life != mine) {
                return;
            }
            if (world.isTracing()) {
                trace(action.toString());
            }
            action.perform(this);
        }
    }

    private void wakeAt() {
        int mine = life;
        long deadline = leader != null ? leader.deadlineNanos() : learner != null ? learner.deadlineNanos() : 0;
        long wait = Math.min(50_000, Math.max(100, (deadline - world.nowNanos()) / 1_000 + 1));
        world.after(wait, () -> {
            if (life != mine || !up) {
                return;
            }
            if (leader != null) {
                toLeader(new LeaderEvent.TimePassed());
            } else if (learner != null && world.nowNanos() >= learner.deadlineNanos()) {
                toLearner(new LearnerEvent.TimePassed());
            }
            if (life == mine) {
                wakeAt();
            }
        });
    }

    private void later(int lowMicros, int highMicros, Runnable what) {
        int mine = life;
        world.after(world.between(lowMicros, highMicros), () -> {
            if (life == mine && up) {
                what.run();
            }
        });
    }

    @Override
    public void onWire(SimLink link, SimLink.Wire wire) {
        if (!up) {
            return;
        }
        if (link == leaderLink) {
            arriving = wire.image();
            toLearner(new LearnerEvent.LeaderPacket(wire.packet()));
        } else if (links.containsKey(link.id)) {
            toLeader(new LeaderEvent.LearnerPacket(link.id, wire.packet()));
        }
    }

    @Override
    public void onBroken(SimLink link) {
        if (!up) {
            return;
        }
        if (link == leaderLink) {
            toLearner(new LearnerEvent.LinkClosed("broken"));
        } else if (links.remove(link.id) != null) {
            toLeader(new LeaderEvent.LearnerClosed(link.id));
        }
    }

    // ---- effects

    @Override
    public void send(long link, QuorumPacket packet) {
        if (leaderLink != null && leaderLink.id == link) {
            checkAck(packet);
            leaderLink.sendToLeader(packet);
        } else if (links.containsKey(link)) {
            links.get(link).sendToLearner(new SimLink.Wire(packet, null));
        }
    }

    private void checkAck(QuorumPacket packet) {
        if (packet.type() != PacketType.ACK) {
            return;
        }
        if (Zxid.counter(packet.zxid()) == 0) {
            if (learner != null && learner.isSettled() && !learner.isServing()) {
                cluster.ledger.newLeaderAcked(sid, Zxid.epoch(packet.zxid()), store);
            }
        } else {
            cluster.ledger.acked(sid, packet.zxid(), store.recover().tree());
        }
    }

    @Override
    public void sendToAll(List<Long> to, QuorumPacket packet) {
        to.forEach(link -> send(link, packet));
    }

    @Override
    public void closeLink(long link, String reason) {
        SimLink closed = links.remove(link);
        if (closed != null) {
            closed.breakOff();
        }
    }

    @Override
    public void storeEpoch(EpochKind kind, long epoch) {
        later(200, 8_000, () -> {
            store.storeEpoch(kind, epoch);
            if (leader != null) {
                if (kind == EpochKind.CURRENT) {
                    cluster.ledger.leads(epoch, tree);
                }
                toLeader(new LeaderEvent.EpochStored(kind, epoch));
            } else {
                toLearner(new LearnerEvent.EpochStored(kind, epoch));
            }
        });
    }

    @Override
    public void appendToJournal(Proposal proposal) {
        store.append(proposal);
        if (syncScheduled) {
            return;
        }
        syncScheduled = true;
        int slowest = slowDisk ? 400_000 : 10_000;
        later(200, slowest, () -> {
            syncScheduled = false;
            long synced = store.sync();
            if (leader != null) {
                toLeader(new LeaderEvent.JournalSynced(synced));
            } else {
                toLearner(new LearnerEvent.JournalSynced(synced));
            }
        });
    }

    @Override
    public void commit(Proposal proposal) {
        if (leader != null) {
            cluster.ledger.committedBy(sid, proposal, cluster::quorumHas);
        }
        cluster.ledger.appliedBy(sid, proposal, tree);
        tree.put(proposal.zxid(), proposal);
        lastApplied = Math.max(lastApplied, proposal.zxid());
        committedLog.add(proposal);
        if (leader != null) {
            if (world.chance(0.7)) {
                toLeader(new LeaderEvent.Applied(proposal.zxid()));
            } else {
                later(100, 2_000, () -> toLeader(new LeaderEvent.Applied(proposal.zxid())));
            }
        }
    }

    @Override
    public void startServing(long epoch, PeerFeatures features) {
        serving = true;
        resync = Resync.FROM_HISTORY;
        if (leader != null) {
            cluster.ledger.activated(sid, epoch, tree);
            lastApplied = Zxid.of(epoch, 0);
        }
        cluster.ledger.serves(sid, tree, lastApplied);
    }

    @Override
    public void restrictTo(PeerFeatures features) {}

    @Override
    public void exitRole(String reason, Resync next) {
        trace("leaves its role: " + reason);
        life++;
        resync = next;
        leaveRole();
        store.sync();
        syncScheduled = false;
        reload();
    }

    @Override
    public void askForImage(String reason) {
        throw new AssertionError("server " + sid + " can cut any history: " + reason);
    }

    @Override
    public void sendHistory(long id, SyncPlan plan) {
        SimLink link = links.get(id);
        if (link == null) {
            return;
        }
        link.beginHistory();
        later(100, 20_000, () -> transmit(link, plan));
    }

    private void transmit(SimLink link, SyncPlan plan) {
        SyncPlan resolved = plan instanceof SyncPlan.ReadDisk read
                ? new SyncPlanner(cluster.config().syncConfig()).resolve(read, new Disk())
                : plan;
        if (resolved instanceof SyncPlan.Stream stream) {
            cluster.count(stream.disk() == null ? PacketType.name(stream.operation()) : "DISK");
            link.transmitHistory(new SimLink.Wire(stream.operationPacket(), null));
            if (stream.disk() != null) {
                store.journal()
                        .subMap(stream.disk().afterZxid(), false, stream.disk().upToZxid(), true)
                        .values()
                        .forEach(proposal -> pair(link, proposal));
            }
            stream.memory().forEach(proposal -> pair(link, proposal));
        } else {
            cluster.count("SNAP");
            SimStore.Image image = new SimStore.Image(lastApplied, new TreeMap<>(tree));
            link.transmitHistory(new SimLink.Wire(QuorumPacket.of(PacketType.SNAP, lastApplied), image));
        }
        link.endHistory();
        toLeader(new LeaderEvent.HistorySent(link.id));
    }

    private void pair(SimLink link, Proposal proposal) {
        link.transmitHistory(
                new SimLink.Wire(QuorumPacket.of(PacketType.PROPOSAL, proposal.zxid(), proposal.txn()), null));
        link.transmitHistory(new SimLink.Wire(QuorumPacket.of(PacketType.COMMIT, proposal.zxid()), null));
    }

    @Override
    public void prepare(long link, long from, ForwardedRequest request) {
        if (request.opCode() == OpCode.SYNC) {
            if (leader != null) {
                cluster.node(from).syncFloor.put(request.cxid(), leader.lastProposed());
            }
            toLeader(new LeaderEvent.SyncPassed(link));
        } else {
            propose();
        }
    }

    @Override
    public void completeSync(long sessionId, int cxid) {
        Long floor = syncFloor.remove(cxid);
        if (floor != null && Zxid.counter(floor) != 0 && lastApplied < floor) {
            throw new AssertionError("I13: sync at server " + sid + " is answered at " + Zxid.toString(lastApplied)
                    + ", the leader had proposed " + Zxid.toString(floor));
        }
    }

    @Override
    public void touchSessions(long from, List<SessionTimeout> touches) {}

    @Override
    public void checkSession(long link, long from, SessionTimeout session) {
        toLeader(new LeaderEvent.SessionChecked(link, new SessionVerdict(session.sessionId(), true)));
    }

    @Override
    public void truncateHistory(long zxid) {
        if (cluster.isVoter(sid)) {
            cluster.ledger.truncates(sid, zxid, store.recover().tree(), lost -> cluster.quorumHasWithout(sid, lost));
        }
        later(500, 15_000, () -> {
            store.truncate(zxid);
            reload();
            toLearner(new LearnerEvent.HistoryTruncated(lastApplied));
        });
    }

    @Override
    public void receiveImage(long link, long zxid) {
        SimStore.Image image = arriving;
        SimLink from = leaderLink;
        if (image == null || from == null) {
            throw new AssertionError("no image behind SNAP");
        }
        from.pauseLearner();
        later(500, 30_000, () -> {
            if (cluster.breaksImage()) {
                from.breakOff();
                return;
            }
            tree = new TreeMap<>(image.tree());
            lastApplied = zxid;
            committedLog.clear();
            toLearner(new LearnerEvent.ImageReceived());
            from.resumeLearner();
        });
    }

    @Override
    public void installSnapshot(long zxid) {
        SimStore.Image image = new SimStore.Image(zxid, new TreeMap<>(tree));
        if (cluster.isVoter(sid)) {
            cluster.ledger.truncates(sid, zxid, store.recover().tree(), lost -> cluster.quorumHasWithout(sid, lost));
        }
        later(500, 15_000, () -> {
            store.cutAbove(zxid);
            later(500, 15_000, () -> {
                store.install(image);
                toLearner(new LearnerEvent.SnapshotInstalled(zxid));
            });
        });
    }

    @Override
    public void answerPing(long link, long zxid) {
        send(link, SessionTimeout.pingReply(zxid, List.of()));
    }

    @Override
    public void sessionJudged(SessionVerdict verdict) {}

    @Override
    public void configurationSeen(byte[] text) {}

    @Override
    public void activateLastSeen() {}

    @Override
    public void activateReconfiguration(Proposal proposal, long designatedLeader) {}

    private void trace(String what) {
        world.trace("server " + sid + " " + what);
    }

    /** The log on this disk. */
    private final class Disk implements DiskHistory {
        @Override
        public long newestSnapshotBytes() {
            return 1_000;
        }

        @Override
        public long logBytesBehind(long zxid) {
            return store.journal().tailMap(zxid).size() * 20L;
        }

        @Override
        public void forEachZxidFrom(long zxid, LongPredicate visitor) {
            Long start = store.journal().floorKey(zxid);
            for (long each : start == null
                    ? store.journal().keySet()
                    : store.journal().tailMap(start, true).keySet()) {
                if (!visitor.test(each)) {
                    return;
                }
            }
        }

        @Override
        public boolean hasSnapshotBetween(long zxid, long laterZxid) {
            return false;
        }
    }
}
