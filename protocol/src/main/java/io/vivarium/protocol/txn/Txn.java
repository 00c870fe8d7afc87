/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.protocol.txn;

import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.jute.JuteReader;
import io.vivarium.protocol.jute.JuteRecord;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.protocol.jute.MalformedDataException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction does; one record per wire form (spec persistence 3.3).
 *
 * <p>Everything is resolved: final paths, expanded ACLs, new versions. Applying needs the header and nothing else.
 */
public sealed interface Txn extends JuteRecord {

    /**
     * create and create2.
     *
     * @param parentCversion the parent's stored cversion after this create; -1 in logs older than 3.4
     */
    record Create(
            String path, byte @Nullable [] data, @Nullable List<Acl> acl, boolean ephemeral, int parentCversion)
            implements Txn {
        static Create read(JuteReader in) {
            String path = in.readRequiredString();
            byte[] data = in.readBuffer();
            List<Acl> acl = Acl.readList(in);
            boolean ephemeral = in.readBool();
            return new Create(path, data, acl, ephemeral, in.readInt());
        }

        /** The form of servers before 3.4: no parentCversion. */
        static Create readV0(JuteReader in) {
            return new Create(in.readRequiredString(), in.readBuffer(), Acl.readList(in), in.readBool(), -1);
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeBuffer(data);
            out.writeRecords(acl);
            out.writeBool(ephemeral);
            out.writeInt(parentCversion);
        }
    }

    /** createContainer. */
    record CreateContainer(
            String path, byte @Nullable [] data, @Nullable List<Acl> acl, int parentCversion) implements Txn {
        static CreateContainer read(JuteReader in) {
            return new CreateContainer(in.readRequiredString(), in.readBuffer(), Acl.readList(in), in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeBuffer(data);
            out.writeRecords(acl);
            out.writeInt(parentCversion);
        }
    }

    /** createTTL; the TTL in milliseconds. */
    record CreateTtl(
            String path, byte @Nullable [] data, @Nullable List<Acl> acl, int parentCversion, long ttlMillis)
            implements Txn {
        static CreateTtl read(JuteReader in) {
            return new CreateTtl(
                    in.readRequiredString(), in.readBuffer(), Acl.readList(in), in.readInt(), in.readLong());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeBuffer(data);
            out.writeRecords(acl);
            out.writeInt(parentCversion);
            out.writeLong(ttlMillis);
        }
    }

    /** delete and deleteContainer. */
    record Delete(String path) implements Txn {
        static Delete read(JuteReader in) {
            return new Delete(in.readRequiredString());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
        }
    }

    /** setData and reconfig; the version after the change. */
    record SetData(String path, byte @Nullable [] data, int version) implements Txn {
        static SetData read(JuteReader in) {
            return new SetData(in.readRequiredString(), in.readBuffer(), in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeBuffer(data);
            out.writeInt(version);
        }
    }

    /** check, only inside a multi; changes nothing. The version is the current one plus one. */
    record Check(String path, int version) implements Txn {
        static Check read(JuteReader in) {
            return new Check(in.readRequiredString(), in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeInt(version);
        }
    }

    /** setACL; the aversion after the change. */
    record SetAcl(String path, @Nullable List<Acl> acl, int version) implements Txn {
        static SetAcl read(JuteReader in) {
            return new SetAcl(in.readRequiredString(), Acl.readList(in), in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeString(path);
            out.writeRecords(acl);
            out.writeInt(version);
        }
    }

    /** createSession; the negotiated timeout. */
    record CreateSession(int timeoutMillis) implements Txn {
        static CreateSession read(JuteReader in) {
            return new CreateSession(in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeInt(timeoutMillis);
        }
    }

    /**
     * closeSession.
     *
     * @param paths the session's ephemerals, or null where the writer did not list them (3.4, 3.5, or switched off)
     */
    record CloseSession(@Nullable List<String> paths) implements Txn {
        @Override
        public void write(JuteWriter out) {
            if (paths != null) {
                out.writeStrings(paths);
            }
        }
    }

    /** A refused request, kept because it used up a zxid. */
    record Refusal(int code) implements Txn {
        static Refusal read(JuteReader in) {
            return new Refusal(in.readInt());
        }

        @Override
        public void write(JuteWriter out) {
            out.writeInt(code);
        }
    }

    /** One part of a {@link Multi}: its type and its body. */
    record Part(int type, Txn body) {}

    /** multi. If any part is an {@link Refusal}, none is applied (spec persistence 3.4). */
    record Multi(List<Part> parts) implements Txn {
        static Multi read(JuteReader in) {
            int count = in.readInt();
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int offset = in.position();
                int type = in.readInt();
                byte[] body = in.readRequiredBuffer();
                try {
                    parts.add(new Part(type, readPart(type, JuteReader.of(body))));
                } catch (MalformedDataException e) {
                    throw new MalformedDataException(
                            MalformedDataException.Kind.BAD_VALUE,
                            offset,
                            "part " + i + " of a multi (" + OpCode.name(type) + "): " + e.getMessage());
                }
            }
            return new Multi(parts);
        }

        /** True if some part was refused, so that nothing of this multi takes effect. */
        public boolean isRefused() {
            for (Part part : parts) {
                if (part.body() instanceof Refusal) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void write(JuteWriter out) {
            out.writeInt(parts.size());
            for (Part part : parts) {
                out.writeInt(part.type());
                int mark = out.beginFrame();
                part.body().write(out);
                out.endFrame(mark);
            }
        }
    }

    private static Txn readPart(int type, JuteReader in) {
        switch (type) {
            case OpCode.CHECK:
                return Check.read(in);
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL, OpCode.DELETE:
            case OpCode.DELETE_CONTAINER, OpCode.SET_DATA, OpCode.ERROR:
                return readBody(type, in);
            default:
                throw MalformedDataException.badValue(0, "Unsupported Txn with type=" + type);
        }
    }

    /** Reads the body of every type but closeSession, which {@link LoggedTxn} reads because it needs to see the rest. */
    static Txn readBody(int type, JuteReader in) {
        int offset = in.position();
        switch (type) {
            case OpCode.CREATE, OpCode.CREATE2:
                return Create.read(in);
            case OpCode.CREATE_CONTAINER:
                return CreateContainer.read(in);
            case OpCode.CREATE_TTL:
                return CreateTtl.read(in);
            case OpCode.DELETE, OpCode.DELETE_CONTAINER:
                return Delete.read(in);
            case OpCode.SET_DATA, OpCode.RECONFIG:
                return SetData.read(in);
            case OpCode.SET_ACL:
                return SetAcl.read(in);
            case OpCode.CREATE_SESSION:
                return CreateSession.read(in);
            case OpCode.ERROR:
                return Refusal.read(in);
            case OpCode.MULTI:
                return Multi.read(in);
            default:
                throw MalformedDataException.badValue(offset, "Unsupported Txn with type=" + type);
        }
    }
}
