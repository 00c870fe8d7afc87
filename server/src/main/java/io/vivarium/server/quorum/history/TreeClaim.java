/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.persistence.snapshot.AclSink;
import io.vivarium.persistence.snapshot.NodeSink;
import io.vivarium.persistence.snapshot.SessionSink;
import io.vivarium.persistence.snapshot.SnapshotSource;
import io.vivarium.server.storage.SnapshotGuard;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps those who write snapshots and purge files away from a tree and files that are being replaced.
 *
 * <p>A periodic snapshot that walks into a tree under replacement would be a whole file with a wrong content; one that
 * is finished behind a truncation would bring back what was cut (spec persistence, trap T14). From {@link #claim} on no
 * such work begins, and a walk under way gives up at its next element; {@link #take} also waits for it to leave.
 *
 * <pre>
 *   peer-io  claim (first piece of an image) ...            snapshot  run(work): skipped, cut off, or undisturbed
 *   journal  take ... replace ... end
 * </pre>
 *
 * Thread: any.
 */
public final class TreeClaim implements SnapshotGuard {
    private final ReentrantLock files = new ReentrantLock();
    private volatile boolean claimed;

    /** The tree was claimed in the middle of a walk. */
    private static final class Claimed extends IOException {
        private static final long serialVersionUID = 1L;

        Claimed() {
            super("the tree is being replaced");
        }
    }

    /** From now on the tree is nobody's but the caller's; does not wait. */
    void claim() {
        claimed = true;
    }

    /** As {@link #claim}, and returns when nobody else is at the files. Thread: {@code journal}. */
    void take() {
        claim();
        files.lock();
        try {
            // Whoever was at the files has left them.
        } finally {
            files.unlock();
        }
    }

    /** Tree and files are in step again. */
    void end() {
        claimed = false;
    }

    @Override
    public boolean run(Work work) throws IOException {
        files.lock();
        try {
            if (claimed) {
                return false;
            }
            work.run();
            return true;
        } catch (Claimed e) {
            return false;
        } finally {
            files.unlock();
        }
    }

    @Override
    public SnapshotSource watched(SnapshotSource source) {
        return new Guarded(source);
    }

    private void check() throws Claimed {
        if (claimed) {
            throw new Claimed();
        }
    }

    private final class Guarded implements SnapshotSource {
        private final SnapshotSource source;
        private long digestZxid;
        private long digest;
        private long lastZxidNow;

        Guarded(SnapshotSource source) {
            this.source = source;
        }

        @Override
        public long lastZxid() {
            return source.lastZxid();
        }

        @Override
        public void writeSessions(SessionSink sink) throws IOException {
            check();
            source.writeSessions(sink);
        }

        @Override
        public void writeAcls(AclSink sink) throws IOException {
            check();
            source.writeAcls(sink);
        }

        @Override
        public void writeNodes(NodeSink sink) throws IOException {
            source.writeNodes((path, pathLength, data, offset, length, aclId, stat) -> {
                check();
                sink.node(path, pathLength, data, offset, length, aclId, stat);
            });
            digestZxid = source.digestZxid();
            digest = source.treeDigest();
            lastZxidNow = source.lastZxidNow();
            // Behind the last look at the tree: none of what was read is of another one.
            check();
        }

        @Override
        public long digestZxid() {
            return digestZxid;
        }

        @Override
        public long treeDigest() {
            return digest;
        }

        @Override
        public long lastZxidNow() {
            return lastZxidNow;
        }
    }
}
