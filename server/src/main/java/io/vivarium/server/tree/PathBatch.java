/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.jute.JuteReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Paths that are looked up together.
 *
 * <p>The znodes of a large tree lie all over memory, and waiting for one of them takes longer than all else a read does. So a
 * search goes in five steps, each over all paths: the parents; a touch of each place in their sets; what stands there; a
 * touch of each of these nodes; and only then their names. No touch waits for another. Thread: one, in a shared hold of the
 * gate from {@link TreeView#find(PathBatch)} to the last {@link #node}; used again and again.
 */
public final class PathBatch {
    /** Paths in a batch. */
    public static final int MOST = 32;

    private static final int BYTES = MOST * 128;

    private final byte[] bytes = new byte[BYTES];
    private final int[] starts = new int[MOST + 1];
    private final @Nullable Object[] found = new Object[MOST];
    /** Where the node was not looked for by name yet, its parent. */
    private final @Nullable Branch[] parents = new Branch[MOST];

    private final int[] names = new int[MOST];
    private final int[] hashes = new int[MOST];
    private int size;
    private int touched;

    /**
     * Adds a path in ASCII without a zero, as a jute string; false, with nothing consumed, if it is anything else, or there is
     * no room for it.
     */
    public boolean add(JuteReader in) {
        if (size == MOST) {
            return false;
        }
        int length = in.readAscii(bytes, starts[size]);
        if (length < 0) {
            return false;
        }
        starts[size + 1] = starts[size] + length;
        size++;
        return true;
    }

    /** Adds a path; false if it has characters outside ASCII, or there is no room for it. */
    public boolean add(String path) {
        int start = starts[size];
        int length = path.length();
        if (size == MOST || length > bytes.length - start) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = path.charAt(i);
            if (c >= 0x80) {
                return false;
            }
            bytes[start + i] = (byte) c;
        }
        starts[size + 1] = start + length;
        size++;
        return true;
    }

    /** Takes the last path out again. */
    public void removeLast() {
        size--;
    }

    public int size() {
        return size;
    }

    /** Forgets the paths, and what was found: a tree that is given up must not live on here. */
    public void clear() {
        Arrays.fill(found, 0, size, null);
        Arrays.fill(parents, 0, size, null);
        size = 0;
    }

    /** What holds the paths, each from {@link #start} for {@link #length} bytes. */
    public byte[] bytes() {
        return bytes;
    }

    public int start(int index) {
        return starts[index];
    }

    public int length(int index) {
        return starts[index + 1] - starts[index];
    }

    /** What was found at a path; null if nothing is there. */
    public @Nullable Znode node(int index) {
        Object node = found[index];
        return node == null ? null : Znode.of(node);
    }

    void find(Branch root) {
        touch(root);
        for (int i = 0; i < size; i++) {
            confirm(i);
        }
    }

    /** The first steps of a search, which bring the nodes into the caches. */
    void touch(Branch root) {
        for (int i = 0; i < size; i++) {
            enterParent(root, i);
        }
        touchPlaces();
        for (int i = 0; i < size; i++) {
            Branch parent = parents[i];
            if (parent != null) {
                found[i] = parent.likely(hashes[i]);
            }
        }
        touchNodes();
    }

    /** Finds the parent; or at once the root, and what cannot be in any set. */
    private void enterParent(Branch root, int i) {
        int start = starts[i];
        int end = starts[i + 1];
        int slash = end - 1;
        while (slash > start && bytes[slash] != '/') {
            slash--;
        }
        Object parent = slash == start ? root : Lookup.find(root, bytes, start, slash - start);
        // A slash alone leads to the root as a path of its own, but not as the beginning of another.
        boolean isChild = slash + 1 < end && slash != start + 1 && bytes[start] == '/';
        if (!isChild || !(parent instanceof Branch branch)) {
            parents[i] = null;
            found[i] = Lookup.find(root, bytes, start, end - start);
            return;
        }
        parents[i] = branch;
        names[i] = slash + 1;
        hashes[i] = Branch.hash(bytes, slash + 1, end);
    }

    /** Reads a little of every place, so that the processor asks memory for all of them at once. */
    private void touchPlaces() {
        int sum = 0;
        for (int i = 0; i < size; i++) {
            Branch parent = parents[i];
            if (parent != null) {
                sum += parent.touch(hashes[i]);
            }
        }
        // Of no interest, but what is kept must have been read.
        touched = sum;
    }

    /** The same for every node. */
    private void touchNodes() {
        int sum = 0;
        for (int i = 0; i < size; i++) {
            Object node = found[i];
            if (node != null && parents[i] != null) {
                byte[] p = PackedNode.of(node);
                sum += p[0] + p[p.length >>> 1] + p[p.length - 1];
            }
        }
        touched = sum;
    }

    private void confirm(int i) {
        Branch parent = parents[i];
        Object node = found[i];
        if (parent != null && node != null && !Branch.isNamed(node, bytes, names[i], starts[i + 1])) {
            int slot = parent.slotOf(bytes, names[i], starts[i + 1], hashes[i]);
            found[i] = slot == Branch.NOT_FOUND ? null : parent.slot(slot);
        }
    }

    @Override
    public String toString() {
        return "PathBatch[" + size + " paths, " + touched + "]";
    }
}
