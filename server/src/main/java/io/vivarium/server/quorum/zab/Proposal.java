/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.quorum.PacketType;
import io.vivarium.protocol.quorum.QuorumPacket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as it travels and as it is logged: its zxid and its serialized form (spec quorum 9.3).
 *
 * <p>The bytes are shared by packets, journal and committed log; nobody may change them. They are never taken apart by
 * the cores, so trailing bytes of newer servers survive (spec quorum 7.6). Two are equal if their bytes are, which is
 * for tests: bytes of one zxid may differ between servers (spec quorum 4).
 */
public record Proposal(long zxid, byte[] txn) {

    QuorumPacket toProposal() {
        return QuorumPacket.of(PacketType.PROPOSAL, zxid, txn);
    }

    QuorumPacket toCommit() {
        return QuorumPacket.of(PacketType.COMMIT, zxid);
    }

    QuorumPacket toInform() {
        return QuorumPacket.of(PacketType.INFORM, zxid, txn);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Proposal that && zxid == that.zxid && Arrays.equals(txn, that.txn);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(zxid) * 31 + Arrays.hashCode(txn);
    }

    @Override
    public String toString() {
        return Zxid.toString(zxid) + " (" + txn.length + " bytes)";
    }
}
