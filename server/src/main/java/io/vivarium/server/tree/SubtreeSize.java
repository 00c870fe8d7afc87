/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import java.util.ArrayDeque;

/**
 * What a node and everything below it amount to.
 *
 * @param nodes the node itself included
 * @param dataBytes sum of the data lengths
 */
record SubtreeSize(long nodes, long dataBytes) {
    static final SubtreeSize NONE = new SubtreeSize(0, 0);

    /** Counts without recursion: paths may be as deep as a frame is long. */
    static SubtreeSize of(Object node) {
        long nodes = 1;
        long bytes = PackedNode.dataLength(PackedNode.of(node));
        ArrayDeque<Branch> open = new ArrayDeque<>();
        if (node instanceof Branch branch) {
            open.push(branch);
        }
        while (!open.isEmpty()) {
            Branch branch = open.pop();
            nodes += branch.size();
            for (int i = 0; i < branch.capacity(); i++) {
                Object child = branch.slot(i);
                if (child != null) {
                    bytes += PackedNode.dataLength(PackedNode.of(child));
                    if (child instanceof Branch below) {
                        open.push(below);
                    }
                }
            }
        }
        return new SubtreeSize(nodes, bytes);
    }
}
