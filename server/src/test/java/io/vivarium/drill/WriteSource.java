/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.drill;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.ErrorCode;
import io.vivarium.protocol.data.Id;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws the next write of a worker, one that fits the tree as it will be when the server gets to it. Thread: one. */
final class WriteSource {
    /** Nodes below one root; beyond it deletes take over, so a long drill does not grow. */
    private static final int MAX_NODES = 80;

    private static final int MAX_DATA_CHARS = 300;
    /** Long enough that some crashes come before it is over and some after. */
    private static final long SHORT_TTL_MILLIS = 1_200;

    private static final int WRONG_VERSION = Integer.MAX_VALUE;

    private final RandomGenerator random;
    private long serial;

    WriteSource(RandomGenerator random) {
        this.random = random;
    }

    /**
     * @param ahead the tree after all writes drawn so far
     * @param session becomes the owner of ephemerals
     */
    Write next(Subtree ahead, long session, long nowMillis) {
        List<String> leaves = ahead.leaves();
        if (leaves.size() < 4) {
            return create(ahead, NodeKind.PLAIN);
        }
        if (leaves.size() > MAX_NODES) {
            return delete(ahead, pick(leaves));
        }
        int dice = random.nextInt(100);
        if (dice < 34) {
            return create(ahead, kind(session, nowMillis));
        }
        if (dice < 50) {
            return set(ahead, pick(leaves));
        }
        if (dice < 63) {
            return setAcl(ahead, pick(leaves));
        }
        if (dice < 77) {
            return delete(ahead, pick(leaves));
        }
        if (dice < 83) {
            return refused(pick(leaves));
        }
        Write.Multi multi = multi(ahead, leaves, session, nowMillis);
        return dice < 97 ? multi : spoiled(multi, pick(leaves));
    }

    private NodeKind kind(long session, long nowMillis) {
        int dice = random.nextInt(100);
        if (dice < 25) {
            return NodeKind.PLAIN;
        }
        if (dice < 45) {
            return NodeKind.WITH_STAT;
        }
        if (dice < 55) {
            return NodeKind.ephemeral(session);
        }
        if (dice < 65) {
            return NodeKind.ephemeralWithStat(session);
        }
        if (dice < 80) {
            return NodeKind.CONTAINER;
        }
        return dice < 90 ? NodeKind.longLived() : NodeKind.shortLived(nowMillis, SHORT_TTL_MILLIS);
    }

    /** A check, two creates, a change, an ephemeral and a delete that belong together. */
    private Write.Multi multi(Subtree ahead, List<String> leaves, long session, long nowMillis) {
        Subtree inside = ahead.copy();
        List<Write> parts = new ArrayList<>();
        String changed = pick(leaves);
        add(parts, inside, new Write.Check(changed, inside.node(changed).version()));
        add(parts, inside, create(inside, NodeKind.PLAIN));
        add(parts, inside, create(inside, kind(session, nowMillis).asPart()));
        // The node created last may be below the one picked first, which then is no leaf any more.
        if (inside.leaves().contains(changed)) {
            add(parts, inside, set(inside, changed));
            add(parts, inside, create(inside, NodeKind.ephemeral(session)));
        }
        if (inside.leaves().contains(changed)) {
            add(parts, inside, delete(inside, changed));
        }
        return new Write.Multi(List.copyOf(parts));
    }

    private static void add(List<Write> parts, Subtree inside, Write part) {
        part.applyTo(inside);
        parts.add(part);
    }

    private static Write spoiled(Write.Multi multi, String path) {
        List<Write> parts = new ArrayList<>(multi.parts());
        parts.add(new Write.Check(path, WRONG_VERSION));
        return new Write.RefusedMulti(new Write.Multi(parts));
    }

    private Write refused(String path) {
        return switch (random.nextInt(4)) {
            case 0 -> new Write.Refused(new Write.SetData(path, "never", WRONG_VERSION), ErrorCode.BAD_VERSION);
            case 1 -> new Write.Refused(new Write.SetAcl(path, Acl.READ_ONLY, WRONG_VERSION), ErrorCode.BAD_VERSION);
            case 2 -> new Write.Refused(new Write.Delete(path, WRONG_VERSION), ErrorCode.BAD_VERSION);
            default ->
                new Write.Refused(
                        new Write.Create(path, path, "never", Acl.OPEN, NodeKind.CONTAINER), ErrorCode.NODE_EXISTS);
        };
    }

    private Write create(Subtree ahead, NodeKind kind) {
        // Containers stand below the root only; half of all else goes into one of them, if there is one.
        String parent = kind.isContainer() || random.nextBoolean() ? ahead.root() : pick(ahead.parents());
        if (!kind.isContainer() && random.nextBoolean()) {
            String path = ahead.nextSequential(parent, "s-");
            return new Write.Create(path, parent + "/s-", data(), acl(), kind.sequential());
        }
        String path = parent + "/n" + serial++;
        return new Write.Create(path, path, data(), acl(), kind);
    }

    private Write set(Subtree ahead, String path) {
        return new Write.SetData(
                path, data(), random.nextBoolean() ? ahead.node(path).version() : -1);
    }

    private Write setAcl(Subtree ahead, String path) {
        return new Write.SetAcl(
                path, acl(), random.nextBoolean() ? ahead.node(path).aversion() : -1);
    }

    private Write delete(Subtree ahead, String path) {
        return new Write.Delete(path, random.nextBoolean() ? ahead.node(path).version() : -1);
    }

    /** A list that lets everybody do all, as the worker goes on; the other entry makes one of several hundred lists. */
    private List<Acl> acl() {
        if (random.nextInt(3) == 0) {
            return Acl.OPEN;
        }
        Acl other = new Acl(1 + random.nextInt(Acl.ALL), new Id("digest", "user" + random.nextInt(20) + ":hash"));
        return List.of(Acl.OPEN.get(0), other);
    }

    private String pick(List<String> paths) {
        return paths.get(random.nextInt(paths.size()));
    }

    private String data() {
        return Long.toString(random.nextLong(), 36).repeat(1 + random.nextInt(MAX_DATA_CHARS) / 13);
    }
}
