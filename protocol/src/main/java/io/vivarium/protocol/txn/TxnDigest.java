/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.txn;

import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;

/** Digest of the whole tree after a transaction, 12 bytes: {@code int version, long treeDigest} (spec persistence 3.5). */
public record TxnDigest(int version, long treeDigest) implements JuteRecord {
    /** The only version that is written and compared (spec persistence 5). */
    public static final int VERSION = 2;
    /** Bytes on the wire. */
    public static final int SIZE = 12;

    public static TxnDigest read(JuteReader in) {
        return new TxnDigest(in.readInt(), in.readLong());
    }

    @Override
    public void write(JuteWriter out) {
        out.writeInt(version);
        out.writeLong(treeDigest);
    }
}
