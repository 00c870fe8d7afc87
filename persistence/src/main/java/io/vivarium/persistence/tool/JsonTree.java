/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.tool;

import io.vivarium.persistence.snapshot.SnapshotSink;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.data.ZnodePath;
import io.vivarium.protocol.jute.MalformedDataException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and sizes of a snapshot, printed as nested arrays (spec operations 2.5). Thread: one. */
final class JsonTree implements SnapshotSink {
    private static final int FIRST_INODE = 1001;

    private static final class Node {
        final String name;
        final int bytes;
        final List<Node> children = new ArrayList<>(0);

        Node(String name, int bytes) {
            this.name = name;
            this.bytes = bytes;
        }
    }

    private final Map<String, Node> nodes = new HashMap<>();
    private int inode;

    @Override
    public void node(String path, byte @Nullable [] data, long aclId, StoredStat stat) {
        Node node = new Node(path.isEmpty() ? "/" : ZnodePath.nameOf(path), data == null ? 0 : data.length);
        nodes.put(path, node);
        if (!path.isEmpty()) {
            Node parent = nodes.get(ZnodePath.parentOf(path));
            if (parent == null) {
                throw MalformedDataException.badValue(
                        0, "Invalid Datatree, unable to find parent " + ZnodePath.parentOf(path) + " of path " + path);
            }
            parent.children.add(node);
        }
    }

    void print(PrintStream out, long nowMillis) {
        inode = FIRST_INODE;
        out.print(
                "[1,0,{\"progname\":\"SnapshotFormatter.java\",\"progver\":\"0.01\",\"timestamp\":" + nowMillis + "},");
        Node root = nodes.get("");
        if (root != null) {
            print(out, root);
        }
        out.print("]");
    }

    /** Depth is bounded by the length of a path, some hundred thousand at worst, so the walk keeps its own stack. */
    private void print(PrintStream out, Node root) {
        List<List<Node>> siblings = new ArrayList<>();
        List<Integer> next = new ArrayList<>();
        siblings.add(List.of(root));
        next.add(0);
        while (!siblings.isEmpty()) {
            int depth = siblings.size() - 1;
            int at = next.get(depth);
            if (at == siblings.get(depth).size()) {
                siblings.remove(depth);
                next.remove(depth);
                if (depth > 0) {
                    out.print("]");
                }
                continue;
            }
            next.set(depth, at + 1);
            Node node = siblings.get(depth).get(at);
            // The root's array has no sibling before it; every other entry follows its parent's object.
            out.print(depth == 0 ? "" : ",");
            out.print(node.children.isEmpty() && depth > 0 ? "" : "[");
            out.print("{\"name\":\"" + escape(node.name) + "\",\"asize\":" + node.bytes + ",\"dsize\":" + node.bytes
                    + ",\"dev\":0,\"ino\":" + inode++ + "}");
            if (!node.children.isEmpty() || depth == 0) {
                siblings.add(node.children);
                next.add(0);
            }
        }
    }

    private static String escape(String name) {
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < 0x20) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    @Override
    public void clear() {}

    @Override
    public void fresh() {}

    @Override
    public void session(long id, int timeoutMillis) {}

    @Override
    public void acl(long id, List<Acl> acl) {}

    @Override
    public void digest(long zxid, long digest) {}

    @Override
    public void loaded(long zxid) {}
}
