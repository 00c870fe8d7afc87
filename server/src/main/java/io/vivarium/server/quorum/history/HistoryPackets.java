/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import io.vivarium.server.quorum.zab.Proposal;
import io.vivarium.server.quorum.zab.SyncPlan;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A plan and its transactions as packets (spec quorum 4, 17.3). Pure but for whom it asks and tells.
 *
 * <pre>
 *   DIFF or TRUNC, then for each transaction on disk, then for each in memory: PROPOSAL, COMMIT
 * </pre>
 */
public final class HistoryPackets {
    /** Where packets go. */
    @FunctionalInterface
    public interface PacketSink {
        void packet(QuorumPacket packet) throws IOException;
    }

    /** The transactions of the disk part of a plan, in ascending order. */
    @FunctionalInterface
    public interface DiskTxns {
        DiskTxns NONE = () -> null;

        /** The next one; null at the end. */
        @Nullable
        Proposal next() throws IOException;
    }

    private HistoryPackets() {}

    /** What stands in front of an image. */
    public static QuorumPacket snapshot(long zxid) {
        return QuorumPacket.of(PacketType.SNAP, zxid);
    }

    /**
     * Writes a history.
     *
     * @param disk the transactions of {@code plan.disk()}; not asked if there is no such part
     * @throws IOException if a transaction is missing among those on disk; the learner would keep the hole for ever
     */
    public static void write(SyncPlan.Stream plan, DiskTxns disk, PacketSink out) throws IOException {
        out.packet(plan.operationPacket());
        SyncPlan.DiskRange range = plan.disk();
        if (range != null) {
            writeDisk(range, disk, out);
        }
        for (Proposal proposal : plan.memory()) {
            pair(proposal, out);
        }
    }

    private static void writeDisk(SyncPlan.DiskRange range, DiskTxns disk, PacketSink out) throws IOException {
        long last = range.afterZxid();
        for (Proposal proposal = disk.next(); proposal != null; proposal = disk.next()) {
            long zxid = proposal.zxid();
            if (zxid != last + 1 && Zxid.epoch(zxid) <= Zxid.epoch(last)) {
                throw new IOException(
                        "the log on disk goes from " + Zxid.toString(last) + " to " + Zxid.toString(zxid));
            }
            pair(proposal, out);
            last = zxid;
        }
        if (last != range.upToZxid()) {
            throw new IOException(
                    "the log on disk ends at " + Zxid.toString(last) + ", before " + Zxid.toString(range.upToZxid()));
        }
    }

    private static void pair(Proposal proposal, PacketSink out) throws IOException {
        out.packet(QuorumPacket.of(PacketType.PROPOSAL, proposal.zxid(), proposal.txn()));
        out.packet(QuorumPacket.of(PacketType.COMMIT, proposal.zxid()));
    }
}
