/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.jute.JuteWriter;
import io.vivarium.server.auth.AccessCheck;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.metrics.Summary;
import io.vivarium.server.tree.ChangeListener;
import io.vivarium.server.tree.TreeView;
import io.vivarium.server.tree.Znode;
import io.vivarium.server.watch.MissedEvent;
import io.vivarium.server.watch.WatchMatches;
import io.vivarium.server.watch.WatchMode;
import io.vivarium.server.watch.WatchTable;
import io.vivarium.server.watch.Watcher;
import io.vivarium.server.watch.WatcherType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches of this server's clients: set by requests, fired by changes (spec client-protocol 8).
 *
 * <p>Thread: what requests do, any thread in a hold of the gate; what changes do ({@link ChangeListener}), {@code core}
 * in the exclusive hold in which the change happens. So a watch and the value it was set on are of one moment, and an
 * event is queued before any answer that shows the change.
 */
public final class WatchService implements ChangeListener {
    private final WatchTable table;
    private final TreeView tree;
    private final AccessCheck access;
    private final Recorder recorder;
    private long changeZxid;
    /** Watches that the present change has fired: on the node, and on its parent's children. */
    private int firedOnNode;

    private int firedOnChildren;

    /** @param recorder of thread {@code core} */
    public WatchService(WatchTable table, TreeView tree, AccessCheck access, Recorder recorder) {
        this.table = table;
        this.tree = tree;
        this.access = access;
        this.recorder = recorder;
    }

    // ---- Requests ---------------------------------------------------------------------------------------------

    void onData(String path, ClientLink watcher) {
        table.watchData(path, watcher);
    }

    void onChildren(String path, ClientLink watcher) {
        table.watchChildren(path, watcher);
    }

    /** addWatch: no check of path or permission; events are filtered when they are delivered (spec 5.3.11). */
    ErrorCode addPersistent(ClientRequest.WatchOp request, ClientLink watcher) {
        WatchMode mode = WatchMode.ofAddWatch(request.type());
        if (mode == null || request.path() == null) {
            return ErrorCode.MARSHALLING_ERROR;
        }
        table.watchPersistently(request.path(), mode, watcher);
        return ErrorCode.OK;
    }

    ErrorCode check(ClientRequest.WatchOp request, ClientLink watcher) {
        WatcherType type = WatcherType.of(request.type());
        if (type == null || request.path() == null) {
            return ErrorCode.MARSHALLING_ERROR;
        }
        return table.contains(request.path(), type, watcher) ? ErrorCode.OK : ErrorCode.NO_WATCHER;
    }

    ErrorCode remove(ClientRequest.WatchOp request, ClientLink watcher) {
        WatcherType type = WatcherType.of(request.type());
        if (type == null || request.path() == null) {
            return ErrorCode.MARSHALLING_ERROR;
        }
        return table.remove(request.path(), type, watcher) ? ErrorCode.OK : ErrorCode.NO_WATCHER;
    }

    /** For reports. */
    public WatchTable table() {
        return table;
    }

    /** The connection has ended. */
    public void removeAll(Watcher watcher) {
        table.removeAll(watcher);
    }

