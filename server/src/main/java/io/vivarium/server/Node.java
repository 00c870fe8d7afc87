/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.journal.FlushPolicy;
import io.vivarium.persistence.journal.JournalConfig;
import io.vivarium.persistence.journal.JournalListener;
import io.vivarium.persistence.journal.JournalLoop;
import io.vivarium.persistence.journal.RollPolicy;
import io.vivarium.persistence.journal.SegmentedJournal;
import io.vivarium.persistence.purge.Purge;
import io.vivarium.persistence.recovery.Recovery;
import io.vivarium.persistence.recovery.RecoveryConfig;
import io.vivarium.persistence.recovery.RecoveryResult;
import io.vivarium.persistence.snapshot.SnapshotCompression;
import io.vivarium.persistence.snapshot.SnapshotConfig;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.ensemble.HostPort;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.server.admin.AdminView;
import io.vivarium.server.admin.FourLetterWords;
import io.vivarium.server.admin.HostFacts;
import io.vivarium.server.admin.PrometheusListener;
import io.vivarium.server.admin.ServerMode;
import io.vivarium.server.auth.AccessCheck;
import io.vivarium.server.auth.AclFixUp;
import io.vivarium.server.auth.AuthRequirement;
import io.vivarium.server.auth.AuthSchemes;
import io.vivarium.server.client.Admission;
import io.vivarium.server.client.ClientListener;
import io.vivarium.server.client.ClientPort;
import io.vivarium.server.client.ConnectionThrottle;
import io.vivarium.server.client.LargeRequests;
import io.vivarium.server.client.UnsentBytes;
import io.vivarium.server.config.ServerConfig;
import io.vivarium.server.config.StorageConfig;
import io.vivarium.server.config.ThrottleConfig;
import io.vivarium.server.metrics.Metrics;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.metrics.Summary;
import io.vivarium.server.pipeline.ContainerReaper;
import io.vivarium.server.pipeline.CoreLoop;
import io.vivarium.server.pipeline.CoreMessage;
import io.vivarium.server.pipeline.CoreRoute;
import io.vivarium.server.pipeline.FatalErrorHandler;
import io.vivarium.server.pipeline.LocalSessions;
import io.vivarium.server.pipeline.PrepareConfig;
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
import io.vivarium.server.session.SessionTimeouts;
import io.vivarium.server.storage.JournalRecorder;
import io.vivarium.server.storage.SnapshotLoop;
import io.vivarium.server.tree.SharedHold;
import io.vivarium.server.tree.TreeConfig;
import io.vivarium.server.tree.TreeLoader;
import io.vivarium.server.tree.TreeSnapshot;
import io.vivarium.server.tree.TxnApplier;
import io.vivarium.server.tree.ZnodeTree;
import io.vivarium.server.watch.WatchTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: every object is made and connected here, and nowhere else.
 *
 * <p>Thread: {@link #start} and {@link #close} belong to the one who made it. Start is: directories and files to a tree in
 * memory, a snapshot, then the loops, the client port last. Close is the same backwards; sessions live on for the next
 * start. Spec: persistence 6.1, operations 6.2.
 */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    /** A server on its own takes this for its sessions (spec client-protocol 9.1). */
    private static final long STANDALONE_ID = 1;

    private static final int MAX_IO_THREADS = 16;
    private static final int MAX_WAITING_REPORTS = 1000;
    private static final long MAX_UNSENT_BYTES = 256L << 20;
    private static final int UNSENT_PART_OF_HEAP = 8;
    /** Slow clients are paused from the limit of one of them on; all together they may get to so many times that. */
    private static final int UNSENT_OF_ALL = 4;

    private static final long MAX_MULTI_READ_BYTES = 16L << 20;
    private static final int MULTI_READ_PART_OF_HEAP = 16;
    private static final long PROGRESS_NANOS = 5_000_000_000L;

    private final ServerConfig config;
    private final World world;
    private final Disk disk = new FileDisk();
    private final TreeGate gate = new TreeGate();
    private final ZnodeTree tree;
    private final SessionTable sessions = new SessionTable();
    private final ExpiryBuckets expiry;
    private final SessionKeeper sessionKeeper;
    private final TxnApplier applier;
    private final WatchTable watchTable = new WatchTable();
    private final Admission admission;
    private final ClientListener clients;
    private final SnapshotLoop snapshots;
    private final Metrics metrics = new Metrics();
    /** Of the thread that starts the server, then of thread {@code snapshot}. */
    private final Recorder slowWork = metrics.newRecorder();

    private final ExecutorService reports = boundedReports();

    private @Nullable CoreLoop core;
    private @Nullable JournalLoop journal;
    private @Nullable PrometheusListener metricsPage;
    private volatile boolean serving;
    private volatile long startedNanos;

    /** What a server needs of the world: clocks, chance, and somebody to report its own faults to. */
    public record World(
            LongSupplier nanoClock, InstantSource wallClock, RandomGenerator dice, FatalErrorHandler fatal) {}

    public Node(ServerConfig config, World world) {
        this.config = config;
        this.world = world;
        OwnerKind.Rules ownerRules =
                new OwnerKind.Rules(config.tree().extendedTypes(), config.tree().ttlLayout353());
        this.tree = new ZnodeTree(new TreeConfig(ownerRules, config.storage().digest()));
        this.expiry = new ExpiryBuckets(config.session().tickTimeMillis());
        this.sessionKeeper = new SessionKeeper(sessions, expiry);
        this.applier = new TxnApplier(tree, sessionKeeper);
        this.admission = new Admission(config.throttle().globalOutstandingLimit(), maxUnsentBytes());
        this.clients = new ClientListener(listenerConfig(), metrics);
        this.snapshots = new SnapshotLoop(
                new SnapshotWriter(disk, config.storage().directories().snapshots(), snapshotConfig()),
                () -> new TreeSnapshot(tree, new GateHold(gate), sessionKeeper),
                world.nanoClock(),
                e -> world.fatal().onFatal("snapshot", e),
                slowWork);
    }

    /**
     * Loads what is on disk and starts to serve.
     *
     * @throws IOException if the files must not be used as they are, or a port cannot be bound
     */
    public void start() throws IOException {
        load();
        snapshots.write();
        Replica replica = startPipeline();
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
        startedNanos = world.nanoClock().getAsLong();
        serving = true;
        LOG.info("Serving from zxid {}", Zxid.toString(replica.lastApplied()));
    }

    /** Where clients are listened for. */
    public InetSocketAddress clientAddress() {
        return clients.boundAddress();
    }

    /** Stops serving; whatever was answered is on disk. */
    public void close() {
        serving = false;
        if (metricsPage != null) {
            metricsPage.close();
        }
        clients.close();
        try {
            if (core != null) {
                core.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (journal != null) {
            journal.close();
        }
        snapshots.close();
        reports.shutdown();
        LOG.info("Stopped");
    }

    private void load() throws IOException {
        long began = world.nanoClock().getAsLong();
        long[] nextReport = {began + PROGRESS_NANOS};
        Recovery recovery = new Recovery(disk, config.storage().directories(), recoveryConfig(), (bytes, nodes) -> {
            if (world.nanoClock().getAsLong() - nextReport[0] >= 0) {
                nextReport[0] = world.nanoClock().getAsLong() + PROGRESS_NANOS;
                LOG.info("Loading the snapshot: {} nodes, {} MB so far", nodes, bytes >> 20);
            }
        });
        TreeLoader loader = new TreeLoader(tree, applier, sessionKeeper);
        long[] replayBegan = {0};
        RecoveryResult result = recovery.recover(loader, txn -> {
            if (replayBegan[0] == 0) {
                replayBegan[0] = world.nanoClock().getAsLong();
            }
            loader.apply(txn);
        });
        removeOrphans();
        recordLoad(result, began, replayBegan[0]);
        LOG.info(
                "Snapshot loaded in {} ms, highest zxid is {}, digest is {}",
                (world.nanoClock().getAsLong() - began) / 1_000_000,
                Zxid.toString(result.lastZxid()),
                tree.digest());
    }

    private void recordLoad(RecoveryResult result, long began, long replayBegan) {
        long now = world.nanoClock().getAsLong();
        slowWork.recordNanos(Summary.DBINITTIME, now - began);
        slowWork.recordNanos(Summary.STARTUP_SNAP_LOAD_TIME, (result.replayed() == 0 ? now : replayBegan) - began);
        if (result.replayed() > 0) {
            slowWork.recordNanos(Summary.STARTUP_TXNS_LOAD_TIME, now - replayBegan);
            slowWork.record(Summary.STARTUP_TXNS_LOADED, result.replayed());
        }
    }

    /** Ephemerals whose session is not known any more go without a transaction (spec persistence 6.1, step 7). */
    private void removeOrphans() {
        Set<Long> known = new HashSet<>(sessionKeeper.timeouts().keySet());
        for (long owner : applier.ownersWithoutSession(known)) {
            LOG.info("Removing the ephemerals of session 0x{}, which is gone", Long.toHexString(owner));
            applier.removeEphemeralsOf(owner);
        }
    }

    private Replica startPipeline() throws IOException {
        AuthSchemes schemes = AuthSchemes.of(config.auth());
        AccessCheck access = new AccessCheck(schemes, config.auth());
        Recorder ofCore = metrics.newRecorder();
        WatchService watches = new WatchService(watchTable, tree, access, ofCore);
        ReadService reads = new ReadService(tree, access, schemes, watches, maxMultiReadBytes());
        TxnPreparer preparer = new TxnPreparer(tree, access, new AclFixUp(schemes), tree.quotas(), prepareConfig());
        Replica replica = new Replica(
                new ReplicaParts(
                        STANDALONE_ID,
                        maxFieldBytes(),
                        LocalSessions.OFF,
                        gate,
                        applier,
                        preparer,
                        sessions,
                        expiry,
                        new SessionIds(STANDALONE_ID, world.wallClock().millis()),
                        watches,
                        reads,
                        new ContainerReaper(tree, reaperConfig()),
                        ofCore),
                applied -> {});
        CoreLoop loop = new CoreLoop(replica, clients::flush, world.nanoClock(), world.wallClock(), world.fatal());
        core = loop;
        JournalLoop log = startJournal(loop);
        journal = log;
        replica.at(world.nanoClock().getAsLong(), world.wallClock().millis());
        replica.serveAlone(proposal -> log.submit(proposal.zxid(), proposal.payload()));
        loop.start();
        AdminView view = adminView(loop, log);
        if (config.clientPort().address() != null) {
            clients.start(clientPort(replica, reads, watches, schemes, loop, view));
        }
        HostPort page = config.metrics().address();
        if (page != null) {
            metricsPage = new PrometheusListener(view);
            metricsPage.start(new InetSocketAddress(page.host(), page.port()));
        }
        return replica;
    }

    private JournalLoop startJournal(CoreLoop loop) {
        StorageConfig storage = config.storage();
        JournalConfig journalConfig = JournalConfig.DEFAULT
                .withPreAllocBytes(storage.preAllocBytes())
                .withMaxRecordBytes(maxFieldBytes())
                .withDurability(
                        storage.flush().forceSync()
                                ? JournalConfig.Durability.SYNC
                                : JournalConfig.Durability.WRITE_ONLY);
        JournalLoop started = new JournalLoop(
                new SegmentedJournal(disk, storage.directories().logs(), journalConfig, tree.lastZxid()),
                new FlushPolicy(
                        storage.flush().maxBatchSize(),
                        storage.flush().delayMillis() * 1_000_000,
                        storage.flush().maxPollMillis() * 1_000_000),
                new RollPolicy(
                        storage.snapCount(),
                        storage.snapSizeLimitBytes(),
                        storage.journalSizeLimitBytes(),
                        world.dice()),
                new JournalToCore(loop),
                world.nanoClock(),
                storage.flush().warningThresholdMillis(),
                new JournalRecorder(metrics.newRecorder()));
        started.start(task -> new Thread(task, "journal"));
        return started;
    }

    private ClientPort clientPort(
            Replica replica,
            ReadService reads,
            WatchService watches,
            AuthSchemes schemes,
            CoreLoop loop,
            AdminView view) {
        return new ClientPort(
                new ClientPort.Limits(
                        config.clientPort().maxRequestBytes(),
                        maxFieldBytes(),
                        config.clientPort().sessionlessTimeoutMillis(),
                        maxUnsentBytes()),
                new CoreRoute(loop),
                gate,
                reads,
                watches,
                schemes,
                AuthRequirement.of(config.auth(), schemes),
                new SessionTimeouts(
                        config.session().minTimeoutMillis(), config.session().maxTimeoutMillis()),
                admission,
                new UnsentBytes(maxUnsentBytes(), UNSENT_OF_ALL * maxUnsentBytes()),
                new LargeRequests(
                        config.throttle().largeRequestThreshold(),
                        config.throttle().largeRequestMaxBytes()),
                view.throttle(),
                new FourLetterWords(view),
                () -> serving ? ServiceMode.EVERYBODY : ServiceMode.NOBODY,
                replica::lastSeen,
                world.nanoClock(),
                world.wallClock()::millis);
    }

    private AdminView adminView(CoreLoop loop, JournalLoop openJournal) {
        return new AdminView(
                config,
                ProductVersion.text(),
                HostFacts.ofThisProcess(),
                () -> serving,
                () -> ServerMode.STANDALONE,
                loop,
                sessions,
                expiry,
                applier,
                gate,
                watchTable,
                clients,
                admission,
                connectionThrottle(),
                openJournal::slowSyncs,
                metrics,
                List.of(),
                reports,
                () -> startedNanos,
                world.nanoClock(),
                world.wallClock()::millis);
    }

    // ---- Configuration into the words of each part --------------------------------------------------------------

    private ClientListener.Config listenerConfig() {
        HostPort address = config.clientPort().address();
        return new ClientListener.Config(
                address == null ? new InetSocketAddress(0) : new InetSocketAddress(address.host(), address.port()),
                config.clientPort().listenBacklog(),
                config.clientPort().maxConnectionsPerAddress(),
                config.clientPort().maxConnections(),
                Math.max(1, Math.min(MAX_IO_THREADS, Runtime.getRuntime().availableProcessors())),
                config.clientPort().tcpKeepAlive());
    }

    private SnapshotConfig snapshotConfig() {
        StorageConfig storage = config.storage();
        return new SnapshotConfig(
                SnapshotCompression.of(
                        storage.compression() == StorageConfig.Compression.NONE
                                ? ""
                                : storage.compression() == StorageConfig.Compression.GZ ? "gz" : "snappy"),
                SnapshotConfig.Part.of(storage.digest()),
                SnapshotConfig.Part.of(storage.lastZxidTrailer()));
    }

    private RecoveryConfig recoveryConfig() {
        return new RecoveryConfig(
                config.storage().trustEmptySnapshot(), config.storage().createDirectories(), true, maxFieldBytes());
    }

    private PrepareConfig prepareConfig() {
        return new PrepareConfig(
                new OwnerKind.Rules(config.tree().extendedTypes(), config.tree().ttlLayout353()),
                config.tree().enforceQuota(),
                config.reconfigEnabled(),
                config.storage().digest(),
                config.storage().ephemeralsInCloseSession(),
                config.clientPort().maxRequestBytes());
    }

    private ConnectionThrottle connectionThrottle() {
        ThrottleConfig.ConnectionTokens tokens = config.throttle().connections();
        return new ConnectionThrottle(
                new ConnectionThrottle.Config(
                        tokens.tokens(),
                        tokens.fillTimeMillis(),
                        tokens.fillCount(),
                        tokens.freezeTimeMillis(),
                        tokens.dropIncrease(),
                        tokens.dropDecrease(),
                        tokens.decreaseRatio(),
                        new ConnectionThrottle.Weights(tokens.newSessionCost(), tokens.renewedSessionCost())),
                world.dice(),
                world.nanoClock().getAsLong());
    }

    private ContainerReaper.Config reaperConfig() {
        return new ContainerReaper.Config(
                config.tree().reap().checkIntervalMillis(),
                config.tree().reap().maxPerMinute(),
                config.tree().reap().maxNeverUsedMillis());
    }

    /** A small server keeps less for clients that are slow to take their answers. */
    private static long maxUnsentBytes() {
        return Math.min(MAX_UNSENT_BYTES, Runtime.getRuntime().maxMemory() / UNSENT_PART_OF_HEAP);
    }

    /** No client takes a frame of the greater size unless it was told to; a small server cannot even make one. */
    private static long maxMultiReadBytes() {
        return Math.min(MAX_MULTI_READ_BYTES, Runtime.getRuntime().maxMemory() / MULTI_READ_PART_OF_HEAP);
    }

    private int maxFieldBytes() {
        return JuteReader.lengthLimit(
                config.clientPort().maxRequestBytes(), config.clientPort().extraBytes());
    }

    /** One thread for reports, and a short queue: whoever asks for more is refused, and nobody else notices. */
    private static ExecutorService boundedReports() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING_REPORTS), task -> {
                    Thread thread = new Thread(task, "admin");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    // ---- Between the parts --------------------------------------------------------------------------------------

    /** What the journal has to say, as messages to the core. */
    private final class JournalToCore implements JournalListener {
        private final CoreLoop loop;

        JournalToCore(CoreLoop loop) {
            this.loop = loop;
        }

        @Override
        public void synced(long zxid) {
            loop.post(new CoreMessage.JournalSynced(zxid));
        }

        @Override
        public void snapshotDue() {
            snapshots.request();
        }

        @Override
        public void failed(Throwable cause) {
            world.fatal().onFatal("journal", cause);
        }
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
