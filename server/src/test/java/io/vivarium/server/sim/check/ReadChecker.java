/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.server.sim.client.Operation;
import io.vivarium.server.sim.client.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A read shows the tree exactly as it was after the transaction with the zxid of its answer: no half of one, none
 * skipped, nothing that is not committed (spec client-protocol 5.3.8 to 5.3.12). Thread: the test's.
 */
final class ReadChecker {
    private static final byte[] NO_DATA = new byte[0];

    private final Story story;
    private final CommittedHistory history;

    ReadChecker(Story story, CommittedHistory history) {
        this.story = story;
        this.history = history;
    }

    void answered(Operation operation) {
        if (operation.isWrite()) {
            return;
        }
        Reply reply = operation.reply();
        long zxid = reply.zxid();
        if (zxid > history.lastZxid() && Zxid.counter(zxid) != 0) {
            throw story.failure(operation + " shows " + Zxid.toString(zxid) + ", which is not committed");
        }
        String wrong = compare(operation.op(), operation.body(), operation.sessionId(), zxid, reply);
        if (wrong != null) {
            throw story.failure(operation + " is not what was there: " + wrong);
        }
    }

    /** What is wrong with an answer; null if nothing. */
    private @Nullable String compare(int op, ClientRequest body, long session, long zxid, Reply reply) {
        switch (op) {
            case OpCode.GET_DATA, OpCode.EXISTS, OpCode.GET_CHILDREN, OpCode.GET_CHILDREN2:
                return node(op, ((ClientRequest.Read) body).path(), Acl.READ, zxid, reply);
            case OpCode.GET_ACL:
                return node(op, ((ClientRequest.PathOnly) body).path(), Acl.READ | Acl.ADMIN, zxid, reply);
            case OpCode.MULTI_READ:
                return parts(((ClientRequest.Multi) body).parts(), session, zxid, reply);
            case OpCode.GET_EPHEMERALS:
                return names(history.tree().ownedAt(session, zxid), reply.names());
            case OpCode.GET_ALL_CHILDREN_NUMBER:
                // The workload asks it of the root, which does not count itself.
                int count = history.tree().countAt(zxid) - 1;
                return reply.number() == count ? null : "there were " + count + " nodes";
            case OpCode.SYNC:
                return Objects.equals(reply.path(), ((ClientRequest.PathOnly) body).path()) ? null : "another path";
            default:
                return null;
        }
    }

    private @Nullable String parts(List<ClientRequest.Part> asked, long session, long zxid, Reply reply) {
        if (asked.size() != reply.parts().size()) {
            return asked.size() + " parts were asked";
        }
        for (int i = 0; i < asked.size(); i++) {
            ClientRequest.Part part = asked.get(i);
            String wrong =
                    compare(part.op(), part.body(), session, zxid, reply.parts().get(i));
            if (wrong != null) {
                return "part " + i + ": " + wrong;
            }
        }
        return null;
    }

    private @Nullable String node(int op, @Nullable String path, int perms, long zxid, Reply reply) {
        ModelNode node = path == null ? null : history.tree().at(path, zxid);
        int error = node == null ? ErrorCode.NO_NODE.code() : node.allows(perms) ? 0 : ErrorCode.NO_AUTH.code();
        if (error != reply.error()) {
            return "the error had to be " + error + ", there was " + node;
        }
        if (node == null || error != 0) {
            return null;
        }
        if (reply.stat() != null
                && !reply.stat().equals(node.shown(history.tree().rules()))) {
            return "the stat was " + node.shown(history.tree().rules());
        }
        switch (op) {
            case OpCode.GET_DATA:
                return Arrays.equals(orNone(reply.data()), orNone(node.data())) ? null : "other data";
            case OpCode.GET_ACL:
                return node.acl().equals(reply.acl()) ? null : "the list was " + node.acl();
            case OpCode.GET_CHILDREN, OpCode.GET_CHILDREN2:
                return names(new ModelTree.Owned(node.childCount(), node.childrenHash()), reply.names());
            default:
                return null;
        }
    }

    private static @Nullable String names(ModelTree.Owned expected, @Nullable List<String> names) {
        boolean same = names != null && names.size() == expected.count() && ModelNode.hash(names) == expected.hash();
        return same ? null : "there were " + expected.count() + " of which these are not the names";
    }

    private static byte[] orNone(byte @Nullable [] data) {
        return data == null ? NO_DATA : data;
    }
}