    /** setWatches and setWatches2: what was missed is told at once, ahead of the reply (spec 8.5). */
    ErrorCode setAll(ClientRequest body, ClientLink watcher, JuteWriter out) {
        ClientRequest.SetWatches2 all = body instanceof ClientRequest.SetWatches2 two
                ? two
                : new ClientRequest.SetWatches2((ClientRequest.SetWatches) body, List.of(), List.of());
        ClientRequest.SetWatches base = all.base();
        if (hasNull(base.data())
                || hasNull(base.exist())
                || hasNull(base.child())
                || hasNull(all.persistent())
                || hasNull(all.persistentRecursive())) {
            return ErrorCode.MARSHALLING_ERROR;
        }
        long seen = base.relativeZxid();
        for (String path : base.data()) {
            Znode node = tree.find(path);
            int missed = node == null ? MissedEvent.ofMissingNode() : MissedEvent.ofData(node.mzxid(), seen);
            if (!told(missed, path, out)) {
                table.watchData(path, watcher);
            }
        }
        for (String path : base.exist()) {
            int missed = tree.find(path) == null ? MissedEvent.NONE : MissedEvent.ofExistingNode();
            if (!told(missed, path, out)) {
                table.watchData(path, watcher);
            }
        }
        for (String path : base.child()) {
            Znode node = tree.find(path);
            int missed = node == null ? MissedEvent.ofMissingNode() : MissedEvent.ofChildren(node.pzxid(), seen);
            if (!told(missed, path, out)) {
                table.watchChildren(path, watcher);
            }
        }
        for (String path : all.persistent()) {
            table.watchPersistently(path, WatchMode.PERSISTENT, watcher);
        }
        for (String path : all.persistentRecursive()) {
            table.watchPersistently(path, WatchMode.PERSISTENT_RECURSIVE, watcher);
        }
        return ErrorCode.OK;
    }

    private static boolean told(int missed, String path, JuteWriter out) {
        if (missed == MissedEvent.NONE) {
            return false;
        }
        ReplyEncoder.encodeEvent(out, -1, missed, path);
        return true;
    }

    private static boolean hasNull(@Nullable List<@Nullable String> paths) {
        if (paths == null) {
            return true;
        }
        for (String path : paths) {
            if (path == null) {
                return true;
            }
        }
        return false;
    }

    // ---- Changes ----------------------------------------------------------------------------------------------

    /** The transaction whose changes are reported next. */
    void begin(long zxid) {
        changeZxid = zxid;
    }

    @Override
    public void created(String path, Znode node, String parentPath, Znode parent) {
        table.nodeCreated(path, filtered(node, parent));
        recordFired(Summary.NODE_CREATED_WATCH_COUNT);
    }

    @Override
    public void deleted(String path, Znode last, String parentPath, Znode parent) {
        table.nodeDeleted(path, filtered(last, parent));
        recordFired(Summary.NODE_DELETED_WATCH_COUNT);
    }

    @Override
    public void dataChanged(String path, Znode node) {
        table.nodeDataChanged(path, filtered(node, node));
        recordFired(Summary.NODE_CHANGED_WATCH_COUNT);
    }

    private void recordFired(Summary onNode) {
        if (firedOnNode > 0) {
            recorder.record(onNode, firedOnNode);
            firedOnNode = 0;
        }
        if (firedOnChildren > 0) {
            recorder.record(Summary.NODE_CHILDREN_WATCH_COUNT, firedOnChildren);
            firedOnChildren = 0;
        }
    }

    /** An event about children shows the parent and is for those who may read that one (spec 8.6). */
    private WatchMatches filtered(Znode node, Znode parent) {
        return (watcher, type, path) ->
                send(watcher, type, path, tree.acl(type == WatchEvent.NODE_CHILDREN_CHANGED ? parent : node));
    }

    private void send(Watcher watcher, int type, String path, List<Acl> acl) {
        if (type == WatchEvent.NODE_CHILDREN_CHANGED) {
            firedOnChildren++;
        } else {
            firedOnNode++;
        }
        ClientLink link = (ClientLink) watcher;
        if (access.allows(acl, Acl.READ, link.identities())) {
            link.queue(new Notice(changeZxid, WatchEvent.of(type, path)));
        }
    }

    /** An event on its way to one client. */
    private static final class Notice extends Outgoing {
        private final long zxid;
        private final WatchEvent event;

        Notice(long zxid, WatchEvent event) {
            this.zxid = zxid;
            this.event = event;
        }

        @Override
        public void encode(JuteWriter out) {
            ReplyEncoder.encodeEvent(out, zxid, event.type(), event.path());
        }

        @Override
        public boolean isNotification() {
            return true;
        }
    }
}
