/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Children of one parent that a snapshot names one after the other: they wait here and go into the parent's set together.
 *
 * <p>So the way to the parent is looked for once, and the set is made once and in the right size. Thread: the loader's.
 */
final class Siblings {
    private byte[] parentPath = new byte[256];
    private int parentLength;
    private @Nullable Branch parent;
    private Object[] children = new Object[64];
    private int count;

    /** Whether a path is that of one more child of the same parent. */
    boolean areOf(PathBytes path) {
        return parent != null
                && path.parentLength() == parentLength
                && path.nameLength() > 0
                && path.bytes()[parentLength] == '/'
                && Arrays.equals(path.bytes(), 0, parentLength, parentPath, 0, parentLength);
    }

    /** The children of another parent follow, of which this path names the first. */
    void begin(PathBytes path, Branch of) {
        parent = of;
        parentLength = path.parentLength();
        if (parentPath.length < parentLength) {
            parentPath = new byte[2 * parentLength];
        }
        System.arraycopy(path.bytes(), 0, parentPath, 0, parentLength);
    }

    void add(byte[] leaf) {
        if (count == children.length) {
            children = Arrays.copyOf(children, 2 * count);
        }
        children[count++] = leaf;
    }

    /** Puts what waits into the tree. Answers the path of a child whose name is there already; null if there is none. */
    @Nullable
    String settle() {
        Branch into = parent;
        if (into == null) {
            return null;
        }
        Object twice = into.addAll(children, count);
        forget();
        return twice == null ? null : pathOf((byte[]) twice);
    }

    private String pathOf(byte[] child) {
        return new String(parentPath, 0, parentLength, StandardCharsets.UTF_8) + "/"
                + new String(child, PackedNode.nameOffset(child), PackedNode.nameLength(child), StandardCharsets.UTF_8);
    }

    /** Nothing waits any more. */
    void forget() {
        Arrays.fill(children, 0, count, null);
        count = 0;
        parent = null;
    }
}
