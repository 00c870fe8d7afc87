/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.journal.JournalListener;
import io.vivarium.persistence.journal.JournalLoop;
import io.vivarium.persistence.journal.SegmentedJournal;
import io.vivarium.persistence.purge.Purge;
import io.vivarium.persistence.snapshot.LoadProgress;
import io.vivarium.persistence.snapshot.SnapshotSource;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.server.admin.AdminView;
import io.vivarium.server.admin.FourLetterWords;
import io.vivarium.server.admin.HostFacts;
import io.vivarium.server.admin.MemberView;
import io.vivarium.server.admin.PrometheusListener;
import io.vivarium.server.admin.ServerMode;
import io.vivarium.server.auth.AccessCheck;
import io.vivarium.server.auth.AclFixUp;
import io.vivarium.server.auth.AuthRequirement;
import io.vivarium.server.auth.AuthSchemes;
import io.vivarium.server.client.Admission;
import io.vivarium.server.client.ClientListener;
import io.vivarium.server.client.ClientPort;
import io.vivarium.server.client.LargeRequests;
import io.vivarium.server.client.UnsentBytes;
import io.vivarium.server.config.ServerConfig;
import io.vivarium.server.metrics.Metrics;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.pipeline.ContainerReaper;
import io.vivarium.server.pipeline.CoreLogic;
import io.vivarium.server.pipeline.CoreLoop;
import io.vivarium.server.pipeline.CoreRoute;
import io.vivarium.server.pipeline.LocalSessions;
import io.vivarium.server.pipeline.ReadService;
import io.vivarium.server.pipeline.Replica;
import io.vivarium.server.pipeline.ReplicaParts;
import io.vivarium.server.pipeline.ServiceMode;
import io.vivarium.server.pipeline.SessionKeeper;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.pipeline.TxnPreparer;
import io.vivarium.server.pipeline.WatchService;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.SessionIds;
import io.vivarium.server.session.SessionTable;
import io.vivarium.server.storage.JournalRecorder;
import io.vivarium.server.storage.SnapshotGuard;
import io.vivarium.server.storage.SnapshotLoop;
import io.vivarium.server.transport.ServerThreads;
import io.vivarium.server.transport.ServerThreads.Life;
import io.vivarium.server.tree.SharedHold;
import io.vivarium.server.tree.TreeLoader;
import io.vivarium.server.tree.TreeSnapshot;
import io.vivarium.server.tree.TxnApplier;
import io.vivarium.server.tree.ZnodeTree;
import io.vivarium.server.watch.WatchTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server on its own and a member of an ensemble stand on alike: the tree and what keeps it, the client port, snapshots,
 * reports.
 *
 * <p>Thread: made and used by the one that starts and stops the server; what it makes has threads of its own.
 */
final class Foundation {
    private static final Logger LOG = LoggerFactory.getLogger(Foundation.class);
    private static final int MAX_WAITING_REPORTS = 1000;
    /** Slow clients are paused from the limit of one of them on; all together they may get to so many times that. */
    private static final int UNSENT_OF_ALL = 4;

    /** The first pause behind a snapshot that could not be written; the longest is some minutes. */
    private static final long SNAPSHOT_RETRY_MILLIS = 10_000;

    private static final long PROGRESS_NANOS = 5_000_000_000L;

    final ServerConfig config;
    final World world;
    final Settings settings;
    final Disk disk = new FileDisk();
    final TreeGate gate = new TreeGate();
    final ZnodeTree tree;
    final SessionTable sessions = new SessionTable();
    final ExpiryBuckets expiry;
    final SessionKeeper sessionKeeper;
    final TxnApplier applier;
    final TreeLoader loader;
    final SnapshotWriter snapshotWriter;
    final SnapshotLoop snapshots;
    final ClientListener clients;
    final Metrics metrics = new Metrics();
    private final WatchTable watchTable = new WatchTable();
    private final Admission admission;
    private final AuthSchemes schemes;
    private final AccessCheck access;
    private final WatchService watches;
    private final ReadService reads;
    /** Of the core, and of what it is made of. */
    final Recorder ofCore = metrics.newRecorder();
    /** Of the thread that starts the server, then of thread {@code snapshot}. */
    private final Recorder slowWork = metrics.newRecorder();

