/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.drill;

import io.vivarium.protocol.client.ClientRequest;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** All nodes of a running server as a client sees them: data, ACL and stat by path. Immutable. */
public record TreeDump(Map<String, Seen> nodes) {
    private static final int TIMEOUT_MILLIS = 30_000;
    /** Nodes asked about in one go, three requests each: below the limit of outstanding requests. */
    private static final int BATCH = 64;

    public record Seen(String data, List<Acl> acl, Stat stat) {
        /** The part that {@link Subtree} predicts; creates below are cversion and children put together (spec 6). */
        Subtree.Node node() {
            return new Subtree.Node(
                    data,
                    stat.version(),
                    (stat.cversion() + stat.numChildren()) / 2,
                    stat.ephemeralOwner(),
                    acl,
                    stat.aversion());
        }

        /** The same without what a deleted child changes. */
        Seen withoutChildren() {
            Stat own = new Stat(
                    stat.czxid(),
                    stat.mzxid(),
                    stat.ctime(),
                    stat.mtime(),
                    stat.version(),
                    0,
                    stat.aversion(),
                    stat.ephemeralOwner(),
                    stat.dataLength(),
                    0,
                    0);
            return new Seen(data, acl, own);
        }
    }

    public static TreeDump of(int port) throws IOException {
        return of("127.0.0.1", port);
    }

    public static TreeDump of(String host, int port) throws IOException {
        Map<String, Seen> seen = new TreeMap<>();
        try (DrillConnection connection = DrillConnection.newSession(host, port, TIMEOUT_MILLIS)) {
            List<String> level = List.of("/");
            while (!level.isEmpty()) {
                List<String> below = new ArrayList<>();
                for (int from = 0; from < level.size(); from += BATCH) {
                    below.addAll(visit(connection, level.subList(from, Math.min(level.size(), from + BATCH)), seen));
                }
                level = below;
            }
            connection.send(OpCode.CLOSE_SESSION, ClientRequest.Empty.INSTANCE);
            connection.read();
        }
        return new TreeDump(seen);
    }

    /** The nodes that one session's model speaks of. */
    Map<String, Subtree.Node> below(String root) {
        Map<String, Subtree.Node> found = new TreeMap<>();
        nodes.forEach((path, seen) -> {
            if (path.equals(root) || path.startsWith(root + "/")) {
                found.put(path, seen.node());
            }
        });
        return found;
    }

    private static List<String> visit(DrillConnection connection, List<String> paths, Map<String, Seen> seen)
            throws IOException {
        for (String path : paths) {
            connection.send(OpCode.GET_DATA, new ClientRequest.Read(path, false));
            connection.send(OpCode.GET_ACL, new ClientRequest.PathOnly(path));
            connection.send(OpCode.GET_CHILDREN, new ClientRequest.Read(path, false));
        }
        List<String> below = new ArrayList<>();
        for (String path : paths) {
            DrillConnection.Reply data = connection.read();
            DrillConnection.Reply acl = connection.read();
            DrillConnection.Reply children = connection.read();
            if (data.header().err() == ErrorCode.NO_NODE.code()) {
                continue; // It expired, or was reaped, since its parent was read.
            }
            if (data.header().err() != 0) {
                throw new IOException(
                        path + " cannot be read, error " + data.header().err());
            }
            byte[] bytes = data.body().readBuffer();
            Stat stat = Stat.read(data.body());
            String text = bytes == null ? "null" : new String(bytes, StandardCharsets.ISO_8859_1);
            if (acl.header().err() != 0 || children.header().err() != 0) {
                continue;
            }
            seen.put(path, new Seen(text, Objects.requireNonNull(acl.body().readVector(Acl::read)), stat));
            for (String child : Objects.requireNonNull(children.body().readVector(in -> in.readRequiredString()))) {
                below.add(path.equals("/") ? "/" + child : path + "/" + child);
            }
        }
        return below;
    }
}
