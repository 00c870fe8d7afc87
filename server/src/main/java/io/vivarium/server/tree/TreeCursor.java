/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import org.jspecify.annotations.Nullable;

/**
 * A place in the tree: a node, or where it would be, and its parent, both with the slots they stand in.
 *
 * <p>Thread: {@code core}, which keeps one and moves it about. A change at the place keeps it valid; a change anywhere else
 * does not.
 */
final class TreeCursor {
    private @Nullable Object node;
    private @Nullable Branch holder;
    private int slot;
    private @Nullable Object parent;
    private @Nullable Branch parentHolder;
    private int parentSlot;

    /** Goes to a path. Afterwards node and parent are null where the tree has none. */
    void seek(Branch root, PathBytes path) {
        reset(root);
        if (path.isRoot()) {
            return;
        }
        byte[] bytes = path.bytes();
        int length = path.length();
        if (bytes[0] != '/') {
            reset(null);
            return;
        }
        int from = 1;
        while (true) {
            int to = from;
            int hash = 0;
            for (; to < length && bytes[to] != '/'; to++) {
                hash = 31 * hash + bytes[to];
            }
            if (to == from || node == null) {
                reset(null);
                return;
            }
            if (to == length) {
                parent = node;
                parentHolder = holder;
                parentSlot = slot;
            }
            descend(bytes, from, to, hash);
            if (to == length) {
                return;
            }
            from = to + 1;
        }
    }

    /** Goes to a place that is up to date; its parent is not looked for. */
    void enter(Place place) {
        reset(place.node());
        holder = place.holder();
        slot = place.slot();
    }

    private void reset(@Nullable Object newNode) {
        node = newNode;
        holder = null;
        slot = Branch.NOT_FOUND;
        parent = null;
        parentHolder = null;
        parentSlot = Branch.NOT_FOUND;
    }

    private void descend(byte[] bytes, int from, int to, int hash) {
        if (node instanceof Branch branch) {
            holder = branch;
            slot = branch.slotOf(bytes, from, to, hash);
            node = slot == Branch.NOT_FOUND ? null : branch.slot(slot);
        } else {
            holder = null;
            slot = Branch.NOT_FOUND;
            node = null;
        }
    }

    boolean hasNode() {
        return node != null;
    }

    boolean hasParent() {
        return parent != null;
    }

    /** The node; only where there is one. */
    Object node() {
        return present(node);
    }

    /** The parent; only where there is one. */
    Object parent() {
        return present(parent);
    }

    /** Gives the node another state. */
    void setNode(byte[] packed) {
        node = set(present(node), holder, slot, packed);
    }

    /** Gives the parent another state. */
    void setParent(byte[] packed) {
        parent = set(present(parent), parentHolder, parentSlot, packed);
    }

    private static Object set(Object node, @Nullable Branch holder, int slot, byte[] packed) {
        if (node instanceof Branch branch) {
            branch.setPacked(packed);
            return branch;
        }
        // Only the root stands in no slot, and the root is a branch.
        ((Branch) present(holder)).replace(slot, packed);
        return packed;
    }

    /** Puts a leaf where the cursor found no node. A parent that was a leaf becomes a branch. */
    void insert(byte[] packed) {
        Branch branch = parentBranch();
        branch.add(packed);
        // Adding may have moved the others; a leaf that is new is only read through this field until the next seek.
        node = packed;
        holder = branch;
        slot = Branch.NOT_FOUND;
    }

    /** The parent; it becomes a branch if it was a leaf. */
    Branch parentBranch() {
        Object at = present(parent);
        if (at instanceof Branch already) {
            return already;
        }
        // Whoever holds the leaf must not see the branch change.
        Branch branch = new Branch(((byte[]) at).clone());
        ((Branch) present(parentHolder)).replace(parentSlot, branch);
        parent = branch;
        return branch;
    }

    /** Takes the node, with all that is below it, out of its parent. */
    void remove() {
        ((Branch) present(holder)).remove(slot);
        node = null;
        slot = Branch.NOT_FOUND;
    }

    private static Object present(@Nullable Object object) {
        if (object == null) {
            throw new IllegalStateException("the cursor stands on nothing");
        }
        return object;
    }
}
