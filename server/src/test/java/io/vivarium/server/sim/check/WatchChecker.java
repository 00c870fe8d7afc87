/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.WatchEvent;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Zxid;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.server.sim.check.WatchedPaths.Told;
import io.vivarium.server.sim.client.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client is told exactly what its watches catch, once or as long as they stay, and before it is shown the new data (spec
 * client-protocol 8).
 *
 * <p>Every connection has a place in the history, that of its last answer. An answer with a greater zxid means that all
 * events in between have to have come, in order; then the place moves on. So each connection goes once over each
 * transaction, and only while it watches something. Thread: the test's.
 */
final class WatchChecker {
    private static final long MADE_UP = -1;

    private record Heard(long zxid, Told event) {}

    /** One connection and what its server owes it. */
    private static final class Ears {
        private final WatchedPaths watches = new WatchedPaths();
        private final ArrayDeque<Heard> heard = new ArrayDeque<>();
        private final List<Told> madeUp = new ArrayList<>();
        /** Of the first transaction that is not accounted for. */
        private int next;
    }

    private final Story story;
    private final CommittedHistory history;
    private final Map<Integer, Ears> connections = new HashMap<>();

    WatchChecker(Story story, CommittedHistory history) {
        this.story = story;
        this.history = history;
    }

    void connected(int connection) {
        connections.put(connection, new Ears());
    }

    void notified(int connection, long zxid, WatchEvent event) {
        Ears ears = earsOf(connection);
        Told told = new Told(event.type(), event.path());
        if (zxid == MADE_UP) {
            ears.madeUp.add(told);
            return;
        }
        if (history.find(zxid) == null) {
            throw story.failure("connection " + connection + " hears " + told + " of " + Zxid.toString(zxid)
                    + ", which is not committed");
        }
        ears.heard.addLast(new Heard(zxid, told));
    }

    void answered(Operation operation) {
        Ears ears = earsOf(operation.connection());
        long zxid = operation.reply().zxid();
        catchUp(operation, ears, zxid);
        if (operation.body() instanceof ClientRequest.SetWatches2 again) {
            setAgain(operation, ears, again, zxid);
        } else {
            register(operation, ears);
        }
    }

    /** What came before the end has to be the beginning of what was due. */
    void disconnected(int connection) {
        Ears ears = connections.remove(connection);
        while (ears != null && !ears.heard.isEmpty()) {
            if (ears.next >= history.size()) {
                throw story.failure("connection " + connection + " ends with " + ears.heard + " that nothing caused");
            }
            Committed committed = history.get(ears.next++);
            List<Told> due = due(ears, committed);
            List<Told> came = take(ears, committed.zxid());
            boolean asDue = isSet(committed)
                    ? isContained(came, due)
                    : came.size() <= due.size() && came.equals(due.subList(0, came.size()));
            if (!asDue || (came.size() < due.size() && !ears.heard.isEmpty())) {
                throw wrong("connection " + connection, committed, due, came);
            }
        }
    }

    // ---- Events -----------------------------------------------------------------------------------------------

    private void catchUp(Operation operation, Ears ears, long zxid) {
        if (ears.watches.isEmpty() && ears.heard.isEmpty()) {
            ears.next = Math.max(ears.next, zxid >= history.lastZxid() ? history.size() : history.indexAfter(zxid));
            return;
        }
        while (ears.next < history.size() && history.get(ears.next).zxid() <= zxid) {
            Committed committed = history.get(ears.next++);
            if (committed.changes().isEmpty() && ears.heard.isEmpty()) {
                continue;
            }
            List<Told> due = due(ears, committed);
            List<Told> came = take(ears, committed.zxid());
            boolean same = isSet(committed) ? isContained(came, due) && came.size() == due.size() : came.equals(due);
            if (!same) {
                throw wrong("before " + operation + " a client", committed, due, came);
            }
        }
        Heard first = ears.heard.peekFirst();
        if (first != null && first.zxid() <= zxid) {
            throw story.failure(operation + " comes after " + first + ", which is late, early or not due");
        }
    }

    private static List<Told> due(Ears ears, Committed committed) {
        if (committed.changes().isEmpty() || ears.watches.isEmpty()) {
            return List.of();
        }
        List<Told> due = new ArrayList<>();
        for (Change change : committed.changes()) {
            ears.watches.fire(change, due);
        }
        return due;
    }

    private static List<Told> take(Ears ears, long zxid) {
        Heard first = ears.heard.peekFirst();
        if (first == null || first.zxid() != zxid) {
            return List.of();
        }
        List<Told> taken = new ArrayList<>();
        while (first != null && first.zxid() == zxid) {
            taken.add(ears.heard.removeFirst().event());
            first = ears.heard.peekFirst();
        }
        return taken;
    }

