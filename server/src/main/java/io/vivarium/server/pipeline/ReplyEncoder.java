/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.MultiHeader;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.ReplyHeader;
import io.vivarium.protocol.client.SpecialXid;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.tree.ApplyResult;
import org.jspecify.annotations.Nullable;

/**
 * Frames of answers and notifications (spec client-protocol 3, 4.3, 8.3).
 *
 * <p>Thread: any; stateless. An answer with an error is a header and nothing else.
 */
public final class ReplyEncoder {
    private ReplyEncoder() {}

    /** An answer without a body. */
    public static void encodeHeader(JuteWriter out, int xid, long zxid, int error) {
        out.writeInt(ReplyHeader.SIZE);
        ReplyHeader.write(out, xid, zxid, error);
    }

    /** The answer to a write. */
    static void encodeWrite(JuteWriter out, int xid, int op, long zxid, int error, @Nullable ApplyResult result) {
        int mark = out.beginFrame();
        ReplyHeader.write(out, xid, zxid, error);
        if (error == 0 && result != null) {
            writeBody(out, op, result);
        }
        out.endFrame(mark);
    }

    /** The answer to a sync. */
    static void encodeSync(JuteWriter out, int xid, long zxid, @Nullable String path) {
        int mark = out.beginFrame();
        ReplyHeader.write(out, xid, zxid, 0);
        out.writeString(path);
        out.endFrame(mark);
    }

    /** A notification. */
    static void encodeEvent(JuteWriter out, long zxid, int type, String path) {
        int mark = out.beginFrame();
        ReplyHeader.write(out, SpecialXid.NOTIFICATION, zxid, 0);
        out.writeInt(type);
        out.writeInt(WatchEvent.STATE_SYNC_CONNECTED);
        out.writeString(path);
        out.endFrame(mark);
    }

    private static void writeBody(JuteWriter out, int op, ApplyResult result) {
        switch (op) {
            case OpCode.CREATE:
                out.writeString(result.path());
                break;
            case OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL:
                out.writeString(result.path());
                statOf(result).write(out);
                break;
            case OpCode.SET_DATA, OpCode.SET_ACL:
                statOf(result).write(out);
                break;
            case OpCode.RECONFIG:
                out.writeBuffer(result.data());
                statOf(result).write(out);
                break;
            case OpCode.MULTI:
                writeMulti(out, result);
                break;
            default:
                break;
        }
    }

    private static void writeMulti(JuteWriter out, ApplyResult result) {
        // Asked once: the question walks all parts, and a frame has room for tens of thousands.
        boolean refused = result.refused();
        for (ApplyResult part : result.parts()) {
            if (refused) {
                writePartError(out, part.error());
            } else {
                writePart(out, part);
            }
        }
        MultiHeader.END.write(out);
    }

    /** In a refused multi every part has an error result, those before the refused one with code 0. */
    static void writePartError(JuteWriter out, int error) {
        writePartHeader(out, OpCode.ERROR, error);
        out.writeInt(error);
    }

    static void writePartHeader(JuteWriter out, int type, int error) {
        out.writeInt(type);
        out.writeBool(false);
        out.writeInt(error);
    }

    private static void writePart(JuteWriter out, ApplyResult part) {
        int type = part.type();
        switch (type) {
            case OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL, OpCode.CREATE2:
                // Containers and TTL nodes answer as create2 does (spec client-protocol 15, trap 2).
                writePartHeader(out, OpCode.CREATE2, 0);
                writeBody(out, OpCode.CREATE2, part);
                break;
            default:
                writePartHeader(out, type, 0);
                writeBody(out, type, part);
                break;
        }
    }

    private static Stat statOf(ApplyResult result) {
        Stat stat = result.stat();
        if (stat == null) {
            throw new IllegalStateException(OpCode.name(result.type()) + " succeeded without a Stat to show");
        }
        return stat;
    }
}
