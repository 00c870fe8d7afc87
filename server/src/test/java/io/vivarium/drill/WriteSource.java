/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws the next write of a worker, one that fits the tree as it will be when the server gets to it. Thread: one. */
final class WriteSource {
    /** Nodes below one root; beyond it deletes take over, so a long drill does not grow. */
    private static final int MAX_NODES = 80;

    private static final int MAX_DATA_CHARS = 300;

    private final RandomGenerator random;
    private long serial;

    WriteSource(RandomGenerator random) {
        this.random = random;
    }

    /**
     * @param ahead the tree after all writes drawn so far
     * @param session becomes the owner of ephemerals
     */
    Write next(Subtree ahead, long session) {
        List<String> leaves = new ArrayList<>(ahead.nodes().keySet());
        leaves.remove(ahead.root());
        if (leaves.size() < 4) {
            return create(ahead, 0, 0);
        }
        if (leaves.size() > MAX_NODES) {
            return delete(ahead, pick(leaves));
        }
        int dice = random.nextInt(100);
        if (dice < 25) {
            return create(ahead, 0, 0);
        }
        if (dice < 35) {
            return create(ahead, Write.EPHEMERAL, session);
        }
        if (dice < 60) {
            return set(ahead, pick(leaves));
        }
        if (dice < 75) {
            return delete(ahead, pick(leaves));
        }
        if (dice < 80) {
            return new Write.Refused(pick(leaves), Integer.MAX_VALUE);
        }
        return multi(ahead, leaves, session);
    }

    /** A create, a change, an ephemeral and a delete that belong together. */
    private Write multi(Subtree ahead, List<String> leaves, long session) {
        Subtree inside = ahead.copy();
        List<Write> parts = new ArrayList<>();
        parts.add(create(inside, 0, 0));
        parts.get(0).applyTo(inside);
        String changed = pick(leaves);
        parts.add(set(inside, changed));
        parts.get(1).applyTo(inside);
        parts.add(create(inside, Write.EPHEMERAL, session));
        parts.get(2).applyTo(inside);
        parts.add(delete(inside, changed));
        return new Write.Multi(List.copyOf(parts));
    }

    private Write create(Subtree ahead, int flags, long owner) {
        if (random.nextBoolean()) {
            String path = ahead.nextSequential("s-");
            return new Write.Create(path, ahead.root() + "/s-", data(), flags | Write.SEQUENTIAL, owner);
        }
        String path = ahead.root() + "/n" + serial++;
        return new Write.Create(path, path, data(), flags, owner);
    }

    private Write set(Subtree ahead, String path) {
        return new Write.SetData(path, data(), random.nextBoolean() ? ahead.version(path) : -1);
    }

    private Write delete(Subtree ahead, String path) {
        return new Write.Delete(path, random.nextBoolean() ? ahead.version(path) : -1);
    }

    private String pick(List<String> paths) {
        return paths.get(random.nextInt(paths.size()));
    }

    private String data() {
        return Long.toString(random.nextLong(), 36).repeat(1 + random.nextInt(MAX_DATA_CHARS) / 13);
    }
}
