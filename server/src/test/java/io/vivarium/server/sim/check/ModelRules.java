/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.server.sim.client.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a write does and what its answer is, decided from the request and the tree before it (spec client-protocol 4.3, 5.3,
 * 5.5, 9.3).
 *
 * <p>Written from the spec, for requests as the workload makes them: valid paths, ACLs of {@code world:anyone}, no quotas.
 * Thread: the test's.
 */
final class ModelRules {
    private static final int ANY_VERSION = -1;

    /** One write of one transaction. */
    record Circumstances(long session, long zxid, long timeMillis) {}

    private record Former(String path, @Nullable ModelNode node) {}

    private final ModelTree tree;
    private final List<Former> undo = new ArrayList<>();
    private List<Change> changes = new ArrayList<>();

    ModelRules(ModelTree tree) {
        this.tree = tree;
    }

    /** What the last write changed; to be taken once. */
    List<Change> takeChanges() {
        List<Change> taken = changes;
        changes = new ArrayList<>(2);
        return taken.isEmpty() ? List.of() : taken;
    }

    /** Applies a request, or refuses it; either way the answer it has to get. */
    Reply execute(int op, ClientRequest body, Circumstances at) {
        undo.clear();
        if (body instanceof ClientRequest.Multi multi) {
            return multi(multi, at);
        }
        if (op == OpCode.CLOSE_SESSION) {
            closeSession(at.session(), at);
            return Reply.header(at.zxid(), 0);
        }
        return single(op, body, at);
    }

    private Reply multi(ClientRequest.Multi multi, Circumstances at) {
        List<Reply> parts = new ArrayList<>();
        int failed = -1;
        for (ClientRequest.Part part : multi.parts()) {
            if (failed >= 0) {
                parts.add(Reply.header(at.zxid(), ErrorCode.RUNTIME_INCONSISTENCY.code()));
                continue;
            }
            Reply reply = single(part.op(), part.body(), at);
            if (reply.error() != 0) {
                failed = parts.size();
                for (int i = undo.size() - 1; i >= 0; i--) {
                    tree.set(undo.get(i).path(), undo.get(i).node(), at.zxid());
                }
                changes.clear();
                parts.replaceAll(before -> Reply.header(at.zxid(), 0));
            }
            parts.add(reply);
        }
        return new Reply(at.zxid(), 0, null, null, null, null, null, 0, parts);
    }

    private Reply single(int op, ClientRequest body, Circumstances at) {
        if (body instanceof ClientRequest.Create create) {
            long owner = op == OpCode.CREATE_CONTAINER
                    ? OwnerKind.CONTAINER_OWNER
                    : (create.flags() & 1) != 0 ? at.session() : 0;
            boolean sequential = create.flags() == 2 || create.flags() == 3;
            return create(required(create.path()), sequential, create.data(), create.acl(), owner, at);
        }
        if (body instanceof ClientRequest.CreateTtl create) {
            long owner = OwnerKind.ownerOfTtl(create.ttlMillis());
            return create(required(create.path()), create.flags() == 6, create.data(), create.acl(), owner, at);
        }
        if (body instanceof ClientRequest.Delete delete) {
            return delete(required(delete.path()), delete.version(), at);
        }
        if (body instanceof ClientRequest.SetData set) {
            return setData(required(set.path()), set.data(), set.version(), at);
        }
        if (body instanceof ClientRequest.SetAcl set) {
            return setAcl(required(set.path()), set.acl(), set.version(), at);
        }
        if (body instanceof ClientRequest.Check check) {
            return check(required(check.path()), check.version(), at);
        }
        throw new IllegalArgumentException(OpCode.name(op) + " is no write the model knows");
    }

    private Reply create(
            String asked,
            boolean sequential,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            long owner,
            Circumstances at) {
        if (acl == null || acl.isEmpty()) {
            return refused(ErrorCode.INVALID_ACL, at);
        }
        String parentPath = ModelTree.parentOf(asked);
        ModelNode parent = tree.latest(parentPath);
        if (parent == null) {
            return refused(ErrorCode.NO_NODE, at);
        }
        if (!parent.allows(Acl.CREATE)) {
            return refused(ErrorCode.NO_AUTH, at);
        }
        String path = sequential
                ? asked + String.format(Locale.ROOT, "%010d", parent.stat().cversion())
                : asked;
        if (tree.latest(path) != null) {
            return refused(ErrorCode.NODE_EXISTS, at);
        }
        if (tree.kind(parent) == OwnerKind.EPHEMERAL) {
            return refused(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS, at);
        }
        StoredStat stat =
                new StoredStat(at.zxid(), at.zxid(), at.timeMillis(), at.timeMillis(), 0, 0, 0, owner, at.zxid());
        ModelNode node = new ModelNode(data, acl, stat, 0, 0);
        set(parentPath, parent.withChild(ModelTree.nameOf(path), at.zxid()), at);
        set(path, node, at);
        changes.add(new Change(WatchEvent.NODE_CREATED, path, acl, parent.acl()));
        return shown(path, node, at);
    }

