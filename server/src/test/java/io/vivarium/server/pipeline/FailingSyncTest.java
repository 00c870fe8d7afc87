/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.disk.DiskFile;
import io.vivarium.persistence.disk.FileDisk;
import io.vivarium.persistence.journal.FlushPolicy;
import io.vivarium.persistence.journal.JournalConfig;
import io.vivarium.persistence.journal.JournalListener;
import io.vivarium.persistence.journal.JournalLoop;
import io.vivarium.persistence.journal.JournalMeter;
import io.vivarium.persistence.journal.RollPolicy;
import io.vivarium.persistence.journal.SegmentedJournal;
import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ConnectReply;
import io.vivarium.protocol.client.ConnectRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.server.auth.AccessCheck;
import io.vivarium.server.auth.AclFixUp;
import io.vivarium.server.auth.AuthConfig;
import io.vivarium.server.auth.AuthSchemes;
import io.vivarium.server.auth.Identities;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.SessionIds;
import io.vivarium.server.session.SessionTable;
import io.vivarium.server.tree.TreeConfig;
import io.vivarium.server.tree.TxnApplier;
import io.vivarium.server.tree.ZnodeTree;
import io.vivarium.server.watch.WatchTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An fsync that fails is reported once, and nothing of its batch is ever answered (spec persistence 2.7). */
class FailingSyncTest {
    private final List<Throwable> fatal = new ArrayList<>();
    private final RecordingLink link = new RecordingLink();
    private final ZnodeTree tree = new ZnodeTree(TreeConfig.DEFAULT);
    private final SessionTable sessions = new SessionTable();
    private final SyncFailingDisk disk = new SyncFailingDisk();
    private long now;
    private CoreLoop core;
    private JournalLoop journal;

    @BeforeEach
    void one_server_stepped_by_hand(@TempDir Path directory) {
        ExpiryBuckets expiry = new ExpiryBuckets(2000);
        TxnApplier applier = new TxnApplier(tree, new SessionKeeper(sessions, expiry));
        AuthSchemes schemes = AuthSchemes.of(AuthConfig.DEFAULT);
        AccessCheck access = new AccessCheck(schemes, AuthConfig.DEFAULT);
        WatchService watches = new WatchService(new WatchTable(), tree, access, new Recorder());
        ReplicaParts parts = new ReplicaParts(
                1,
                1 << 20,
                LocalSessions.OFF,
                new TreeGate(),
                applier,
                new TxnPreparer(tree, access, new AclFixUp(schemes), tree.quotas(), PrepareConfig.DEFAULT),
                sessions,
                expiry,
                new SessionIds(1, 0),
                watches,
                new ReadService(tree, access, schemes, watches, 1 << 20),
                new ContainerReaper(tree, ContainerReaper.Config.DEFAULT),
                new Recorder());
        Replica replica = new Replica(parts, applied -> {});
        replica.serveAlone(proposal -> journal.submit(proposal.zxid(), proposal.payload()));
        core = new CoreLoop(replica, () -> {}, () -> now, InstantSource.system(), (where, cause) -> fatal.add(cause));
        journal = new JournalLoop(
                new SegmentedJournal(disk, directory, JournalConfig.DEFAULT, 0),
                FlushPolicy.DEFAULT,
                new RollPolicy(100_000, 1L << 32, 0, new SplittableRandom(1)),
                new ToCore(),
                () -> 0,
                1000,
                JournalMeter.NONE);
        core.post(new SessionRequest(link, new ConnectRequest(0, 0, 6000, 0, new byte[16], false, true), 6000));
        step();
        assertThat(link.session).as("the session is on disk").isNotZero();
    }

    @Test
    void an_fsync_that_fails_is_reported_once_and_answers_nothing() {
        core.post(create("/before"));
        step();
        assertThat(link.items).hasSize(1);

        disk.failing = true;
        core.post(create("/a"));
        core.post(create("/b"));
        step();
        core.post(create("/later"));
        step();
        step();

        assertThat(fatal).hasSize(1);
        assertThat(fatal.get(0)).isInstanceOf(IOException.class).hasMessageContaining("the disk is gone");
        assertThat(link.items).as("answers after the failure").hasSize(1);
        assertThat(tree.find("/before")).isNotNull();
        assertThat(tree.find("/a")).isNull();
        assertThat(disk.failedSyncs).as("an fsync is not tried again").isEqualTo(1);
    }

