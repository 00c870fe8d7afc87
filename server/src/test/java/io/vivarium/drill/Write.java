/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.drill;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.ClientRequest.Part;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One request of a worker: how it is asked, how it must be answered, what it does to the model. Immutable. */
sealed interface Write {
    int EPHEMERAL = 1;
    int SEQUENTIAL = 2;

    int op();

    ClientRequest body();

    /** Changes the model as the server must change the tree. */
    void applyTo(Subtree tree);

    /** The code that the reply must bear. */
    default int expectedError() {
        return ErrorCode.OK.code();
    }

    /** A node; {@code path} is its final one, {@code asked} what the request names. */
    record Create(String path, String asked, String data, int flags, long owner) implements Write {
        @Override
        public int op() {
            return OpCode.CREATE;
        }

        @Override
        public ClientRequest body() {
            return new ClientRequest.Create(asked, bytes(data), Acl.OPEN, flags);
        }

        @Override
        public void applyTo(Subtree tree) {
            tree.create(path, data, owner);
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
    }

    /** A change that must be refused, which the log records too (spec persistence 4). */
    record Refused(String path, int version) implements Write {
        @Override
        public int op() {
            return OpCode.SET_DATA;
        }

        @Override
        public ClientRequest body() {
            return new ClientRequest.SetData(path, bytes("never"), version);
        }

        @Override
        public void applyTo(Subtree tree) {
            // A refusal changes nothing.
        }

        @Override
        public int expectedError() {
            return ErrorCode.BAD_VERSION.code();
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
