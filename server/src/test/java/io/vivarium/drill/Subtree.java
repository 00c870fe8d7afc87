/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.drill;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the nodes below one session's own root must be: a naive model without IO.
 *
 * <p>Only that one session writes below its root and a session's requests are executed in order, so after any crash the
 * server must hold this model after some prefix of the writes sent, which includes all that were acknowledged. A write
 * that was lost, reordered, torn or done twice matches no prefix: versions and sequence numbers count every one. Thread:
 * one at a time.
 */
final class Subtree {
    /** What is compared of a node; the owner is 0 for a node that no session owns. */
    record Node(String data, int version, int created, long owner) {}

    private final String root;
    private final Map<String, Node> nodes;

    Subtree(String root) {
        this(root, new TreeMap<>());
    }

    private Subtree(String root, Map<String, Node> nodes) {
        this.root = root;
        this.nodes = nodes;
    }

    Subtree copy() {
        return new Subtree(root, new TreeMap<>(nodes));
    }

    String root() {
        return root;
    }

    Map<String, Node> nodes() {
        return nodes;
    }

    void create(String path, String data, long owner) {
        if (nodes.putIfAbsent(path, new Node(data, 0, 0, owner)) != null) {
            throw new IllegalStateException(path + " is there already");
        }
        countChild(path);
    }

    /** The path that a sequential create below the root gets: its number counts the creates before it (spec 5.3.2). */
    String nextSequential(String prefix) {
        return root + "/" + prefix + String.format("%010d", required(root).created());
    }

    void setData(String path, String data) {
        Node old = required(path);
        nodes.put(path, new Node(data, old.version() + 1, old.created(), old.owner()));
    }

    void delete(String path) {
        required(path);
        nodes.remove(path);
    }

    /** All that the session owned goes with it. */
    void close(long session) {
        nodes.values().removeIf(node -> node.owner() == session);
    }

    int version(String path) {
        return required(path).version();
    }

    long ephemerals() {
        return nodes.values().stream().filter(node -> node.owner() != 0).count();
    }

    private void countChild(String path) {
        Node parent = nodes.get(path.substring(0, path.lastIndexOf('/')));
        if (parent != null) {
            nodes.put(
                    path.substring(0, path.lastIndexOf('/')),
                    new Node(parent.data(), parent.version(), parent.created() + 1, parent.owner()));
        }
    }

    private Node required(String path) {
        Node node = nodes.get(path);
        if (node == null) {
            throw new IllegalStateException("no node " + path);
        }
        return node;
    }
}
