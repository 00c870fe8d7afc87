/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.persistence.journal.JournalListener;
import io.vivarium.persistence.recovery.MemberHistory;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.pipeline.ClientLink;
import io.vivarium.server.pipeline.CoreMessage;
import io.vivarium.server.pipeline.ReadService;
import io.vivarium.server.pipeline.Replica;
import io.vivarium.server.pipeline.RequestRoute;
import io.vivarium.server.pipeline.ServiceMode;
import io.vivarium.server.pipeline.SessionRequest;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.pipeline.WriteRequest;
import io.vivarium.server.quorum.MemberState;
import io.vivarium.server.quorum.QuorumCore;
import io.vivarium.server.quorum.QuorumEvent;
import io.vivarium.server.quorum.Role;
import io.vivarium.server.quorum.history.HistoryStore;
import io.vivarium.server.quorum.history.HistoryTransfer;
import io.vivarium.server.quorum.history.ImageLoader;
import io.vivarium.server.quorum.mail.LinkMail;
import io.vivarium.server.quorum.mail.StoreMail;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.Resync;
import io.vivarium.server.quorum.zab.SyncPlan;
import io.vivarium.server.session.SessionTimeouts;
import io.vivarium.server.sim.check.NodeView;
import io.vivarium.server.sim.client.SimServer;
import io.vivarium.server.watch.Watcher;
import io.vivarium.testkit.sim.Seeds;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * One life of a server, from the start of its process to its end: the real core, replica, tree, journal and history, and the
 * twin of {@code MemberWorld} around them.
 *
 * <p>The core is stepped as its loop steps it: what waits in the mailbox, then the end of the round. Mostly a message is taken
 * at once; now and then it waits a little, so that several make one round. Thread: the test's.
 */
final class SimMember implements SimServer, NodeView {
    private static final SessionTimeouts TIMEOUTS =
            SessionTimeouts.of(ClusterConfig.TICK_MILLIS, SessionTimeouts.DEFAULT, SessionTimeouts.DEFAULT);
    private static final int LATE_ONE_IN = 8;
    private static final long MAX_LATE_NANOS = 300_000;

    private final SimCluster cluster;
    private final SimMachine machine;
    final SimProcess process;
    final MemberTree tree = new MemberTree(ClusterConfig.TICK_MILLIS);
    final MemberDisk disk;
    final MemberLinks links;
    final MemberMesh mesh;
    private final HistoryTransfer transfer;
    private final Replica replica;
    private final QuorumCore core;
    private final Saboteur saboteur;
    private final RequestRoute route = new Route();
    private final ArrayDeque<CoreMessage> mailbox = new ArrayDeque<>();

    private boolean stepping;
    private boolean stepPlanned;
    private long wakeUpNanos = Long.MAX_VALUE;
    private boolean established;

    SimMember(SimCluster cluster, SimMachine machine, Runnable onDeath) throws IOException {
        this.cluster = cluster;
        this.machine = machine;
        this.saboteur = machine.saboteur == null ? cluster.bug.saboteur() : machine.saboteur;
        this.process = new SimProcess(cluster.scheduler, onDeath);
        this.disk = new MemberDisk(
                machine,
                process,
                cluster.scheduler,
                tree,
                cluster.config,
                machine.known::add,
                new JournalEnd(),
                new StoreEnd(),
                this::reopened,
                this::failed);
        machine.known.cutAfter(tree.tree.lastZxid());
        this.links = new MemberLinks(
                machine.host,
                process,
                cluster.scheduler,
                cluster.peers,
                new LinkMail(this::post),
                ClusterConfig.INIT_LIMIT * ClusterConfig.TICK_MILLIS * 1_000_000L,
                ClusterConfig.INIT_LIMIT * ClusterConfig.TICK_MILLIS * 1_000_000L);
        this.mesh = new MemberMesh(machine.sid, process, cluster.peers, new MeshEnd());
        this.transfer = disk.transfer(cluster.config.zab(machine.sid).syncConfig());
        this.replica = new Replica(tree.replicaParts(machine.sid, machine.wallMillis()), this::applied);
        MemberHistory found = disk.found;
        MemberState state = new MemberState(
                found.acceptedEpoch(),
                found.currentEpoch(),
                found.lastZxid(),
                HistoryStore.resync(found),
                disk.recent.proposals());
        this.core = new QuorumCore(
                saboteur.config(cluster.config.member(
                        machine.sid, machine.ownEnsemble == null ? cluster.ensemble : machine.ownEnsemble)),
                saboteur.state(state),
                replica,
                saboteur.effects(new MemberEffects(this), new Accomplice()),
                Seeds.fork(machine.dice),
                new Recorder());
    }

