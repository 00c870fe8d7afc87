/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.persistence.journal.JournalCursor;
import io.vivarium.persistence.journal.JournalReader;
import io.vivarium.persistence.snapshot.SnapshotBodyWriter;
import io.vivarium.persistence.snapshot.SnapshotSource;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.quorum.net.HistoryOutlet;
import io.vivarium.server.quorum.zab.DiskHistory;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.SyncPlan;
import io.vivarium.server.quorum.zab.SyncPlanner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out plans: one call, one plan, one link (spec quorum 1.5, 4).
 *
 * <p>Thread: any, several at once; blocks on the disk and on the learner. Knows no pool, so that a test or a simulation
 * can step it.
 */
public final class HistoryTransfer {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryTransfer.class);

    private final SyncPlanner planner;
    private final DiskHistory disk;
    private final JournalReader log;
    private final Supplier<? extends SnapshotSource> tree;

    /** @param tree a new view of the tree for each image */
    public HistoryTransfer(
            SyncPlanner planner, DiskHistory disk, JournalReader log, Supplier<? extends SnapshotSource> tree) {
        this.planner = planner;
        this.disk = disk;
        this.log = log;
        this.tree = tree;
    }

    /**
     * Sends the whole history of a plan, up to and with {@link HistoryOutlet#end}.
     *
     * @throws IOException if it cannot be sent, or the link is gone; the caller closes the link
     */
    public void run(SyncPlan plan, HistoryOutlet out) throws IOException {
        SyncPlan resolved = plan instanceof SyncPlan.ReadDisk read ? planner.resolve(read, disk) : plan;
        if (resolved instanceof SyncPlan.Stream stream) {
            sendStream(stream, out);
        } else if (resolved instanceof SyncPlan.Snapshot snapshot) {
            sendImage(snapshot, out);
        } else {
            throw new IllegalStateException("a plan was resolved to " + resolved);
        }
        out.end();
    }

    private void sendStream(SyncPlan.Stream plan, HistoryOutlet out) throws IOException {
        SyncPlan.DiskRange range = plan.disk();
        LOG.info(
                "Sending a history: {}{}, {} transactions from memory",
                plan.operationPacket(),
                range == null
                        ? ""
                        : ", from disk behind " + Zxid.toString(range.afterZxid()) + " to "
                                + Zxid.toString(range.upToZxid()),
                plan.memory().size());
        if (range == null) {
            HistoryPackets.write(plan, HistoryPackets.DiskTxns.NONE, out::send);
            return;
        }
        try (JournalCursor cursor = log.read(range.afterZxid() + 1, range.upToZxid())) {
            HistoryPackets.write(plan, new LoggedPart(cursor, range.upToZxid()), out::send);
        }
    }

    /** The disk part of a plan. The record behind the last one may be in the making, so it is not looked at. */
    private static final class LoggedPart implements HistoryPackets.DiskTxns {
        private final JournalCursor cursor;
        private final long upToZxid;
        private boolean ended;

        LoggedPart(JournalCursor cursor, long upToZxid) {
            this.cursor = cursor;
            this.upToZxid = upToZxid;
        }

        @Override
        public @Nullable Proposal next() throws IOException {
            if (ended || !cursor.next()) {
                return null;
            }
            ended = cursor.zxid() == upToZxid;
            ByteBuffer payload = cursor.payload().slice();
            byte[] txn = new byte[payload.remaining()];
            payload.get(txn);
            return new Proposal(cursor.zxid(), txn);
        }
    }

    private void sendImage(SyncPlan.Snapshot plan, HistoryOutlet out) throws IOException {
        SnapshotSource source = tree.get();
        long zxid = source.lastZxid();
        if (zxid < plan.atLeastZxid()) {
            throw new IllegalStateException("the tree stands at " + Zxid.toString(zxid) + ", an image must be of "
                    + Zxid.toString(plan.atLeastZxid()) + " or later");
        }
        LOG.info("Sending an image of {}: {}", Zxid.toString(zxid), plan.reason());
        out.send(HistoryPackets.snapshot(zxid));
        OutputStream image = out.image();
        new SnapshotBodyWriter(image).write(source);
        JuteWriter signature = new JuteWriter(16);
        signature.writeString(ImageLoader.SIGNATURE);
        image.write(signature.array(), 0, signature.size());
    }
}