    /** The ephemerals of a session go in an order nobody promises. */
    private static boolean isSet(Committed committed) {
        return committed.txn().body() instanceof Txn.CloseSession;
    }

    private static boolean isContained(List<Told> came, List<Told> due) {
        List<Told> rest = new ArrayList<>(due);
        for (Told told : came) {
            if (!rest.remove(told)) {
                return false;
            }
        }
        return true;
    }

    private AssertionError wrong(String who, Committed committed, List<Told> due, List<Told> came) {
        return story.failure(who + " had to hear of " + committed + ": " + due + ", and heard: " + came);
    }

    // ---- Watches ----------------------------------------------------------------------------------------------

    private void register(Operation operation, Ears ears) {
        int error = operation.reply().error();
        if (operation.body() instanceof ClientRequest.Read read && read.watch() && read.path() != null) {
            boolean missing = operation.op() == OpCode.EXISTS && error == ErrorCode.NO_NODE.code();
            if (error == 0 || missing) {
                boolean child = operation.op() == OpCode.GET_CHILDREN || operation.op() == OpCode.GET_CHILDREN2;
                ears.watches.add(read.path(), child ? WatchedPaths.CHILD : WatchedPaths.DATA);
            }
        } else if (operation.body() instanceof ClientRequest.WatchOp watch && watch.path() != null) {
            change(operation, ears, watch, watch.path());
        }
    }

    private void change(Operation operation, Ears ears, ClientRequest.WatchOp watch, String path) {
        if (operation.op() == OpCode.ADD_WATCH) {
            ears.watches.add(path, watch.type() == 0 ? WatchedPaths.PERSISTENT : WatchedPaths.RECURSIVE);
            return;
        }
        int mask = WatchedPaths.maskOf(watch.type());
        boolean had = operation.op() == OpCode.REMOVE_WATCHES
                ? ears.watches.remove(path, mask)
                : ears.watches.has(path, mask);
        int expected = had ? 0 : ErrorCode.NO_WATCHER.code();
        if (operation.reply().error() != expected) {
            throw story.failure(operation + " had to be answered with error " + expected);
        }
    }

    /** After a move: what was missed is told at once, the rest is watched again (spec 8.5). */
    private void setAgain(Operation operation, Ears ears, ClientRequest.SetWatches2 again, long zxid) {
        ClientRequest.SetWatches base = again.base();
        List<Told> due = new ArrayList<>();
        for (String path : listOf(base.data())) {
            ModelNode node = history.tree().at(path, zxid);
            int missed = node == null
                    ? WatchEvent.NODE_DELETED
                    : node.stat().mzxid() > base.relativeZxid() ? WatchEvent.NODE_DATA_CHANGED : 0;
            tellOrWatch(ears, path, missed, WatchedPaths.DATA, due);
        }
        for (String path : listOf(base.exist())) {
            int missed = history.tree().at(path, zxid) == null ? 0 : WatchEvent.NODE_CREATED;
            tellOrWatch(ears, path, missed, WatchedPaths.DATA, due);
        }
        for (String path : listOf(base.child())) {
            ModelNode node = history.tree().at(path, zxid);
            int missed = node == null
                    ? WatchEvent.NODE_DELETED
                    : node.stat().pzxid() > base.relativeZxid() ? WatchEvent.NODE_CHILDREN_CHANGED : 0;
            tellOrWatch(ears, path, missed, WatchedPaths.CHILD, due);
        }
        listOf(again.persistent()).forEach(path -> ears.watches.add(path, WatchedPaths.PERSISTENT));
        listOf(again.persistentRecursive()).forEach(path -> ears.watches.add(path, WatchedPaths.RECURSIVE));
        if (!due.equals(ears.madeUp)) {
            throw story.failure(operation + " had to be preceded by " + due + ", was by " + ears.madeUp);
        }
        ears.madeUp.clear();
    }

    private static void tellOrWatch(Ears ears, String path, int missed, int bit, List<Told> due) {
        if (missed == 0) {
            ears.watches.add(path, bit);
        } else {
            due.add(new Told(missed, path));
        }
    }

    private static List<String> listOf(@Nullable List<@Nullable String> paths) {
        List<String> all = new ArrayList<>();
        if (paths != null) {
            for (String path : paths) {
                if (path != null) {
                    all.add(path);
                }
            }
        }
        return all;
    }

    private Ears earsOf(int connection) {
        Ears ears = connections.get(connection);
        if (ears == null) {
            throw new IllegalStateException("connection " + connection + " was never opened");
        }
        return ears;
    }
}
