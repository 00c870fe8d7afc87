/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

/**
 * Hears of every change that watches may fire for, in the order in which events must go out (spec client-protocol 8.2).
 *
 * <p>Called by {@link TxnApplier} on {@code core}, inside the exclusive hold, right after each single change; a listener must
 * not change the tree. The access control lists of all nodes given can be resolved during the call, those of a node that
 * was just deleted too (spec 8.6). The parent's path is {@code /} for the root.
 */
public interface ChangeListener {
    /** Nobody listens: replay. */
    ChangeListener NONE = new ChangeListener() {
        @Override
        public void created(String path, Znode node, String parentPath, Znode parent) {}

        @Override
        public void deleted(String path, Znode last, String parentPath, Znode parent) {}

        @Override
        public void dataChanged(String path, Znode node) {}
    };

    /** @param parent as it is with the new child */
    void created(String path, Znode node, String parentPath, Znode parent);

    /**
     * @param last the node as it was before
     * @param parent as it is without the child
     */
    void deleted(String path, Znode last, String parentPath, Znode parent);

    /** setData and reconfig, also when the bytes are what they were. */
    void dataChanged(String path, Znode node);
}
