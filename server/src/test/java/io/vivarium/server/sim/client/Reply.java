/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.client;

import io.vivarium.protocol.client.MultiHeader;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.jute.JuteReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer as the client decodes it (spec client-protocol 3, 4); what an operation does not answer is null or empty.
 *
 * @param error of the header, or of the part of a multi
 * @param number of getAllChildrenNumber
 * @param parts of multi and multiRead
 */
public record Reply(
        long zxid,
        int error,
        @Nullable String path,
        @Nullable Stat stat,
        byte @Nullable [] data,
        @Nullable List<String> names,
        @Nullable List<Acl> acl,
        int number,
        List<Reply> parts) {

    /** An answer that is nothing but a header. */
    public static Reply header(long zxid, int error) {
        return new Reply(zxid, error, null, null, null, null, null, 0, List.of());
    }

    /** Reads the rest of a frame, behind its header. */
    static Reply read(int op, long zxid, int error, JuteReader in) {
        if (error != 0) {
            return header(zxid, error);
        }
        switch (op) {
            case OpCode.CREATE, OpCode.SYNC:
                return ofPath(zxid, in.readString(), null);
            case OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL:
                return ofPath(zxid, in.readString(), Stat.read(in));
            case OpCode.SET_DATA, OpCode.SET_ACL, OpCode.EXISTS:
                return ofPath(zxid, null, Stat.read(in));
            case OpCode.GET_DATA:
                byte[] data = in.readBuffer();
                return new Reply(zxid, 0, null, Stat.read(in), data, null, null, 0, List.of());
            case OpCode.GET_CHILDREN, OpCode.GET_EPHEMERALS:
                return ofNames(zxid, in, null);
            case OpCode.GET_CHILDREN2:
                List<String> names = in.readVector(JuteReader::readRequiredString);
                return new Reply(zxid, 0, null, Stat.read(in), null, names, null, 0, List.of());
            case OpCode.GET_ACL:
                List<Acl> acl = in.readVector(Acl::read);
                return new Reply(zxid, 0, null, Stat.read(in), null, null, acl, 0, List.of());
            case OpCode.GET_ALL_CHILDREN_NUMBER:
                return new Reply(zxid, 0, null, null, null, null, null, in.readInt(), List.of());
            case OpCode.MULTI, OpCode.MULTI_READ:
                return new Reply(zxid, 0, null, null, null, null, null, 0, readParts(zxid, in));
            default:
                return header(zxid, 0);
        }
    }

    private static List<Reply> readParts(long zxid, JuteReader in) {
        List<Reply> parts = new ArrayList<>();
        for (MultiHeader header = MultiHeader.read(in); !header.done(); header = MultiHeader.read(in)) {
            parts.add(
                    header.type() == OpCode.ERROR
                            ? header(zxid, in.readInt())
                            : read(header.type(), zxid, header.err(), in));
        }
        return parts;
    }

    private static Reply ofPath(long zxid, @Nullable String path, @Nullable Stat stat) {
        return new Reply(zxid, 0, path, stat, null, null, null, 0, List.of());
    }

    private static Reply ofNames(long zxid, JuteReader in, @Nullable Stat stat) {
        return new Reply(zxid, 0, null, stat, null, in.readVector(JuteReader::readRequiredString), null, 0, List.of());
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(Zxid.toString(zxid)).append(" error ").append(error);
        if (path != null) {
            text.append(' ').append(path);
        }
        if (stat != null) {
            text.append(' ').append(stat);
        }
        if (names != null) {
            text.append(' ').append(names);
        }
        return parts.isEmpty() ? text.toString() : text + " " + parts;
    }
}
