/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.vivarium.election.net.LinkSecurity;
import io.vivarium.election.net.SystemNameLookup;
import io.vivarium.election.net.VoteMesh;
import io.vivarium.persistence.journal.JournalReader;
import io.vivarium.persistence.recovery.MemberHistory;
import io.vivarium.persistence.recovery.MemberRecovery;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.admin.MemberView;
import io.vivarium.server.admin.ServerMode;
import io.vivarium.server.config.QuorumConfig;
import io.vivarium.server.config.ServerConfig;
import io.vivarium.server.pipeline.CoreLoop;
import io.vivarium.server.pipeline.Replica;
import io.vivarium.server.pipeline.ServiceMode;
import io.vivarium.server.quorum.MemberState;
import io.vivarium.server.quorum.QuorumCore;
import io.vivarium.server.quorum.Role;
import io.vivarium.server.quorum.history.DiskReopening;
import io.vivarium.server.quorum.history.HistoryParts;
import io.vivarium.server.quorum.history.HistorySender;
import io.vivarium.server.quorum.history.HistoryStore;
import io.vivarium.server.quorum.history.HistoryTransfer;
import io.vivarium.server.quorum.history.ImageLoader;
import io.vivarium.server.quorum.history.LogHistory;
import io.vivarium.server.quorum.history.RecentTxns;
import io.vivarium.server.quorum.history.TreeClaim;
import io.vivarium.server.quorum.net.QuorumLinks;
import io.vivarium.server.quorum.zab.SyncPlanner;
import io.vivarium.server.transport.ServerThreads;
import io.vivarium.server.transport.ServerThreads.Life;
import io.vivarium.server.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of an ensemble: the core that moves from role to role, and the world around it (spec quorum, election).
 *
 * <pre>
 *   start: history from disk -> replica, core, journal -> links, votes -> client port -> the core looks for a leader
 *   close: the core leaves its role in order -> votes -> client port -> links -> core -> journal
 * </pre>
 *
 * <p>Thread: the one that starts and stops it.
 */
final class MemberServer implements Node {
    private static final Logger LOG = LoggerFactory.getLogger(MemberServer.class);
    private static final int STOP_SECONDS = 10;
    /** Many times what a change of leaders takes, and little for a client that is sent away at last. */
    private static final long DOOR_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Foundation base;
    private final QuorumConfig quorum;
    private final MemberSettings settings;
    private final TreeClaim claim = new TreeClaim();
    private final MemberWorld world;
    private final MultiThreadIoEventLoopGroup peerIo;
    /** Votes have a loop of their own: an image that is read must not make a voter silent. */
    private final MultiThreadIoEventLoopGroup voteIo;

    private @Nullable Made made;
    private volatile boolean closing;

    /** What a start has made. */
    private record Made(Replica replica, MemberWorld.Parts parts) {}

    MemberServer(ServerConfig config, QuorumConfig quorum, World world) {
        this.quorum = quorum;
        this.base = new Foundation(config, world, claim);
        this.settings = new MemberSettings(config, quorum, base.settings.maxFieldBytes());
        this.world = new MemberWorld(
                world.fatal(),
                base.snapshots::request,
                zxid -> new ImageLoader(zxid, base.loader, base.gate, claim, base.settings.maxFieldBytes()));
        this.peerIo = new MultiThreadIoEventLoopGroup(
                1,
                ServerThreads.numbered("peer-io", Life.KEEPS_PROCESS),
                Transport.best().ioHandlers());
        this.voteIo = new MultiThreadIoEventLoopGroup(
                1, ServerThreads.numbered("vote-io", Life.KEEPS_PROCESS), Transport.NIO.ioHandlers());
    }

    @Override
    public void start() throws IOException {
        RecentTxns recent = new RecentTxns(quorumCommitLog());
        MemberRecovery recovery = settings.recovery(base.disk, base.loadProgress());
        MemberHistory history = load(recovery, recent);
        if (history.needsSnapshot()) {
            base.snapshots.write();
        }
        Made all = make(history, recent, recovery);
        made = all;
        MemberWorld.Parts parts = all.parts();
        parts.journal().start();
        parts.loop().start(ServerThreads.single("core", Life.KEEPS_PROCESS));
        parts.mesh().open();
        base.openPorts(all.replica(), parts.loop(), parts.journal()::slowSyncs, face(all));
        base.schedulePurge();
        parts.loop().post(replica -> parts.core().begin());
        LOG.info("Server {} looks for the others from zxid {}", quorum.sid(), Zxid.toString(history.lastZxid()));
    }

    private int quorumCommitLog() {
        return base.config.storage().commitLogCount();
    }

    private MemberHistory load(MemberRecovery recovery, RecentTxns recent) throws IOException {
        LoadTimes times = base.newLoad();
        MemberHistory history = recovery.recover(base.loader, txn -> {
            times.replaying();
            base.loader.apply(txn);
            recent.apply(txn);
        });
        times.loaded(history.lastZxid(), base.tree.digest());
        return history;
    }

