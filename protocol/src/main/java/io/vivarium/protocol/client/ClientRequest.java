/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.client;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.jute.MalformedDataException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, behind its {@link RequestHeader}; one record per wire form (spec client-protocol 4).
 *
 * <p>Which opcode uses which form is decided by {@link #read}. Strings and vectors are nullable because clients send
 * null; what that means is for the server to say.
 */
public sealed interface ClientRequest extends JuteRecord {

    /** Ping, whoAmI, closeSession: no body at all. */
    record Empty() implements ClientRequest {
        public static final Empty INSTANCE = new Empty();

        @Override
        public void write(JuteWriter out) {
            // No fields.
        }
    }

    /** create, create2, createContainer: {@code ustring path, buffer data, vector<ACL> acl, int flags}. */
    record Create(
            @Nullable String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            int flags) implements ClientRequest {
        public static Create read(JuteReader in) {
            return new Create(in.readString(), in.readBuffer(), Acl.readList(in), in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeBuffer(data);
            out.writeRecords(acl);
            out.writeInt(flags);
        }
    }

    /** createTTL: as {@link Create}, then {@code long ttl} in milliseconds. */
    record CreateTtl(
            @Nullable String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            int flags,
            long ttlMillis) implements ClientRequest {
        public static CreateTtl read(JuteReader in) {
            return new CreateTtl(in.readString(), in.readBuffer(), Acl.readList(in), in.readInt(), in.readLong());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeBuffer(data);
            out.writeRecords(acl);
            out.writeInt(flags);
            out.writeLong(ttlMillis);
        }
    }

    /** delete: {@code ustring path, int version}; check, inside a multi, has the same form. */
    record Delete(@Nullable String path, int version) implements ClientRequest {
        public static Delete read(JuteReader in) {
            return new Delete(in.readString(), in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeInt(version);
        }
    }

    /** check, only inside a multi: {@code ustring path, int version}. */
    record Check(@Nullable String path, int version) implements ClientRequest {
        public static Check read(JuteReader in) {
            return new Check(in.readString(), in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeInt(version);
        }
    }

    /** setData: {@code ustring path, buffer data, int version}. */
    record SetData(@Nullable String path, byte @Nullable [] data, int version) implements ClientRequest {
        public static SetData read(JuteReader in) {
            return new SetData(in.readString(), in.readBuffer(), in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeBuffer(data);
            out.writeInt(version);
        }
    }

    /** setACL: {@code ustring path, vector<ACL> acl, int version}. */
    record SetAcl(@Nullable String path, @Nullable List<Acl> acl, int version) implements ClientRequest {
        public static SetAcl read(JuteReader in) {
            return new SetAcl(in.readString(), Acl.readList(in), in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeRecords(acl);
            out.writeInt(version);
        }
    }

    /** exists, getData, getChildren, getChildren2: {@code ustring path, bool watch}. */
    record Read(@Nullable String path, boolean watch) implements ClientRequest {
        public static Read read(JuteReader in) {
            return new Read(in.readString(), in.readBool());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeBool(watch);
        }
    }

    /** getACL, sync, getAllChildrenNumber, getEphemerals, deleteContainer: {@code ustring path}. */
    record PathOnly(@Nullable String path) implements ClientRequest {
        public static PathOnly read(JuteReader in) {
            return new PathOnly(in.readString());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
        }
    }

    /** checkWatches, removeWatches, addWatch: {@code ustring path, int type or mode}. */
    record WatchOp(@Nullable String path, int type) implements ClientRequest {
        public static WatchOp read(JuteReader in) {
            return new WatchOp(in.readString(), in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeInt(type);
        }
    }

    /** setWatches: {@code long relativeZxid} and three vectors of paths. */
    record SetWatches(
            long relativeZxid,
            @Nullable List<@Nullable String> data,
            @Nullable List<@Nullable String> exist,
            @Nullable List<@Nullable String> child)
            implements ClientRequest {
        public static SetWatches read(JuteReader in) {
            return new SetWatches(
                    in.readLong(),
                    in.readVector(JuteReader::readString),
                    in.readVector(JuteReader::readString),
                    in.readVector(JuteReader::readString));
        }

        @Override
        public void write(JuteWriter out) {
            out.writeLong(relativeZxid);
            writePaths(out, data);
            writePaths(out, exist);
            writePaths(out, child);
        }
    }

    /** setWatches2: as {@link SetWatches}, then persistent and persistent recursive watches. */
    record SetWatches2(
            SetWatches base,
            @Nullable List<@Nullable String> persistent,
            @Nullable List<@Nullable String> persistentRecursive)
            implements ClientRequest {
        public static SetWatches2 read(JuteReader in) {
            return new SetWatches2(
                    SetWatches.read(in), in.readVector(JuteReader::readString), in.readVector(JuteReader::readString));
        }

        @Override
        public void write(JuteWriter out) {
            base.write(out);
            writePaths(out, persistent);
            writePaths(out, persistentRecursive);
        }
    }

    /** reconfig: joining, leaving and new members as text, {@code long curConfigId}. */
    record Reconfig(
            @Nullable String joining,
            @Nullable String leaving,
            @Nullable String newMembers,
            long currentConfigId) implements ClientRequest {
        public static Reconfig read(JuteReader in) {
            return new Reconfig(in.readString(), in.readString(), in.readString(), in.readLong());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(joining);
            out.writeString(leaving);
            out.writeString(newMembers);
            out.writeLong(currentConfigId);
        }
    }

    /** auth: {@code int type (ignored), ustring scheme, buffer auth}. */
    record Auth(int type, @Nullable String scheme, byte @Nullable [] auth) implements ClientRequest {
        public static Auth read(JuteReader in) {
            return new Auth(in.readInt(), in.readString(), in.readBuffer());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeInt(type);
            out.writeString(scheme);
            out.writeBuffer(auth);
        }
    }

    /** sasl: {@code buffer token}. */
    record Sasl(byte @Nullable [] token) implements ClientRequest {
        public static Sasl read(JuteReader in) {
            return new Sasl(in.readBuffer());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeBuffer(token);
        }
    }

    /** createSession, between servers only: {@code int timeoutMillis}. */
    record CreateSession(int timeoutMillis) implements ClientRequest {
        public static CreateSession read(JuteReader in) {
            return new CreateSession(in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeInt(timeoutMillis);
        }
    }

    /** One part of a {@link Multi}: its opcode and its body. */
    record Part(int op, ClientRequest body) {}

    /**
     * multi and multiRead: parts, each behind a {@link MultiHeader}, up to a header with {@code done} set.
     *
     * <p>{@link #read} gives each create part the opcode of what it makes (spec 4.3), which need not be the one it came
     * with.
     */
    record Multi(List<Part> parts) implements ClientRequest {
        /** The greatest create flags without a TTL: a container. */
        private static final int CONTAINER_FLAGS = 4;

        public static Multi read(JuteReader in, boolean readsOnly) {
            List<Part> parts = new ArrayList<>();
            while (true) {
                int offset = in.position();
                MultiHeader header = MultiHeader.read(in);
                if (header.done()) {
                    return new Multi(parts);
                }
                parts.add(readPart(in, header.type(), readsOnly, offset));
            }
        }

        private static Part readPart(JuteReader in, int op, boolean readsOnly, int offset) {
            switch (op) {
                case OpCode.GET_DATA, OpCode.GET_CHILDREN:
                    requireKind(readsOnly, op, offset);
                    Read read = Read.read(in);
                    requirePath(read.path(), offset);
                    return new Part(op, read);
                case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER:
                    requireKind(!readsOnly, op, offset);
                    return readCreate(in, op, offset);
                case OpCode.CREATE_TTL:
                    requireKind(!readsOnly, op, offset);
                    return readCreateTtl(in, offset);
                case OpCode.DELETE:
                    requireKind(!readsOnly, op, offset);
                    Delete delete = Delete.read(in);
                    requirePath(delete.path(), offset);
                    return new Part(op, delete);
                case OpCode.SET_DATA:
                    requireKind(!readsOnly, op, offset);
                    SetData setData = SetData.read(in);
                    requirePath(setData.path(), offset);
                    return new Part(op, setData);
                case OpCode.CHECK:
                    requireKind(!readsOnly, op, offset);
                    Check check = Check.read(in);
                    requirePath(check.path(), offset);
                    return new Part(op, check);
                default:
                    throw MalformedDataException.badValue(offset, OpCode.name(op) + " inside a multi");
            }
        }

        /** Flags decide what a create part makes, not its type; flags that it cannot have spoil the whole multi. */
        private static Part readCreate(JuteReader in, int op, int offset) {
            Create create = Create.read(in);
            requirePath(create.path(), offset);
            if (create.flags() < 0 || create.flags() > CONTAINER_FLAGS) {
                throw MalformedDataException.badValue(
                        offset, "create flags " + create.flags() + " in a " + OpCode.name(op) + " part");
            }
            return new Part(create.flags() == CONTAINER_FLAGS ? OpCode.CREATE_CONTAINER : op, create);
        }

        /** Without a TTL flag the ttl is forgotten and the part is a create like any other. */
        private static Part readCreateTtl(JuteReader in, int offset) {
            CreateTtl create = CreateTtl.read(in);
            requirePath(create.path(), offset);
            if (create.flags() < 0 || create.flags() > CONTAINER_FLAGS) {
                return new Part(OpCode.CREATE_TTL, create);
            }
            int op = create.flags() == CONTAINER_FLAGS ? OpCode.CREATE_CONTAINER : OpCode.CREATE;
            return new Part(op, new Create(create.path(), create.data(), create.acl(), create.flags()));
        }

        private static void requirePath(@Nullable String path, int offset) {
            if (path == null) {
                throw MalformedDataException.badValue(offset, "null path in a part of a multi");
            }
        }

        private static void requireKind(boolean fits, int op, int offset) {
            if (!fits) {
                throw MalformedDataException.badValue(offset, OpCode.name(op) + " in a multi of the other kind");
            }
        }

        @Override
        public void write(JuteWriter out) {
            for (Part part : parts) {
                new MultiHeader(part.op(), false, -1).write(out);
                part.body().write(out);
            }
            MultiHeader.END.write(out);
        }
    }

    /**
     * Reads the body of a request.
     *
     * @param op the opcode of its header
     * @return the body; null for an opcode that no client may send
     * @throws MalformedDataException if the bytes are no such body
     */
    static @Nullable ClientRequest read(int op, JuteReader in) {
        switch (op) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER:
                return Create.read(in);
            case OpCode.CREATE_TTL:
                return CreateTtl.read(in);
            case OpCode.DELETE:
                return Delete.read(in);
            case OpCode.SET_DATA:
                return SetData.read(in);
            case OpCode.SET_ACL:
                return SetAcl.read(in);
            case OpCode.EXISTS, OpCode.GET_DATA, OpCode.GET_CHILDREN, OpCode.GET_CHILDREN2:
                return Read.read(in);
            case OpCode.GET_ACL, OpCode.SYNC, OpCode.GET_EPHEMERALS, OpCode.GET_ALL_CHILDREN_NUMBER:
            case OpCode.DELETE_CONTAINER:
                return PathOnly.read(in);
            case OpCode.PING, OpCode.WHO_AM_I, OpCode.CLOSE_SESSION:
                return Empty.INSTANCE;
            case OpCode.MULTI:
                return Multi.read(in, false);
            case OpCode.MULTI_READ:
                return Multi.read(in, true);
            case OpCode.RECONFIG:
                return Reconfig.read(in);
            case OpCode.CHECK_WATCHES, OpCode.REMOVE_WATCHES, OpCode.ADD_WATCH:
                return WatchOp.read(in);
            case OpCode.SET_WATCHES:
                return SetWatches.read(in);
            case OpCode.SET_WATCHES2:
                return SetWatches2.read(in);
            case OpCode.AUTH:
                return Auth.read(in);
            case OpCode.SASL:
                return Sasl.read(in);
            default:
                return null;
        }
    }

    private static void writePaths(JuteWriter out, @Nullable List<@Nullable String> paths) {
        if (paths == null) {
            out.writeInt(-1);
            return;
        }
        out.writeInt(paths.size());
        for (String path : paths) {
            out.writeString(path);
        }
    }
}
