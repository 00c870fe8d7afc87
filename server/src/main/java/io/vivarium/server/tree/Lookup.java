/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ways through the tree for those who change nothing.
 *
 * <p>Thread: any, in a hold; stateless. A look-up walks the path name by name, hashing as it goes, and allocates nothing; only
 * a path with characters outside ASCII is encoded first. Nothing is recursive: paths may be as deep as a frame is long.
 */
final class Lookup {
    private Lookup() {}

    /** Where a path leads to. */
    static Place place(Branch root, String path) {
        int length = path.length();
        int slash = path.lastIndexOf('/');
        if (slash < 0 || slash + 1 == length) {
            return new Place(root, null, Branch.NOT_FOUND, find(root, path));
        }
        int hash = 0;
        for (int i = slash + 1; i < length; i++) {
            char c = path.charAt(i);
            if (c >= 0x80) {
                return new Place(root, null, Branch.NOT_FOUND, find(root, path));
            }
            hash = 31 * hash + c;
        }
        if (!(parentOf(root, path, slash) instanceof Branch holder)) {
            return new Place(root, null, Branch.NOT_FOUND, null);
        }
        int slot = holder.slotOf(path, slash + 1, length, hash);
        return slot == Branch.NOT_FOUND
                ? new Place(root, null, slot, null)
                : new Place(root, holder, slot, holder.slot(slot));
    }

    private static @Nullable Object parentOf(Branch root, String path, int slash) {
        if (slash == 0) {
            return root;
        }
        // A slash alone leads to the root as a path of its own, but not as the beginning of another.
        return slash == 1 ? null : find(root, path, slash);
    }

    /** What stands at a path, a leaf or a branch; null if nothing does. */
    static @Nullable Object find(Branch root, String path) {
        return find(root, path, path.length());
    }

    /** What stands at the beginning of a path. */
    private static @Nullable Object find(Branch root, String path, int length) {
        if (length == 0) {
            return root;
        }
        if (path.charAt(0) != '/') {
            return null;
        }
        if (length == 1) {
            return root;
        }
        Object node = root;
        for (int from = 1; ; ) {
            int hash = 0;
            int to = from;
            for (; to < length; to++) {
                char c = path.charAt(to);
                if (c == '/') {
                    break;
                }
                if (c >= 0x80) {
                    byte[] utf8 = path.substring(0, length).getBytes(StandardCharsets.UTF_8);
                    return find(root, utf8, 0, utf8.length);
                }
                hash = 31 * hash + c;
            }
            if (to == from || !(node instanceof Branch branch)) {
                return null;
            }
            int slot = branch.slotOf(path, from, to, hash);
            if (slot == Branch.NOT_FOUND || to == length) {
                return slot == Branch.NOT_FOUND ? null : branch.slot(slot);
            }
            node = branch.slot(slot);
            from = to + 1;
        }
    }

    /** The same for a path in UTF-8. */
    static @Nullable Object find(Branch root, byte[] utf8, int offset, int length) {
        int end = offset + length;
        if (length == 0 || (length == 1 && utf8[offset] == '/')) {
            return root;
        }
        if (utf8[offset] != '/') {
            return null;
        }
        Object node = root;
        for (int from = offset + 1; ; ) {
            int hash = 0;
            int to = from;
            for (byte b; to < end && (b = utf8[to]) != '/'; to++) {
                hash = 31 * hash + b;
            }
            if (to == from || !(node instanceof Branch branch)) {
                return null;
            }
            int slot = branch.slotOf(utf8, from, to, hash);
            if (slot == Branch.NOT_FOUND || to == end) {
                return slot == Branch.NOT_FOUND ? null : branch.slot(slot);
            }
            node = branch.slot(slot);
            from = to + 1;
        }
    }

    /** The paths of everything below a node, parents first. */
    static List<String> descendantsOf(Branch root, String path) {
        record Open(Object node, String path) {}
        List<String> paths = new ArrayList<>();
        ArrayDeque<Open> open = new ArrayDeque<>();
        Object start = find(root, path);
        if (start != null) {
            open.push(new Open(start, path));
        }
        while (!open.isEmpty()) {
            Open next = open.pop();
            if (next.node() instanceof Branch branch) {
                for (Object child : branch.children()) {
                    byte[] p = PackedNode.of(child);
                    String name =
                            new String(p, PackedNode.nameOffset(p), PackedNode.nameLength(p), StandardCharsets.UTF_8);
                    String childPath = next.path() + "/" + name;
                    paths.add(childPath);
                    open.push(new Open(child, childPath));
                }
            }
        }
        return paths;
    }
}