    private Made make(MemberHistory history, RecentTxns recent, MemberRecovery recovery) {
        CoreHolder holder = new CoreHolder();
        Replica replica =
                new Replica(base.replicaParts(quorum.sid(), settings.localSessions()), proposal -> holder.core()
                        .applied(proposal.zxid(), proposal.payload()));
        MemberState state = new MemberState(
                history.acceptedEpoch(),
                history.currentEpoch(),
                history.lastZxid(),
                HistoryStore.resync(history),
                recent.proposals());
        QuorumCore core =
                new QuorumCore(settings.memberConfig(), state, replica, world, base.world.dice(), base.ofCore);
        holder.core = core;
        QuorumLinks links = new QuorumLinks(
                settings.linkConfig(),
                peerIo.next(),
                base.world.nanoClock(),
                new SystemNameLookup(),
                LinkSecurity.PLAIN,
                world.linkListener());
        VoteMesh mesh = new VoteMesh(
                settings.meshConfig(),
                voteIo.next(),
                base.world.nanoClock(),
                new SystemNameLookup(),
                LinkSecurity.PLAIN,
                world.meshListener());
        CoreLoop loop = base.newCore(core, () -> {
            links.flush();
            base.clients.flush();
        });
        PresentJournal journal = new PresentJournal(base.newJournal(world.journalListener()));
        HistoryStore store = new HistoryStore(historyParts(recovery), journal::execute, world.storeListener());
        DiskReopening reopening = new DiskReopening(
                settings.diskProbe(base.disk),
                store,
                found -> {
                    journal.replace(base.newJournal(world.journalListener()));
                    world.reopened(found);
                },
                fault -> base.world.fatal().onFatal("disk", fault),
                ServerThreads.numbered("disk", Life.DAEMON),
                base.world.nanoClock());
        HistorySender sender = new HistorySender(
                new HistoryTransfer(
                        new SyncPlanner(settings.syncConfig()),
                        new LogHistory(base.disk, base.config.storage().directories(), base.settings.maxFieldBytes()),
                        new JournalReader(
                                base.disk, base.config.storage().directories().logs(), base.settings.maxFieldBytes()),
                        base::snapshotSource),
                settings.maxHistories(),
                ServerThreads.numbered("history", Life.DAEMON),
                world::historySent);
        MemberWorld.Parts parts = new MemberWorld.Parts(core, loop, mesh, links, journal, store, reopening, sender);
        world.connect(parts);
        return new Made(replica, parts);
    }

    private HistoryParts historyParts(MemberRecovery recovery) {
        return new HistoryParts(
                base.disk,
                base.config.storage().directories(),
                base.settings.maxFieldBytes(),
                quorumCommitLog(),
                recovery,
                base.loader,
                base.loader,
                base.gate,
                claim,
                base.snapshotWriter,
                base::snapshotSource);
    }

    private Foundation.Face face(Made all) {
        return new Foundation.Face(
                () -> service(all.replica()),
                all.replica()::isServing,
                this::mode,
                view(all.parts().core()));
    }

    private MemberView view(QuorumCore core) {
        return new MemberView(quorum.localSessions(), core::report, core.proposals(), core::pendingSyncs);
    }

    private ServiceMode service(Replica replica) {
        if (!replica.isServing()) {
            return isFindingLeader(replica) ? ServiceMode.NOBODY_YET : ServiceMode.NOBODY;
        }
        return world.role() == Role.READ_ONLY ? ServiceMode.READ_ONLY : ServiceMode.EVERYBODY;
    }

    /** Only for a while: who has no quorum sends clients to those who may have one. */
    private boolean isFindingLeader(Replica replica) {
        long until = replica.servedUntilNanos();
        return !closing
                && until != Replica.NEVER_SERVED
                && base.world.nanoClock().getAsLong() - until < DOOR_NANOS;
    }

    private ServerMode mode() {
        switch (world.role()) {
            case LEADING:
                return ServerMode.LEADER;
            case OBSERVING:
                return ServerMode.OBSERVER;
            case READ_ONLY:
                return ServerMode.READ_ONLY;
            default:
                return ServerMode.FOLLOWER;
        }
    }

    @Override
    public InetSocketAddress clientAddress() {
        return base.clients.boundAddress();
    }

    @Override
    public void close() {
        closing = true;
        Made all = made;
        if (all != null) {
            leaveInOrder();
            // So that the others see at once that this vote is not to be waited for.
            all.parts().mesh().close();
        }
        base.closePorts();
        if (all != null) {
            MemberWorld.Parts parts = all.parts();
            parts.sender().close();
            parts.links().closeAll();
            parts.reopening().close();
            base.close(parts.loop(), parts.journal()::close);
        }
        peerIo.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        voteIo.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        LOG.info("Stopped");
    }

    private void leaveInOrder() {
        try {
            if (!world.stop().await(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The role did not end within {} s; ending without it", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The replica tells the core of what it has applied, and the core is made with the replica. */
    private static final class CoreHolder {
        private @Nullable QuorumCore core;

        QuorumCore core() {
            if (core == null) {
                throw new IllegalStateException("a transaction is applied before there is a core");
            }
            return core;
        }
    }
}