    /** Opens its ports and looks for the others. */
    void begin() {
        process.run(() -> {
            mesh.open();
            post(ignored -> core.begin());
        });
    }

    /** As SIGTERM does. */
    void stop() {
        process.run(() -> post(new QuorumEvent.Stop()));
    }

    // ---- The loop of the core ---------------------------------------------------------------------------------

    private void post(QuorumEvent event) {
        saboteur.event(event, this::postToCore);
    }

    private void postToCore(QuorumEvent event) {
        post(ignored -> event.deliver(core));
    }

    private void post(CoreMessage message) {
        mailbox.addLast(message);
        if (stepping || stepPlanned) {
            return;
        }
        if (machine.dice.nextInt(LATE_ONE_IN) == 0) {
            stepPlanned = true;
            process.after(machine.dice.nextLong(MAX_LATE_NANOS), this::step);
        } else {
            step();
        }
    }

    private void step() {
        stepPlanned = false;
        stepping = true;
        try {
            do {
                round();
            } while (!mailbox.isEmpty());
        } finally {
            stepping = false;
        }
        cluster.checks.nodes().changed(this);
        planWakeUp();
    }

    private void round() {
        core.at(cluster.scheduler.nowNanos(), machine.wallMillis());
        for (int waiting = mailbox.size(); waiting > 0; waiting--) {
            mailbox.removeFirst().deliver(replica);
        }
        core.endRound();
    }

    /** A wake-up that comes too early costs less than one that is taken back. */
    private void planWakeUp() {
        long due = core.nextDeadlineNanos();
        if (due >= wakeUpNanos || due == Long.MAX_VALUE) {
            return;
        }
        long at = Math.max(due, cluster.scheduler.nowNanos());
        wakeUpNanos = at;
        cluster.scheduler.at(at, () -> {
            if (wakeUpNanos == at) {
                process.run(this::wakeUp);
            }
        });
    }

    private void wakeUp() {
        wakeUpNanos = Long.MAX_VALUE;
        if (core.nextDeadlineNanos() > cluster.scheduler.nowNanos()) {
            planWakeUp();
        } else if (!stepPlanned) {
            step();
        }
    }

    // ---- What the core asks, beyond a call of a part ----------------------------------------------------------

    void sendHistory(long link, SyncPlan plan) {
        links.beginHistory(link);
        long nanos = machine.dice.nextLong(5_000_000);
        process.after(nanos, () -> {
            SimOutlet outlet = new SimOutlet(link, links, process, machine.dice, cluster::maxHistoryPauseNanos);
            try {
                transfer.run(plan, outlet);
            } catch (IOException | RuntimeException e) {
                cluster.checks.story().step("history failed", e);
                links.fail(link, "the history could not be sent: " + e.getMessage());
                return;
            }
            if (outlet.hasImage()) {
                cluster.imageMade(replica.lastApplied(), machine.known);
            }
            outlet.leave(() -> post(new QuorumEvent.HistorySent(link)));
        });
    }

    void receiveImage(long link, long zxid) {
        machine.known.replaceBy(cluster.historyOfImage(zxid));
        links.receiveImage(link, new ImageLoader(zxid, tree.loader, tree.gate, tree.claim, MemberTree.MAX_FIELD_BYTES));
    }

    void roleChanged(Role role) {
        cluster.checks.story().step("server " + machine.sid + " is", role);
        established = replica.isServing() && (role == Role.LEADING || role == Role.FOLLOWING || role == Role.OBSERVING);
        if (role == Role.LEADING && established) {
            cluster.ledBy(machine);
        }
        if (established) {
            machine.damaged = false;
            cluster.checks.nodes().changed(this);
        }
    }

    void stopped() {
        process.dieAfter(0);
        process.act();
    }

    private void applied(io.vivarium.server.pipeline.Proposal proposal) {
        core.applied(proposal.zxid(), proposal.payload());
        machine.known.add(proposal.txn());
        if (established) {
            cluster.checks.applied(machine.sid, proposal.txn());
        }
    }

    /** The disk failed, and has been read again. */
    private void reopened(HistoryStore.Reopened history) {
        new StoreEnd().reloaded(history.lastZxid(), history.resync(), history.recent());
    }

    /** A disk that fails for a while ends a role; the journal reports it, behind everything that it has answered. */
    private boolean isOfTheDisk(Throwable cause) {
        return machine.diskMayFail && cause instanceof IOException && !MemberDisk.isPowerGone(cause);
    }

    /** A disk without power is the end of the process; everything else is a fault of ours. */
    private void failed(Throwable cause) {
        if (cause instanceof SimProcess.Died || !process.isAlive() || MemberDisk.isPowerGone(cause)) {
            process.dieAfter(0);
            process.act();
        }
        throw new AssertionError("server " + machine.sid + " fails: " + cause, cause);
    }

