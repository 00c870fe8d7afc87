/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ClientRequest.Part;
import io.vivarium.protocol.client.MultiHeader;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.jute.JuteReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One request of a worker: how it is asked, how it must be answered, what it does to the model. Immutable. */
sealed interface Write {
    int op();

    ClientRequest body();

    /** Changes the model as the server must change the tree. */
    void applyTo(Subtree tree);

    /** The code that the reply must bear. */
    default ErrorCode expectedError() {
        return ErrorCode.OK;
    }

    /** Checks what a reply without error says; {@code after} is the model with this write in it. */
    default void checkReply(JuteReader reply, Subtree after) {}

    /** A node; {@code path} is its final one, {@code asked} what the request names. */
    record Create(String path, String asked, String data, List<Acl> acl, NodeKind kind) implements Write {
        @Override
        public int op() {
            return kind.op();
        }

        @Override
        public ClientRequest body() {
            return kind.hasTtl()
                    ? new ClientRequest.CreateTtl(asked, bytes(data), acl, kind.flags(), kind.ttlMillis())
                    : new ClientRequest.Create(asked, bytes(data), acl, kind.flags());
        }

        @Override
        public void applyTo(Subtree tree) {
            tree.create(path, data, acl, kind);
        }

        @Override
        public void checkReply(JuteReader reply, Subtree after) {
            assertThat(reply.readString()).isEqualTo(path);
            if (kind.answersStat()) {
                Stat stat = Stat.read(reply);
                assertThat(stat)
                        .as("stat of the new %s", path)
                        .isEqualTo(new Stat(
                                stat.czxid(),
                                stat.czxid(),
                                stat.ctime(),
                                stat.ctime(),
                                0,
                                0,
                                0,
                                kind.owner(),
                                data.length(),
                                0,
                                stat.czxid()));
            }
        }
    }

    record SetData(String path, String data, int version) implements Write {
        @Override
        public int op() {
            return OpCode.SET_DATA;
        }

        @Override
        public ClientRequest body() {
            return new ClientRequest.SetData(path, bytes(data), version);
        }

        @Override
        public void applyTo(Subtree tree) {
            tree.setData(path, data);
        }

        @Override
        public void checkReply(JuteReader reply, Subtree after) {
            assertThat(Stat.read(reply).version()).isEqualTo(after.node(path).version());
        }
    }

    record SetAcl(String path, List<Acl> acl, int aversion) implements Write {
        @Override
        public int op() {
            return OpCode.SET_ACL;
        }

        @Override
        public ClientRequest body() {
            return new ClientRequest.SetAcl(path, acl, aversion);
        }

        @Override
        public void applyTo(Subtree tree) {
            tree.setAcl(path, acl);
        }

        @Override
        public void checkReply(JuteReader reply, Subtree after) {
            assertThat(Stat.read(reply).aversion()).isEqualTo(after.node(path).aversion());
        }
    }

    record Delete(String path, int version) implements Write {
        @Override
        public int op() {
            return OpCode.DELETE;
        }

        @Override
        public ClientRequest body() {
            return new ClientRequest.Delete(path, version);
        }

        @Override
        public void applyTo(Subtree tree) {
            tree.delete(path);
        }
    }

    /** Only as a part of a multi. */
    record Check(String path, int version) implements Write {
        @Override
        public int op() {
            return OpCode.CHECK;
        }

        @Override
        public ClientRequest body() {
            return new ClientRequest.Check(path, version);
        }

        @Override
        public void applyTo(Subtree tree) {
            // It compares and changes nothing.
        }
    }

    /** All parts or none. */
    record Multi(List<Write> parts) implements Write {
        @Override
        public int op() {
            return OpCode.MULTI;
        }

        @Override
        public ClientRequest body() {
            return new ClientRequest.Multi(
                    parts.stream().map(part -> new Part(part.op(), part.body())).toList());
        }

        @Override
        public void applyTo(Subtree tree) {
            parts.forEach(part -> part.applyTo(tree));
        }

        @Override
        public void checkReply(JuteReader reply, Subtree after) {
            assertThat(MultiHeader.read(reply).type()).as("all of %s", parts).isNotEqualTo(OpCode.ERROR);
        }
    }

    /** A change that must be refused, which the log records too (spec persistence 4). */
    record Refused(Write attempt, ErrorCode expectedError) implements Write {
        @Override
        public int op() {
            return attempt.op();
        }

        @Override
        public ClientRequest body() {
            return attempt.body();
        }

        @Override
        public void applyTo(Subtree tree) {
            // A refusal changes nothing.
        }
    }

    /** A multi with a part that must be refused: nothing is done, and only the results say so (spec client-protocol 4.3). */
    record RefusedMulti(Multi attempt) implements Write {
        @Override
        public int op() {
            return attempt.op();
        }

        @Override
        public ClientRequest body() {
            return attempt.body();
        }

        @Override
        public void applyTo(Subtree tree) {
            // A refusal changes nothing.
        }

        @Override
        public void checkReply(JuteReader reply, Subtree after) {
            assertThat(MultiHeader.read(reply).type()).as("none of %s", attempt).isEqualTo(OpCode.ERROR);
        }
    }

    record Close(long session) implements Write {
        @Override
        public int op() {
            return OpCode.CLOSE_SESSION;
        }

        @Override
        public ClientRequest body() {
            return ClientRequest.Empty.INSTANCE;
        }

        @Override
        public void applyTo(Subtree tree) {
            tree.close(session);
        }
    }

    private static byte[] bytes(String data) {
        return data.getBytes(StandardCharsets.US_ASCII);
    }
}
