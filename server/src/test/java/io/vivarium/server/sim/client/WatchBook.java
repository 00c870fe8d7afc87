/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.client;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.client.WatchEvent;
import java.util.ArrayList;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The watches a client believes to have, to be set again after it has moved (spec client-protocol 8.5). */
final class WatchBook {
    private final TreeSet<String> data = new TreeSet<>();
    private final TreeSet<String> exist = new TreeSet<>();
    private final TreeSet<String> child = new TreeSet<>();
    private final TreeSet<String> persistent = new TreeSet<>();
    private final TreeSet<String> recursive = new TreeSet<>();

    /** An answer came: it may have set or removed a watch. */
    void answered(Operation operation) {
        int error = operation.reply().error();
        if (operation.body() instanceof ClientRequest.Read read && read.watch() && read.path() != null) {
            if (operation.op() == OpCode.EXISTS) {
                (error == 0 ? data : exist).add(read.path());
            } else if (error == 0) {
                (operation.op() == OpCode.GET_DATA ? data : child).add(read.path());
            }
        } else if (operation.body() instanceof ClientRequest.WatchOp watch && watch.path() != null && error == 0) {
            if (operation.op() == OpCode.ADD_WATCH) {
                (watch.type() == 0 ? persistent : recursive).add(watch.path());
            } else if (operation.op() == OpCode.REMOVE_WATCHES) {
                remove(watch.path(), watch.type());
            }
        }
    }

    private void remove(String path, int type) {
        if (type == 1 || type == 3) {
            child.remove(path);
        }
        if (type == 2 || type == 3) {
            data.remove(path);
            exist.remove(path);
        }
        if (type == 4 || type == 3) {
            persistent.remove(path);
        }
        if (type == 5 || type == 3) {
            recursive.remove(path);
        }
    }

    /** What fires once is gone. */
    void notified(WatchEvent event) {
        if (event.type() != WatchEvent.NODE_CHILDREN_CHANGED) {
            data.remove(event.path());
            exist.remove(event.path());
        }
        if (event.type() == WatchEvent.NODE_CHILDREN_CHANGED || event.type() == WatchEvent.NODE_DELETED) {
            child.remove(event.path());
        }
    }

    /** The request that sets all of them again; null if there are none. */
    ClientRequest.@Nullable SetWatches2 again(long lastZxidSeen) {
        if (data.isEmpty() && exist.isEmpty() && child.isEmpty() && persistent.isEmpty() && recursive.isEmpty()) {
            return null;
        }
        return new ClientRequest.SetWatches2(
                new ClientRequest.SetWatches(
                        lastZxidSeen, new ArrayList<>(data), new ArrayList<>(exist), new ArrayList<>(child)),
                new ArrayList<>(persistent),
                new ArrayList<>(recursive));
    }

    void clear() {
        data.clear();
        exist.clear();
        child.clear();
        persistent.clear();
        recursive.clear();
    }
}