    private final class Accomplice implements Saboteur.Accomplice {
        @Override
        public void post(QuorumEvent event) {
            postToCore(event);
        }

        @Override
        public long lastApplied() {
            return replica.lastApplied();
        }

        @Override
        public long currentEpoch() {
            return core.currentEpoch();
        }

        @Override
        public void writeSnapshot() {
            disk.writeSnapshot();
        }
    }

    // ---- As the parts see it ----------------------------------------------------------------------------------

    private final class MeshEnd implements MemberMesh.Listener {
        @Override
        public void connected(long sid) {
            post(new QuorumEvent.VoterConnected(sid));
        }

        @Override
        public void disconnected(long sid) {
            post(new QuorumEvent.VoterDisconnected(sid));
        }

        @Override
        public void received(long sid, Notification message) {
            post(new QuorumEvent.Voted(sid, message));
        }
    }

    private final class JournalEnd implements JournalListener {
        @Override
        public void synced(long zxid, boolean rests) {
            post(new QuorumEvent.JournalSynced(zxid));
        }

        @Override
        public void snapshotDue() {
            disk.snapshotDue();
        }

        @Override
        public void failed(Throwable cause) {
            if (isOfTheDisk(cause)) {
                post(new QuorumEvent.DiskFailed(String.valueOf(cause.getMessage())));
            } else {
                SimMember.this.failed(cause);
            }
        }
    }

    /** Also cuts the history that the checks know of. */
    private final class StoreEnd extends StoreMail {
        StoreEnd() {
            super(SimMember.this::post);
        }

        @Override
        public void historyTruncated(long lastZxid, List<Proposal> recent) {
            machine.known.cutAfter(lastZxid);
            super.historyTruncated(lastZxid, recent);
        }

        @Override
        public void reloaded(long lastZxid, Resync resync, List<Proposal> recent) {
            machine.known.cutAfter(lastZxid);
            super.reloaded(lastZxid, resync, recent);
        }

        @Override
        public void failed(Throwable cause) {
            if (!isOfTheDisk(cause)) {
                SimMember.this.failed(cause);
            }
        }
    }

    private final class Route implements RequestRoute {
        @Override
        public void openSession(SessionRequest request) {
            post(request);
        }

        @Override
        public void submit(WriteRequest request) {
            post(request);
        }

        @Override
        public void awaken() {}

        @Override
        public void standIn() {}

        @Override
        public void ended(ClientLink link) {
            post(new CoreMessage.Disconnected(link));
        }
    }

    // ---- As clients see it ------------------------------------------------------------------------------------

    @Override
    public void execute(Runnable work) {
        process.run(work);
    }

    @Override
    public long nowNanos() {
        return cluster.scheduler.nowNanos();
    }

    @Override
    public ServiceMode service() {
        if (!replica.isServing()) {
            return ServiceMode.NOBODY;
        }
        return core.role() == Role.READ_ONLY ? ServiceMode.READ_ONLY : ServiceMode.EVERYBODY;
    }

    @Override
    public long lastZxid() {
        return saboteur.lastZxid(replica.lastSeen());
    }

    @Override
    public boolean drainsBeforeReads() {
        return saboteur.eventsFirst();
    }

    @Override
    public int negotiate(int timeoutMillis) {
        return TIMEOUTS.negotiate(timeoutMillis);
    }

    @Override
    public RequestRoute route() {
        return route;
    }

    @Override
    public ReadService reads() {
        return tree.reads;
    }

    @Override
    public TreeGate gate() {
        return tree.gate;
    }

    @Override
    public void forgetWatches(Watcher watcher) {
        tree.watches.removeAll(watcher);
    }

    boolean leadsForReal() {
        return process.isAlive() && established && core.role() == Role.LEADING;
    }

    // ---- As the invariants see it -----------------------------------------------------------------------------

    @Override
    public long sid() {
        return machine.sid;
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public Role role() {
        return core.role();
    }

    @Override
    public boolean isEstablished() {
        return established;
    }

    @Override
    public long acceptedEpoch() {
        return core.acceptedEpoch();
    }

    @Override
    public long currentEpoch() {
        return core.currentEpoch();
    }

    @Override
    public long lastApplied() {
        return replica.lastApplied();
    }

    @Override
    public long digest() {
        return tree.tree.digest();
    }

    @Override
    public void committedAfter(long zxid, Consumer<LoggedTxn> taker) {
        machine.known.giveAfter(zxid, taker);
    }

    @Override
    public String toString() {
        return machine.host + " " + core.role() + (established ? " established" : "") + " epochs "
                + core.acceptedEpoch() + "/" + core.currentEpoch() + " at 0x" + Long.toHexString(replica.lastApplied());
    }
}