    /** Of one journal after the other. */
    private final JournalRecorder journalRecorder = new JournalRecorder(metrics.newRecorder());

    private final ExecutorService reports = boundedReports();
    private volatile long startedNanos;
    private @Nullable PrometheusListener metricsPage;

    /**
     * How a server shows itself to clients and reports.
     *
     * @param member null for a server on its own
     */
    record Face(
            Supplier<ServiceMode> service,
            BooleanSupplier serving,
            Supplier<ServerMode> mode,
            @Nullable MemberView member) {}

    Foundation(ServerConfig config, World world, SnapshotGuard guard) {
        this.config = config;
        this.world = world;
        this.settings = new Settings(config);
        this.tree = new ZnodeTree(settings.treeConfig());
        this.expiry = new ExpiryBuckets(config.session().tickTimeMillis());
        this.sessionKeeper = new SessionKeeper(sessions, expiry);
        this.applier = new TxnApplier(tree, sessionKeeper);
        this.loader = new TreeLoader(tree, applier, sessionKeeper);
        this.admission = new Admission(config.throttle().globalOutstandingLimit(), Settings.maxUnsentBytes());
        this.clients = new ClientListener(settings.listenerConfig(), gate, settings.maxFieldBytes(), metrics);
        this.schemes = AuthSchemes.of(config.auth());
        this.access = new AccessCheck(schemes, config.auth());
        this.watches = new WatchService(watchTable, tree, access, ofCore);
        this.reads = new ReadService(tree, access, schemes, watches, Settings.maxMultiReadBytes());
        this.snapshotWriter =
                new SnapshotWriter(disk, config.storage().directories().snapshots(), settings.snapshotConfig());
        this.snapshots = new SnapshotLoop(
                snapshotWriter,
                this::snapshotSource,
                this::nodeCount,
                guard,
                world.nanoClock(),
                SNAPSHOT_RETRY_MILLIS,
                e -> world.fatal().onFatal("snapshot", e),
                slowWork,
                Settings.hasFewProcessors());
    }

    /** A new view of the tree, to be written down while it changes. */
    SnapshotSource snapshotSource() {
        return new TreeSnapshot(tree, new GateHold(gate), sessionKeeper);
    }

    private long nodeCount() {
        long stamp = gate.enterShared();
        try {
            return tree.nodeCount();
        } finally {
            gate.leaveShared(stamp);
        }
    }

    // ---- Loading ----------------------------------------------------------------------------------------------

    /** Tells the operator now and then how far a load has come. */
    LoadProgress loadProgress() {
        long[] nextReport = {world.nanoClock().getAsLong() + PROGRESS_NANOS};
        return (bytes, nodes) -> {
            if (world.nanoClock().getAsLong() - nextReport[0] >= 0) {
                nextReport[0] = world.nanoClock().getAsLong() + PROGRESS_NANOS;
                LOG.info("Loading the snapshot: {} nodes, {} MB so far", nodes, bytes >> 20);
            }
        };
    }

    /** Where a replay goes at the start; when it begins is noted for the report. */
    LoadTimes newLoad() {
        return new LoadTimes(world.nanoClock(), slowWork);
    }

    // ---- Making -----------------------------------------------------------------------------------------------

    ReplicaParts replicaParts(long serverId, LocalSessions localSessions) {
        return new ReplicaParts(
                serverId,
                settings.maxFieldBytes(),
                localSessions,
                gate,
                applier,
                new TxnPreparer(tree, access, new AclFixUp(schemes), tree.quotas(), settings.prepareConfig()),
                sessions,
                expiry,
                new SessionIds(serverId, world.wallClock().millis()),
                watches,
                reads,
                new ContainerReaper(tree, settings.reaperConfig()),
                ofCore);
    }

