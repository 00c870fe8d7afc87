/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What a single change of the tree came to.
 *
 * @param node after the change; of a deletion the last state; null where there is none
 * @param parent after the change; null where the change does not concern it
 */
record Change(
        ErrorCode error, @Nullable Znode node, @Nullable Znode parent) {
    static final Change NO_NODE = new Change(ErrorCode.NO_NODE, null, null);
    static final Change NODE_EXISTS = new Change(ErrorCode.NODE_EXISTS, null, null);

    static Change of(Znode node) {
        return new Change(ErrorCode.OK, node, null);
    }

    static Change of(Znode node, Znode parent) {
        return new Change(ErrorCode.OK, node, parent);
    }

    boolean failed() {
        return error != ErrorCode.OK;
    }

    /** The node of a change that did not fail. */
    Znode requireNode() {
        if (node == null) {
            throw new IllegalStateException("no node: " + error);
        }
        return node;
    }

    /** The parent of a create or delete that did not fail. */
    Znode requireParent() {
        if (parent == null) {
            throw new IllegalStateException("no parent: " + error);
        }
        return parent;
    }
}
