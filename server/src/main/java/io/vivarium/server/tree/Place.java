/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import org.jspecify.annotations.Nullable;

/**
 * Where in the tree a path leads to, kept from the look-up before a change for the change itself, which need not look again if
 * the same node still stands there ({@link #isUpToDate}).
 *
 * <p>Thread: {@code core}. A slot may be emptied, or get another node or another state of the node; a parent that leaves the
 * tree has lost all its children before. So a slot that holds the very same object is still that of the path, as long as the
 * whole tree was not replaced (docs/adr/0011).
 */
public final class Place {
    private final Branch root;
    /** Null where nothing is there, and for a path that is looked for in another way: then it is never up to date. */
    private final @Nullable Branch holder;

    private final int slot;
    private final @Nullable Object node;

    Place(Branch root, @Nullable Branch holder, int slot, @Nullable Object node) {
        this.root = root;
        this.holder = holder;
        this.slot = slot;
        this.node = node;
    }

    /** The node, as {@link TreeView#find} gives it; null if nothing is there. */
    public @Nullable Znode znode() {
        return node == null ? null : Znode.of(node);
    }

    /** Whether the node stands there in the tree with this root, not replaced by another one or another state. */
    boolean isUpToDate(Branch rootNow) {
        return holder != null
                && node != null
                && root == rootNow
                && slot < holder.capacity()
                && holder.slot(slot) == node;
    }

    /** The parent of the node; only where it {@link #isUpToDate}. */
    Branch holder() {
        return required(holder);
    }

    int slot() {
        return slot;
    }

    /** Only where it {@link #isUpToDate}. */
    Object node() {
        return required(node);
    }

    private static <T> T required(@Nullable T object) {
        if (object == null) {
            throw new IllegalStateException("nothing is known of this place");
        }
        return object;
    }
}