    @Test
    void a_disk_that_recovers_does_not_bring_the_journal_back() {
        disk.failing = true;
        core.post(create("/a"));
        step();
        disk.failing = false;
        core.post(create("/b"));
        step();
        step();

        assertThat(fatal).hasSize(1);
        assertThat(link.items).isEmpty();
        assertThat(journal.step()).isEqualTo(JournalLoop.Progress.STOPPED);
    }

    @Test
    void a_session_whose_client_went_before_it_was_made_still_expires() {
        RecordingLink gone = new RecordingLink();
        core.post(new SessionRequest(gone, new ConnectRequest(0, 0, 6000, 0, new byte[16], false, true), 6000));
        gone.open = false;
        core.post(new CoreMessage.Disconnected(gone));
        step();
        assertThat(sessions.isKnown(gone.session)).isTrue();

        for (now = 0; now <= 20_000_000_000L; now += 400_000_000L) {
            step();
        }
        assertThat(sessions.isKnown(gone.session)).isFalse();
        assertThat(fatal).isEmpty();
    }

    private WriteRequest create(String path) {
        return new WriteRequest(
                link,
                link.session,
                1,
                OpCode.CREATE,
                new ClientRequest.Create(path, new byte[10], Acl.OPEN, 0),
                Identities.NONE,
                0,
                List.of());
    }

    /** Core, journal, and the core again for what the journal had to say. */
    private void step() {
        core.step();
        journal.step();
        core.step();
    }

    private final class ToCore implements JournalListener {
        @Override
        public void synced(long zxid, boolean rests) {
            core.post(new CoreMessage.JournalSynced(zxid));
        }

        @Override
        public void snapshotDue() {
            throw new IllegalStateException("no snapshot is due in this test");
        }

        @Override
        public void failed(Throwable cause) {
            fatal.add(cause);
        }
    }

    /** Keeps what the core has for a client. */
    private static final class RecordingLink implements ClientLink {
        final List<Outgoing> items = new ArrayList<>();
        long session;
        boolean open = true;

        @Override
        public void queue(Outgoing item) {
            items.add(item);
        }

        @Override
        public void established(long sessionId, ConnectReply reply) {
            session = sessionId;
        }

        @Override
        public void refused(ConnectReply reply) {
            throw new IllegalStateException("refused");
        }

        @Override
        public long sessionId() {
            return session;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public Identities identities() {
            return Identities.NONE;
        }

        @Override
        public long lastHeardNanos() {
            return 0;
        }
    }

    /** Real files whose fsync can be made to fail. */
    private static final class SyncFailingDisk implements Disk {
        private final Disk files = new FileDisk();
        boolean failing;
        int failedSyncs;

        @Override
        public List<String> list(Path directory) throws IOException {
            return files.list(directory);
        }

        @Override
        public boolean exists(Path path) {
            return files.exists(path);
        }

        @Override
        public boolean isDirectory(Path path) {
            return files.isDirectory(path);
        }

        @Override
        public boolean isWritable(Path path) {
            return files.isWritable(path);
        }

        @Override
        public void createDirectories(Path directory) throws IOException {
            files.createDirectories(directory);
        }

        @Override
        public DiskFile create(Path file) throws IOException {
            return new SyncFailingFile(files.create(file));
        }

        @Override
        public DiskFile open(Path file) throws IOException {
            return new SyncFailingFile(files.open(file));
        }

        @Override
        public DiskFile openReadOnly(Path file) throws IOException {
            return files.openReadOnly(file);
        }

        @Override
        public long size(Path file) throws IOException {
            return files.size(file);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            files.rename(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            files.delete(file);
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            files.syncDirectory(directory);
        }

        private final class SyncFailingFile implements DiskFile {
            private final DiskFile file;

            SyncFailingFile(DiskFile file) {
                this.file = file;
            }

            @Override
            public Path path() {
                return file.path();
            }

            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public int read(ByteBuffer into, long position) throws IOException {
                return file.read(into, position);
            }

            @Override
            public void write(ByteBuffer from, long position) throws IOException {
                file.write(from, position);
            }

            @Override
            public void truncate(long size) throws IOException {
                file.truncate(size);
            }

            @Override
            public void sync() throws IOException {
                if (failing) {
                    failedSyncs++;
                    throw new IOException("the disk is gone");
                }
                file.sync();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        }
    }
}
