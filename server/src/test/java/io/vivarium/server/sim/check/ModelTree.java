/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.data.ZnodePath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Every znode at every zxid: the state that transactions in their order lead to.
 *
 * <p>Nothing derived is recomputed: {@link #set} keeps digest, number of nodes and ephemerals in step, so taking a change
 * back is setting what was there before. Thread: the test's.
 */
final class ModelTree {
    /** The paths a session owns at one moment: how many, and the sum of the hashes of their names. */
    record Owned(int count, long hash) {
        static final Owned NOTHING = new Owned(0, 0);
    }

    private static final int STAT_BYTES = 60;

    private final OwnerKind.Rules rules;
    private final Map<String, Versions<ModelNode>> nodes = new HashMap<>();
    private final Map<Long, Versions<Owned>> owned = new HashMap<>();
    private final Map<Long, TreeSet<String>> ephemerals = new HashMap<>();
    private final Versions<Integer> counts = new Versions<>();
    private final CRC32 crc = new CRC32();
    private final ByteBuffer statBytes = ByteBuffer.allocate(STAT_BYTES);
    private int count;
    private long digest;

    ModelTree(OwnerKind.Rules rules) {
        this.rules = rules;
        StoredStat zero = new StoredStat(0, 0, 0, 0, 0, 0, 0, 0, 0);
        set(ZnodePath.ROOT, new ModelNode(new byte[0], Acl.OPEN, zero, 1, ModelNode.hash("zookeeper")), 0);
        long inside = ModelNode.hash("quota") + ModelNode.hash("config");
        set(ZnodePath.SYSTEM, new ModelNode(new byte[0], Acl.OPEN, zero, 2, inside), 0);
        set(ZnodePath.QUOTA, new ModelNode(new byte[0], Acl.OPEN, zero, 0, 0), 0);
        set(ZnodePath.CONFIG, new ModelNode(new byte[0], Acl.READ_ONLY, zero, 0, 0), 0);
    }

    OwnerKind.Rules rules() {
        return rules;
    }

    @Nullable
    ModelNode latest(String path) {
        Versions<ModelNode> versions = nodes.get(path);
        return versions == null ? null : versions.latest();
    }

    @Nullable
    ModelNode at(String path, long zxid) {
        Versions<ModelNode> versions = nodes.get(path);
        return versions == null ? null : versions.at(zxid);
    }

    Owned ownedAt(long session, long zxid) {
        Versions<Owned> versions = owned.get(session);
        Owned found = versions == null ? null : versions.at(zxid);
        return found == null ? Owned.NOTHING : found;
    }

    int countAt(long zxid) {
        Integer found = counts.at(zxid);
        return found == null ? 0 : found;
    }

    Set<String> ephemeralsOf(long session) {
        return ephemerals.getOrDefault(session, new TreeSet<>());
    }

    Set<Long> owners() {
        return ephemerals.keySet();
    }

    /** As servers compute it (spec persistence 5): the sum over all nodes outside {@code /zookeeper/}. */
    long digest() {
        return digest;
    }

    OwnerKind kind(ModelNode node) {
        return OwnerKind.of(node.stat().ephemeralOwner(), rules);
    }

    /** Makes a node what it is from {@code zxid} on; null: it is no more. */
    void set(String path, @Nullable ModelNode node, long zxid) {
        Versions<ModelNode> versions = nodes.computeIfAbsent(path, key -> new Versions<>());
        ModelNode before = versions.latest();
        versions.put(zxid, node);
        boolean counted = !path.startsWith("/zookeeper/");
        if (before != null) {
            digest -= counted ? digestOf(path, before) : 0;
        }
        if (node != null) {
            digest += counted ? digestOf(path, node) : 0;
        }
        if ((before == null) != (node == null)) {
            count += node == null ? -1 : 1;
            counts.put(zxid, count);
            ModelNode subject = node == null ? before : node;
            if (subject != null && kind(subject) == OwnerKind.EPHEMERAL) {
                own(subject.stat().ephemeralOwner(), path, node != null, zxid);
            }
        }
    }

    private void own(long session, String path, boolean comes, long zxid) {
        TreeSet<String> paths = ephemerals.computeIfAbsent(session, key -> new TreeSet<>());
        if (comes) {
            paths.add(path);
        } else {
            paths.remove(path);
            if (paths.isEmpty()) {
                ephemerals.remove(session);
            }
        }
        Versions<Owned> versions = owned.computeIfAbsent(session, key -> new Versions<>());
        Owned before = versions.latest();
        long hash = before == null ? 0 : before.hash();
        hash += comes ? ModelNode.hash(path) : -ModelNode.hash(path);
        versions.put(zxid, new Owned(paths.size(), hash));
    }

    private long digestOf(String path, ModelNode node) {
        crc.reset();
        if (!path.equals(ZnodePath.ROOT)) {
            crc.update(path.getBytes(StandardCharsets.UTF_8));
        }
        if (node.data() != null) {
            crc.update(node.data());
        }
        StoredStat s = node.stat();
        statBytes.clear();
        statBytes.putLong(s.czxid()).putLong(s.mzxid()).putLong(s.pzxid());
        statBytes.putLong(s.ctime()).putLong(s.mtime());
        statBytes.putInt(s.version()).putInt(s.cversion()).putInt(s.aversion());
        statBytes.putLong(s.ephemeralOwner());
        crc.update(statBytes.array(), 0, STAT_BYTES);
        return crc.getValue();
    }

    static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? ZnodePath.ROOT : path.substring(0, slash);
    }

    static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
