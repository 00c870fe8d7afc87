/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.storage;

import io.vivarium.persistence.snapshot.AclSink;
import io.vivarium.persistence.snapshot.NodeSink;
import io.vivarium.persistence.snapshot.SessionSink;
import io.vivarium.persistence.snapshot.SnapshotSource;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * A view of the tree that is written down at leisure: after each short piece of work a rest.
 *
 * <p>A snapshot is nobody's hurry, for the log holds everything; but it takes the whole of a processor for as long as it
 * lasts, and where processors are few that is one that clients wait for: on two, the journal waits twice as long for a
 * processor before each sync (docs/performance.md, S2). Thread: {@code snapshot}.
 */
final class RestingSnapshot implements SnapshotSource {
    private static final long PIECE_NANOS = 1_000_000;
    /** Rest for each unit of work. */
    private static final int RESTS = 10;
    /** The clock is looked at once for so many nodes; they take some tens of microseconds. */
    private static final int NODES_BETWEEN_LOOKS = 32;

    private final SnapshotSource tree;
    private final LongSupplier nanoClock;
    private final LongConsumer rest;
    private final BooleanSupplier hurry;
    private int nodes;
    private long worksSince;

    /**
     * @param rest rests for so many nanoseconds, or less
     * @param hurry true when somebody waits for the end after all
     */
    RestingSnapshot(SnapshotSource tree, LongSupplier nanoClock, LongConsumer rest, BooleanSupplier hurry) {
        this.tree = tree;
        this.nanoClock = nanoClock;
        this.rest = rest;
        this.hurry = hurry;
    }

    @Override
    public void writeNodes(NodeSink sink) throws IOException {
        worksSince = nanoClock.getAsLong();
        tree.writeNodes((path, pathLength, data, dataOffset, dataLength, aclId, stat) -> {
            sink.node(path, pathLength, data, dataOffset, dataLength, aclId, stat);
            if (++nodes % NODES_BETWEEN_LOOKS == 0) {
                restNowAndThen();
            }
        });
    }

    private void restNowAndThen() {
        long worked = nanoClock.getAsLong() - worksSince;
        if (worked >= PIECE_NANOS && !hurry.getAsBoolean()) {
            // A piece in which the disk was slow was no work of the processor.
            rest.accept(RESTS * Math.min(worked, 2 * PIECE_NANOS));
            worksSince = nanoClock.getAsLong();
        }
    }

    @Override
    public long lastZxid() {
        return tree.lastZxid();
    }

    @Override
    public void writeSessions(SessionSink sink) throws IOException {
        tree.writeSessions(sink);
    }

    @Override
    public void writeAcls(AclSink sink) throws IOException {
        tree.writeAcls(sink);
    }

    @Override
    public long digestZxid() {
        return tree.digestZxid();
    }

    @Override
    public long treeDigest() {
        return tree.treeDigest();
    }

    @Override
    public long lastZxidNow() {
        return tree.lastZxidNow();
    }
}