    private Reply delete(String path, int version, Circumstances at) {
        ModelNode parent = tree.latest(ModelTree.parentOf(path));
        if (parent == null) {
            return refused(ErrorCode.NO_NODE, at);
        }
        if (!parent.allows(Acl.DELETE)) {
            return refused(ErrorCode.NO_AUTH, at);
        }
        ModelNode node = tree.latest(path);
        if (node == null) {
            return refused(ErrorCode.NO_NODE, at);
        }
        if (version != ANY_VERSION && version != node.stat().version()) {
            return refused(ErrorCode.BAD_VERSION, at);
        }
        if (node.childCount() > 0) {
            return refused(ErrorCode.NOT_EMPTY, at);
        }
        remove(path, node, parent, at);
        return Reply.header(at.zxid(), 0);
    }

    private void remove(String path, ModelNode node, ModelNode parent, Circumstances at) {
        set(path, null, at);
        set(ModelTree.parentOf(path), parent.withoutChild(ModelTree.nameOf(path), at.zxid()), at);
        changes.add(new Change(WatchEvent.NODE_DELETED, path, node.acl(), parent.acl()));
    }

    private Reply setData(String path, byte @Nullable [] data, int version, Circumstances at) {
        ModelNode node = tree.latest(path);
        if (node == null) {
            return refused(ErrorCode.NO_NODE, at);
        }
        if (!node.allows(Acl.WRITE)) {
            return refused(ErrorCode.NO_AUTH, at);
        }
        if (version != ANY_VERSION && version != node.stat().version()) {
            return refused(ErrorCode.BAD_VERSION, at);
        }
        ModelNode changed = node.withData(data, at.zxid(), at.timeMillis());
        set(path, changed, at);
        changes.add(new Change(WatchEvent.NODE_DATA_CHANGED, path, node.acl(), node.acl()));
        return shown(path, changed, at);
    }

    private Reply setAcl(String path, @Nullable List<Acl> acl, int version, Circumstances at) {
        if (acl == null || acl.isEmpty()) {
            return refused(ErrorCode.INVALID_ACL, at);
        }
        ModelNode node = tree.latest(path);
        if (node == null) {
            return refused(ErrorCode.NO_NODE, at);
        }
        if (!node.allows(Acl.ADMIN)) {
            return refused(ErrorCode.NO_AUTH, at);
        }
        if (version != ANY_VERSION && version != node.stat().aversion()) {
            return refused(ErrorCode.BAD_VERSION, at);
        }
        ModelNode changed = node.withAcl(acl);
        set(path, changed, at);
        return shown(path, changed, at);
    }

    private Reply check(String path, int version, Circumstances at) {
        ModelNode node = tree.latest(path);
        if (node == null) {
            return refused(ErrorCode.NO_NODE, at);
        }
        if (!node.allows(Acl.READ)) {
            return refused(ErrorCode.NO_AUTH, at);
        }
        boolean same = version == ANY_VERSION || version == node.stat().version();
        return same ? Reply.header(at.zxid(), 0) : refused(ErrorCode.BAD_VERSION, at);
    }

    /** Takes everything the session still holds with it. */
    void closeSession(long session, Circumstances at) {
        for (String path : List.copyOf(tree.ephemeralsOf(session))) {
            removeExisting(path, at);
        }
    }

    /** The server's own removal of an abandoned node; the reason why it is not allowed, or null. */
    @Nullable
    String reap(String path, Circumstances at) {
        ModelNode node = tree.latest(path);
        if (node == null) {
            return "it does not exist";
        }
        if (node.childCount() > 0) {
            return "it has " + node.childCount() + " children";
        }
        OwnerKind kind = tree.kind(node);
        if (kind != OwnerKind.CONTAINER && kind != OwnerKind.TTL) {
            return "it is " + kind;
        }
        removeExisting(path, at);
        return null;
    }

    private void removeExisting(String path, Circumstances at) {
        ModelNode node = tree.latest(path);
        ModelNode parent = tree.latest(ModelTree.parentOf(path));
        if (node == null || parent == null) {
            throw new IllegalStateException("the model has an owner of " + path + " and not the node or its parent");
        }
        remove(path, node, parent, at);
    }

    private void set(String path, @Nullable ModelNode node, Circumstances at) {
        undo.add(new Former(path, tree.latest(path)));
        tree.set(path, node, at.zxid());
    }

    private Reply shown(String path, ModelNode node, Circumstances at) {
        return new Reply(at.zxid(), 0, path, node.shown(tree.rules()), null, null, null, 0, List.of());
    }

    private static Reply refused(ErrorCode code, Circumstances at) {
        return Reply.header(at.zxid(), code.code());
    }

    private static String required(@Nullable String path) {
        if (path == null) {
            throw new IllegalArgumentException("the workload sends no null paths");
        }
        return path;
    }
}
