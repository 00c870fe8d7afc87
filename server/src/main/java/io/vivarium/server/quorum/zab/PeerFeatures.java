/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.txn.TxnHeader;
import java.nio.ByteBuffer;

/**
 * Which transactions every connected peer understands (spec quorum 16.2).
 *
 * <p>A 3.4 follower drops its link on the first transaction it does not know and then comes back for it in a tight
 * loop; a 3.4 leader drops the link over which such a request came. So as long as one is there, the preparer (on a
 * leader) and the request stage (on a learner) answer the opcodes that are not {@linkplain #understands understood}
 * with error -6, inside a multi, too.
 */
public enum PeerFeatures {
    /** 3.5 and later. */
    CURRENT,
    /** At least one 3.4 server is connected. */
    LEGACY;

    private static final int TYPE_AT = TxnHeader.SIZE - 4;

    /** Whether a request or transaction of this opcode may be proposed. */
    public boolean understands(int opCode) {
        if (this == CURRENT) {
            return true;
        }
        switch (opCode) {
            case OpCode.CREATE2, OpCode.RECONFIG, OpCode.CREATE_CONTAINER, OpCode.DELETE_CONTAINER, OpCode.CREATE_TTL:
                return false;
            default:
                return true;
        }
    }

    /** Whether a serialized transaction may be sent; unreadable ones may not. */
    boolean understandsTxn(byte[] txn) {
        if (this == CURRENT) {
            return true;
        }
        if (txn.length < TxnHeader.SIZE) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.wrap(txn);
        int type = bytes.getInt(TYPE_AT);
        if (type != OpCode.MULTI) {
            return understands(type);
        }
        return understandsParts(new JuteReader(bytes.position(TxnHeader.SIZE), txn.length));
    }

    private boolean understandsParts(JuteReader in) {
        try {
            int parts = in.readInt();
            for (int i = 0; i < parts; i++) {
                if (!understands(in.readInt())) {
                    return false;
                }
                in.readBuffer();
            }
            return true;
        } catch (MalformedDataException unreadable) {
            return false;
        }
    }
}
