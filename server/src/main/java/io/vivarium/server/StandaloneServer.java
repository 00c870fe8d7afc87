/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.persistence.journal.JournalListener;
import io.vivarium.persistence.journal.JournalLoop;
import io.vivarium.persistence.journal.LogTail;
import io.vivarium.persistence.recovery.Recovery;
import io.vivarium.persistence.recovery.RecoveryResult;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.admin.ServerMode;
import io.vivarium.server.config.ServerConfig;
import io.vivarium.server.pipeline.CoreLoop;
import io.vivarium.server.pipeline.CoreMessage;
import io.vivarium.server.pipeline.LocalSessions;
import io.vivarium.server.pipeline.Replica;
import io.vivarium.server.pipeline.ServiceMode;
import io.vivarium.server.storage.SnapshotGuard;
import io.vivarium.server.transport.ServerThreads;
import io.vivarium.server.transport.ServerThreads.Life;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server without an ensemble: what is in its own log is decided (spec persistence 6.1).
 *
 * <p>Thread: the one that starts and stops it.
 */
final class StandaloneServer implements Node {
    private static final Logger LOG = LoggerFactory.getLogger(StandaloneServer.class);
    /** A server on its own takes this for its sessions (spec client-protocol 9.1). */
    private static final long SERVER_ID = 1;

    private final Foundation base;
    private @Nullable CoreLoop core;
    private @Nullable JournalLoop journal;
    private volatile boolean serving;

    StandaloneServer(ServerConfig config, World world) {
        base = new Foundation(config, world, SnapshotGuard.NONE);
    }

    @Override
    public void start() throws IOException {
        boolean needsSnapshot = load();
        if (needsSnapshot) {
            base.snapshots.write();
        }
        Replica replica = new Replica(base.replicaParts(SERVER_ID, LocalSessions.OFF), applied -> {});
        CoreLoop loop = base.newCore(replica, base.clients::flush);
        JournalLoop log = base.newJournal(new JournalToCore(loop));
        core = loop;
        journal = log;
        Foundation.start(log);
        replica.at(base.world.nanoClock().getAsLong(), base.world.wallClock().millis());
        replica.serveAlone(proposal -> log.submit(proposal.zxid(), proposal.payload()));
        loop.start(ServerThreads.single("core", Life.KEEPS_PROCESS));
        base.openPorts(
                replica,
                loop,
                log::slowSyncs,
                new Foundation.Face(
                        () -> serving ? ServiceMode.EVERYBODY : ServiceMode.NOBODY,
                        () -> serving,
                        () -> ServerMode.STANDALONE,
                        null));
        base.schedulePurge();
        serving = true;
        if (!needsSnapshot) {
            // Beside the clients: it saves the next start the work of this one, and nobody else waits for it.
            base.snapshots.request();
        }
        LOG.info("Serving from zxid {}", Zxid.toString(replica.lastApplied()));
    }

    @Override
    public InetSocketAddress clientAddress() {
        return base.clients.boundAddress();
    }

    @Override
    public void close() {
        serving = false;
        base.closePorts();
        if (core != null && journal != null) {
            base.close(core, journal::close);
        }
        LOG.info("Stopped");
    }

    /** Answers whether a snapshot must be there before the log goes on: what the tree shows is not all in the files. */
    private boolean load() throws IOException {
        LoadTimes times = base.newLoad();
        Recovery recovery = new Recovery(
                base.disk, base.config.storage().directories(), base.settings.recoveryConfig(), base.loadProgress());
        RecoveryResult result = recovery.recover(base.loader, txn -> {
            times.replaying();
            base.loader.apply(txn);
        });
        // A process that was killed leaves records that only the page cache has; clients may not see those and lose
        // them.
        LogTail.writeAgain(base.disk, base.config.storage().directories().logs(), base.settings.maxFieldBytes());
        boolean orphans = removeOrphans();
        times.loaded(result.lastZxid(), base.tree.digest());
        return orphans || result.start() != RecoveryResult.Start.LOADED;
    }

    /** Ephemerals whose session is not known any more go without a transaction (spec persistence 6.1, step 7). */
    private boolean removeOrphans() {
        Set<Long> known = new HashSet<>(base.sessionKeeper.timeouts().keySet());
        List<Long> owners = base.applier.ownersWithoutSession(known);
        for (long owner : owners) {
            LOG.info("Removing the ephemerals of session 0x{}, which is gone", Long.toHexString(owner));
            base.applier.removeEphemeralsOf(owner);
        }
        return !owners.isEmpty();
    }

    /** What the journal has to say, as messages to the core. */
    private final class JournalToCore implements JournalListener {
        private final CoreLoop loop;

        JournalToCore(CoreLoop loop) {
            this.loop = loop;
        }

        @Override
        public void synced(long zxid, boolean rests) {
            loop.bring(new CoreMessage.JournalSynced(zxid), rests);
        }

        @Override
        public void snapshotDue() {
            base.snapshots.request();
        }

        @Override
        public void failed(Throwable cause) {
            base.world.fatal().onFatal("journal", cause);
        }
    }
}
