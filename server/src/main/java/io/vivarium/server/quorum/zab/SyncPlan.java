/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a learner is brought to the leader's history (spec quorum 4). */
public sealed interface SyncPlan {

    /**
     * Send an image of the tree behind a SNAP packet with the tree's zxid when the image was begun.
     *
     * @param atLeastZxid what the tree must have applied before the image is begun: live traffic follows from there, and
     *     the learner throws away what it has above the image
     * @param reason for people
     */
    record Snapshot(long atLeastZxid, String reason) implements SyncPlan {}

    /**
     * Send the operation packet, then each missing transaction as PROPOSAL and COMMIT.
     *
     * @param operation DIFF or TRUNC
     * @param zxid zxid of the operation packet
     * @param disk the part to read from the log on disk, sent first; null if there is none
     * @param memory the rest, oldest first
     */
    record Stream(int operation, long zxid, @Nullable DiskRange disk, List<Proposal> memory) implements SyncPlan {
        public QuorumPacket operationPacket() {
            return QuorumPacket.of(operation, zxid);
        }

        @Override
        public String toString() {
            return PacketType.name(operation)
                    + " "
                    + Zxid.toString(zxid)
                    + (disk == null ? "" : " " + disk)
                    + " "
                    + memory;
        }
    }

    /**
     * The log on disk may reach back to the learner. Reading it may block, so it is asked away from the core: by
     * {@link SyncPlanner#resolve}, whose answer is one of the other two.
     *
     * @param position the learner's last zxid
     * @param newest the leader's last committed zxid
     * @param memory the transactions in memory, oldest first, never empty; the log must reach to the first of them
     */
    record ReadDisk(long position, long newest, List<Proposal> memory) implements SyncPlan {}

    /** Transactions of the log on disk: above {@code afterZxid}, up to and with {@code upToZxid}. */
    record DiskRange(long afterZxid, long upToZxid) {}
}