    /** A journal behind the tree as it is now, which is what is on disk; not started. */
    JournalLoop newJournal(JournalListener listener) {
        return new JournalLoop(
                new SegmentedJournal(
                        disk, config.storage().directories().logs(), settings.journalConfig(), tree.lastZxid()),
                settings.flushPolicy(),
                settings.rollPolicy(world.dice()),
                listener,
                world.nanoClock(),
                config.storage().flush().warningThresholdMillis(),
                journalRecorder);
    }

    static void start(JournalLoop journal) {
        journal.start(ServerThreads.single("journal", Life.KEEPS_PROCESS));
    }

    CoreLoop newCore(CoreLogic logic, Runnable flush) {
        return new CoreLoop(logic, flush, world.nanoClock(), world.wallClock(), world.fatal());
    }

    // ---- Serving ----------------------------------------------------------------------------------------------

    /** Opens the port for clients and the page of metrics, if there are any. */
    void openPorts(Replica replica, CoreLoop loop, LongSupplier slowSyncs, Face face) throws IOException {
        startedNanos = world.nanoClock().getAsLong();
        AdminView view = adminView(loop, slowSyncs, face);
        if (config.clientPort().address() != null) {
            clients.start(clientPort(replica, loop, view, face));
        }
        HostPort page = config.metrics().address();
        if (page != null) {
            metricsPage = new PrometheusListener(view);
            metricsPage.start(new InetSocketAddress(page.host(), page.port()));
        }
    }

    private ClientPort clientPort(Replica replica, CoreLoop loop, AdminView view, Face face) {
        return new ClientPort(
                settings.clientLimits(),
                new CoreRoute(loop),
                gate,
                reads,
                watches,
                schemes,
                AuthRequirement.of(config.auth(), schemes),
                settings.sessionTimeouts(),
                admission,
                new UnsentBytes(Settings.maxUnsentBytes(), UNSENT_OF_ALL * Settings.maxUnsentBytes()),
                new LargeRequests(
                        config.throttle().largeRequestThreshold(),
                        config.throttle().largeRequestMaxBytes()),
                view.throttle(),
                new FourLetterWords(view),
                face.service(),
                replica::lastSeen,
                world.nanoClock(),
                world.wallClock()::millis);
    }

    private AdminView adminView(CoreLoop loop, LongSupplier slowSyncs, Face face) {
        return new AdminView(
                config,
                ProductVersion.text(),
                HostFacts.ofThisProcess(),
                face.serving(),
                face.mode(),
                loop,
                sessions,
                expiry,
                applier,
                gate,
                watchTable,
                clients,
                admission,
                settings.connectionThrottle(world.dice(), world.nanoClock().getAsLong()),
                slowSyncs,
                metrics,
                face.member(),
                reports,
                () -> startedNanos,
                world.nanoClock(),
                world.wallClock()::millis);
    }

    void schedulePurge() {
        if (config.storage().purge().intervalMillis() > 0) {
            Purge purge = new Purge(
                    disk,
                    config.storage().directories().snapshots(),
                    config.storage().directories().logs(),
                    world.wallClock());
            snapshots.schedulePurge(
                    purge,
                    config.storage().purge().retainCount(),
                    config.storage().purge().intervalMillis());
        }
    }

    /** Nobody is let in any more. */
    void closePorts() {
        if (metricsPage != null) {
            metricsPage.close();
        }
        clients.close();
    }

    /** The end of what was made here, in an order in which nothing waits for what is gone already. */
    void close(CoreLoop core, Runnable closeJournal) {
        try {
            core.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeJournal.run();
        snapshots.close();
        reports.shutdown();
    }

    /** One thread for reports, and a short queue: whoever asks for more is refused, and nobody else notices. */
    private static ExecutorService boundedReports() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING_REPORTS),
                ServerThreads.single("admin", Life.DAEMON));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** The shared side of the gate, as the snapshot thread takes it. */
    private static final class GateHold implements SharedHold {
        private final TreeGate gate;
        private long stamp;

        GateHold(TreeGate gate) {
            this.gate = gate;
        }

        @Override
        public void acquire() {
            stamp = gate.enterShared();
        }

        @Override
        public void release() {
            gate.leaveShared(stamp);
        }
    }
}
