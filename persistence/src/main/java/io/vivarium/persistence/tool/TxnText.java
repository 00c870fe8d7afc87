/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.tool;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.DateFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record as the log dump prints it, character for character as stock 3.9.5 does (spec persistence 6.4).
 *
 * <p>Thread: one. Dates are in the default locale and zone, as operators' scripts expect.
 */
final class TxnText {
    private final DateFormat dates = DateFormat.getDateTimeInstance(DateFormat.SHORT, DateFormat.LONG);
    private final int maxLength;

    TxnText(int maxLength) {
        this.maxLength = maxLength;
    }

    /** Date, header and fields; where the record cannot be read, what is wrong with it. */
    String line(byte[] payload) {
        try {
            LoggedTxn txn = LoggedTxn.read(ByteBuffer.wrap(payload), maxLength);
            return head(txn.header()) + body(txn.body());
        } catch (MalformedDataException e) {
            return headOf(payload) + " cannot be read: " + e.getMessage();
        }
    }

    private String headOf(byte[] payload) {
        if (payload.length < TxnHeader.SIZE) {
            return "record of " + payload.length + " bytes";
        }
        ByteBuffer in = ByteBuffer.wrap(payload);
        return head(new TxnHeader(in.getLong(), in.getInt(), in.getLong(), in.getLong(), in.getInt()));
    }

    private String head(TxnHeader header) {
        return dates.format((Object) header.timeMillis()) + " session 0x" + Long.toHexString(header.clientId())
                + " cxid 0x" + Long.toHexString(header.cxid()) + " zxid 0x" + Long.toHexString(header.zxid()) + " "
                + OpCode.name(header.type());
    }

    private static String body(Txn body) {
        if (body instanceof Txn.Create t) {
            return " " + t.path() + "," + text(t.data()) + "," + acl(t.acl()) + "," + t.ephemeral() + ","
                    + t.parentCversion();
        } else if (body instanceof Txn.CreateContainer t) {
            return " " + t.path() + "," + text(t.data()) + "," + acl(t.acl()) + "," + t.parentCversion();
        } else if (body instanceof Txn.CreateTtl t) {
            return " " + t.path() + "," + text(t.data()) + "," + acl(t.acl()) + "," + t.parentCversion() + ","
                    + t.ttlMillis();
        } else if (body instanceof Txn.SetData t) {
            return " " + t.path() + "," + text(t.data()) + "," + t.version();
        } else if (body instanceof Txn.Delete t) {
            return " '" + t.path();
        } else if (body instanceof Txn.Check t) {
            return " '" + t.path() + "," + t.version();
        } else if (body instanceof Txn.SetAcl t) {
            return " '" + t.path() + "," + juteAcl(t.acl()) + "," + t.version();
        } else if (body instanceof Txn.CreateSession t) {
            return " " + t.timeoutMillis();
        } else if (body instanceof Txn.CloseSession t) {
            return t.paths() == null ? "" : " " + jutePaths(t.paths());
        } else if (body instanceof Txn.Refusal t) {
            return " " + t.code();
        }
        return " " + multi((Txn.Multi) body);
    }

    /** {@code op:raw bytes} of each part, with semicolons between. */
    private static String multi(Txn.Multi multi) {
        StringBuilder text = new StringBuilder();
        for (Txn.Part part : multi.parts()) {
            JuteWriter raw = new JuteWriter(64);
            part.body().write(raw);
            text.append(text.isEmpty() ? "" : ";")
                    .append(OpCode.name(part.type()))
                    .append(':')
                    .append(new String(raw.array(), 0, raw.size(), StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    /** {@code [31,s{'world,'anyone}\n, ...]}: the line break is stock's. */
    private static String acl(@Nullable List<Acl> acl) {
        if (acl == null) {
            return "null";
        }
        StringBuilder text = new StringBuilder("[");
        for (Acl entry : acl) {
            text.append(text.length() == 1 ? "" : ", ")
                    .append(entry.perms())
                    .append(',')
                    .append(id(entry))
                    .append('\n');
        }
        return text.append(']').toString();
    }

    private static String juteAcl(@Nullable List<Acl> acl) {
        StringBuilder text = new StringBuilder("v{");
        for (Acl entry : acl == null ? List.<Acl>of() : acl) {
            text.append(text.length() == 2 ? "" : ",")
                    .append("s{")
                    .append(entry.perms())
                    .append(',')
                    .append(id(entry))
                    .append('}');
        }
        return text.append('}').toString();
    }

    private static String jutePaths(List<String> paths) {
        StringBuilder text = new StringBuilder("v{");
        for (String path : paths) {
            text.append(text.length() == 2 ? "'" : ",'").append(path);
        }
        return text.append('}').toString();
    }

    private static String id(Acl entry) {
        return "s{'" + entry.id().scheme() + ",'" + entry.id().id() + "}";
    }

    private static String text(byte @Nullable [] data) {
        return data == null ? "" : new String(data, StandardCharsets.UTF_8);
    }
}
