/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.txn;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.jute.MalformedDataException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transaction as it stands in a log record and in a PROPOSAL: header, body, digest (spec persistence 3).
 *
 * @param digest null where the writer attached none (3.4, 3.5, digests off, refused single writes)
 */
public record LoggedTxn(
        TxnHeader header, Txn body, @Nullable TxnDigest digest) implements JuteRecord {

    public long zxid() {
        return header.zxid();
    }

    /**
     * Reads a whole payload, with the allowances for older writers (spec persistence 3.3, 3.5): a create without
     * parentCVersion, a closeSession without path list, a payload without digest. Bytes behind the digest are ignored.
     *
     * @param payload the bytes from position to limit
     * @param maxLength the greatest length of one string or buffer, bytes
     * @throws MalformedDataException with kind TRUNCATED if the payload stops inside its record, another kind if no
     *     server can have written it
     */
    public static LoggedTxn read(ByteBuffer payload, int maxLength) {
        JuteReader in = new JuteReader(payload, maxLength);
        TxnHeader header = TxnHeader.read(in);
        Txn body = readBody(header.type(), payload, in);
        TxnDigest digest = in.remaining() >= TxnDigest.SIZE ? TxnDigest.read(in) : null;
        return new LoggedTxn(header, body, digest);
    }

    private static Txn readBody(int type, ByteBuffer payload, JuteReader in) {
        int start = payload.position();
        if (type == OpCode.CLOSE_SESSION) {
            return readCloseSession(payload, in);
        }
        if (type != OpCode.CREATE) {
            return Txn.readBody(type, in);
        }
        try {
            return Txn.readBody(type, in);
        } catch (MalformedDataException e) {
            if (e.kind() != MalformedDataException.Kind.TRUNCATED) {
                throw e;
            }
            payload.position(start);
            return Txn.Create.readV0(in);
        }
    }

    /**
     * A path list, unless there is none: nothing at all, or exactly a bare digest. Two paths, which its version would
     * then count, need more than 12 bytes (spec persistence 3.5).
     */
    private static Txn readCloseSession(ByteBuffer payload, JuteReader in) {
        int rest = in.remaining();
        boolean bareDigest = rest == TxnDigest.SIZE && payload.getInt(payload.position()) == TxnDigest.VERSION;
        if (rest == 0 || bareDigest) {
            return new Txn.CloseSession(null);
        }
        int start = payload.position();
        try {
            List<String> paths = in.readVector(JuteReader::readRequiredString);
            return new Txn.CloseSession(paths);
        } catch (MalformedDataException e) {
            payload.position(start);
            if (e.kind() == MalformedDataException.Kind.TRUNCATED) {
                return new Txn.CloseSession(null);
            }
            throw e;
        }
    }

    @Override
    public void write(JuteWriter out) {
        header.write(out);
        body.write(out);
        if (digest != null) {
            digest.write(out);
        }
    }
}
