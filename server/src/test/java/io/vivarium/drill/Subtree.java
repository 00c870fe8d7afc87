/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.drill;

import io.vivarium.protocol.data.Acl;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the nodes below one session's own root must be: a naive model without IO.
 *
 * <p>Only that one session writes below its root and a session's requests are executed in order, so after any crash the
 * server must hold this model after some prefix of the writes sent, which includes all that were acknowledged. A write
 * that was lost, reordered, torn or done twice matches no prefix: versions and sequence numbers count every one.
 *
 * <p>The server itself deletes containers that were used and are empty, and TTL nodes whose time is over. Such a node is
 * {@code leaving}: it may be there, as the model has it, or be gone, but not before its time; the session leaves it alone.
 * Thread: one at a time.
 */
final class Subtree {
    /** What is compared of a node; the owner is 0 for a node that no session owns. */
    record Node(String data, int version, int created, long owner, List<Acl> acl, int aversion) {
        Node withData(String changed) {
            return new Node(changed, version + 1, created, owner, acl, aversion);
        }

        Node withAcl(List<Acl> changed) {
            return new Node(data, version, created, owner, changed, aversion + 1);
        }

        Node withChild() {
            return new Node(data, version, created + 1, owner, acl, aversion);
        }
    }

    private final String root;
    private final Map<String, Node> nodes;
    private final Set<String> containers;
    /** Nodes that the server may delete, and from which wall clock millisecond on. */
    private final Map<String, Long> leaving;

    Subtree(String root) {
        this(root, new TreeMap<>(), new HashSet<>(), new HashMap<>());
    }

    private Subtree(String root, Map<String, Node> nodes, Set<String> containers, Map<String, Long> leaving) {
        this.root = root;
        this.nodes = nodes;
        this.containers = containers;
        this.leaving = leaving;
    }

    Subtree copy() {
        return new Subtree(root, new TreeMap<>(nodes), new HashSet<>(containers), new HashMap<>(leaving));
    }

    String root() {
        return root;
    }

    // ---- What the session does --------------------------------------------------------------------------------

    void create(String path, String data, List<Acl> acl, NodeKind kind) {
        if (nodes.putIfAbsent(path, new Node(data, 0, 0, kind.owner(), acl, 0)) != null) {
            throw new IllegalStateException(path + " is there already");
        }
        nodes.computeIfPresent(parent(path), (same, node) -> node.withChild());
        if (kind.isContainer()) {
            containers.add(path);
        }
        if (kind.reapedFrom() != NodeKind.NEVER) {
            leaving.put(path, kind.reapedFrom());
        }
        childrenChanged(parent(path));
    }

    /** The path that a sequential create gets: its number counts the creates below the parent before it (spec 5.3.2). */
    String nextSequential(String parent, String prefix) {
        return parent + "/" + prefix + String.format("%010d", node(parent).created());
    }

    void setData(String path, String data) {
        nodes.put(path, node(path).withData(data));
    }

    void setAcl(String path, List<Acl> acl) {
        nodes.put(path, node(path).withAcl(acl));
    }

    void delete(String path) {
        node(path);
        forget(path);
        childrenChanged(parent(path));
    }

    /** All that the session owned goes with it. */
    void close(long session) {
        List<String> owned = nodes.entrySet().stream()
                .filter(each -> each.getValue().owner() == session)
                .map(Map.Entry::getKey)
                .toList();
        owned.forEach(this::delete);
    }

    // ---- What is there ----------------------------------------------------------------------------------------

    Node node(String path) {
        Node node = nodes.get(path);
        if (node == null) {
            throw new IllegalStateException("no node " + path);
        }
        return node;
    }

    /** Nodes that stay and have no children: what may be changed and deleted. */
    List<String> leaves() {
        return nodes.keySet().stream()
                .filter(path -> !path.equals(root) && !leaving.containsKey(path) && !hasChildren(path))
                .toList();
    }

    /** Where children may be created: the root, and containers that stay. */
    List<String> parents() {
        return nodes.keySet().stream()
                .filter(path -> path.equals(root) || (containers.contains(path) && !leaving.containsKey(path)))
                .toList();
    }

    boolean hasLeaving() {
        return !leaving.isEmpty();
    }

    boolean mayBeGone(String path, long nowMillis) {
        return leaving.getOrDefault(path, NodeKind.NEVER) <= nowMillis;
    }

    /** How many nodes a server that holds {@code actual} at that time has too few, too many or different; 0 if it is right. */
    int differences(Map<String, Node> actual, long nowMillis) {
        int count = 0;
        for (Map.Entry<String, Node> each : nodes.entrySet()) {
            Node found = actual.get(each.getKey());
            boolean right = found == null ? mayBeGone(each.getKey(), nowMillis) : found.equals(each.getValue());
            count += right ? 0 : 1;
        }
        for (String path : actual.keySet()) {
            count += nodes.containsKey(path) ? 0 : 1;
        }
        return count;
    }

    /** Forgets what the server has deleted by itself; returns how many nodes. */
    int forgetReaped(Map<String, Node> actual) {
        List<String> gone = leaving.keySet().stream()
                .filter(path -> !actual.containsKey(path))
                .toList();
        gone.forEach(this::forget);
        return gone.size();
    }

    private void forget(String path) {
        nodes.remove(path);
        containers.remove(path);
        leaving.remove(path);
    }

    /** A container that was used leaves with the last of its children that stays, at the earliest after those that leave. */
    private void childrenChanged(String parent) {
        if (containers.contains(parent)) {
            long emptyFrom = nodes.keySet().stream()
                    .filter(path -> path.startsWith(parent + "/"))
                    .mapToLong(path -> leaving.getOrDefault(path, NodeKind.NEVER))
                    .max()
                    .orElse(0);
            if (emptyFrom != NodeKind.NEVER) {
                leaving.put(parent, emptyFrom);
            }
        }
    }

    private boolean hasChildren(String path) {
        return nodes.keySet().stream().anyMatch(other -> other.startsWith(path + "/"));
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
