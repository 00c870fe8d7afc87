/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.Stat;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.data.ZnodePath;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The tree written down as simply as it can be: a sorted map of paths. It takes transactions that were prepared against it,
 * each once, and so knows nothing of repair.
 */
final class NaiveTree {
    /** One znode; the owner is raw, the cversion counts creates. */
    record Node(byte @Nullable [] data, List<Acl> acl, boolean open, StoredStat stat) {
        Node with(StoredStat other) {
            return new Node(data, acl, open, other);
        }

        int length() {
            return data == null ? 0 : data.length;
        }
    }

    final TreeMap<String, Node> nodes = new TreeMap<>();
    final TreeMap<Long, Integer> sessions = new TreeMap<>();
    private final OwnerKind.Rules rules;
    private final Set<String> quotas = new HashSet<>();
    long zxid;

    NaiveTree(OwnerKind.Rules rules) {
        this.rules = rules;
        StoredStat zero = new StoredStat(0, 0, 0, 0, 0, 0, 0, 0, 0);
        for (String path : List.of("/", ZnodePath.SYSTEM, ZnodePath.QUOTA)) {
            nodes.put(path, new Node(new byte[0], Acl.OPEN, true, zero));
        }
        nodes.put(
                ZnodePath.CONFIG,
                new Node(new byte[0], Acl.READ_ONLY, false, new StoredStat(0, 0, 0, 0, 0, 0, -1, 0, 0)));
    }

    void apply(TxnHeader header, Txn body) {
        if (body instanceof Txn.Multi multi) {
            if (!multi.isRefused()) {
                multi.parts().forEach(part -> applyOne(header, part.body()));
            }
        } else {
            applyOne(header, body);
        }
        zxid = header.zxid();
    }

    private void applyOne(TxnHeader header, Txn body) {
        if (body instanceof Txn.Create c) {
            create(c.path(), c.data(), c.acl(), c.ephemeral() ? header.clientId() : 0, header);
        } else if (body instanceof Txn.CreateContainer c) {
            create(c.path(), c.data(), c.acl(), OwnerKind.CONTAINER_OWNER, header);
        } else if (body instanceof Txn.CreateTtl c) {
            create(c.path(), c.data(), c.acl(), OwnerKind.ownerOfTtl(c.ttlMillis()), header);
        } else if (body instanceof Txn.Delete d) {
            delete(d.path(), header.zxid());
        } else if (body instanceof Txn.SetData s) {
            setData(s, header);
        } else if (body instanceof Txn.SetAcl s) {
            Node n = nodes.get(s.path());
            StoredStat o = n.stat();
            nodes.put(
                    s.path(),
                    new Node(
                            n.data(),
                            s.acl(),
                            false,
                            new StoredStat(
                                    o.czxid(),
                                    o.mzxid(),
                                    o.ctime(),
                                    o.mtime(),
                                    o.version(),
                                    o.cversion(),
                                    s.version(),
                                    o.ephemeralOwner(),
                                    o.pzxid())));
        } else if (body instanceof Txn.CreateSession s) {
            sessions.put(header.clientId(), s.timeoutMillis());
        } else if (body instanceof Txn.CloseSession) {
            sessions.remove(header.clientId());
            ephemeralsOf(header.clientId()).forEach(path -> delete(path, header.zxid()));
        }
    }

    private void create(String path, byte @Nullable [] data, List<Acl> acl, long owner, TxnHeader h) {
        StoredStat p = nodes.get(parentOf(path)).stat();
        nodes.computeIfPresent(parentOf(path), (k, n) -> n.with(changed(p, p.cversion() + 1, h.zxid())));
        StoredStat stat = new StoredStat(h.zxid(), h.zxid(), h.timeMillis(), h.timeMillis(), 0, 0, 0, owner, h.zxid());
        nodes.put(path, new Node(data, acl, false, stat));
        String subject = path.startsWith("/zookeeper/quota/") ? parentOf(path).substring(16) : "";
        if (path.endsWith("/zookeeper_limits") && !subject.isEmpty()) {
            quotas.add(subject);
        }
        if (path.endsWith("/zookeeper_stats") && !subject.isEmpty()) {
            List<String> all = subtree(subject);
            long bytes = all.stream().mapToLong(s -> nodes.get(s).length()).sum();
            stats(path, all.size(), bytes);
        }
        account(path, 1, data == null ? 0 : data.length);
    }

    private void delete(String path, long zxid) {
        Node node = nodes.remove(path);
        StoredStat p = nodes.get(parentOf(path)).stat();
        nodes.computeIfPresent(parentOf(path), (k, n) -> n.with(changed(p, p.cversion(), zxid)));
        if (path.startsWith("/zookeeper/quota/") && path.endsWith("/zookeeper_limits")) {
            quotas.remove(parentOf(path).substring(16));
        }
        account(path, -1, -node.length());
    }

    private void setData(Txn.SetData s, TxnHeader h) {
        Node n = nodes.get(s.path());
        StoredStat o = n.stat();
        nodes.put(
                s.path(),
                new Node(
                        s.data(),
                        n.acl(),
                        n.open(),
                        new StoredStat(
                                o.czxid(),
                                h.zxid(),
                                o.ctime(),
                                h.timeMillis(),
                                s.version(),
                                o.cversion(),
                                o.aversion(),
                                o.ephemeralOwner(),
                                o.pzxid())));
        account(s.path(), 0, (s.data() == null ? 0 : s.data().length) - n.length());
    }

    private static StoredStat changed(StoredStat o, int cversion, long pzxid) {
        return new StoredStat(
                o.czxid(),
                o.mzxid(),
                o.ctime(),
                o.mtime(),
                o.version(),
                cversion,
                o.aversion(),
                o.ephemeralOwner(),
                pzxid);
    }

    private void account(String path, int count, int bytes) {
        String best = "";
        for (String quota : quotas) {
            if ((path.equals(quota) || path.startsWith(quota + "/")) && quota.length() > best.length()) {
                best = quota;
            }
        }
        String statsPath = "/zookeeper/quota" + best + "/zookeeper_stats";
        if (!best.isEmpty() && nodes.containsKey(statsPath)) {
            String[] old = new String(nodes.get(statsPath).data(), StandardCharsets.UTF_8).split("[=,]", -1);
            stats(statsPath, Long.parseLong(old[1]) + count, Long.parseLong(old[3]) + bytes);
        }
    }

    private void stats(String path, long count, long bytes) {
        Node n = nodes.get(path);
        byte[] text = ("count=" + count + ",bytes=" + bytes).getBytes(StandardCharsets.UTF_8);
        nodes.put(path, new Node(text, n.acl(), n.open(), n.stat()));
    }

    List<String> subtree(String path) {
        List<String> paths = new ArrayList<>();
        for (String candidate : nodes.keySet()) {
            if (candidate.equals(path) || candidate.startsWith(path.equals("/") ? "/" : path + "/")) {
                paths.add(candidate);
            }
        }
        return paths;
    }

    List<String> childNames(String path) {
        List<String> names = new ArrayList<>();
        for (String candidate : nodes.keySet()) {
            if (!candidate.equals("/") && parentOf(candidate).equals(path)) {
                names.add(ZnodePath.nameOf(candidate));
            }
        }
        return names;
    }

    List<String> ephemeralsOf(long session) {
        return pathsOf(OwnerKind.EPHEMERAL).stream()
                .filter(path -> nodes.get(path).stat().ephemeralOwner() == session)
                .toList();
    }

    List<String> pathsOf(OwnerKind kind) {
        return nodes.keySet().stream().filter(path -> kindOf(path) == kind).toList();
    }

    OwnerKind kindOf(String path) {
        return OwnerKind.of(nodes.get(path).stat().ephemeralOwner(), rules);
    }

    static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    long digest() {
        long sum = 0;
        for (Map.Entry<String, Node> entry : nodes.entrySet()) {
            if (!entry.getKey().startsWith("/zookeeper/")) {
                StoredStat s = entry.getValue().stat();
                CRC32 crc = new CRC32();
                crc.update(
                        entry.getKey().equals("/")
                                ? new byte[0]
                                : entry.getKey().getBytes(StandardCharsets.UTF_8));
                crc.update(
                        entry.getValue().data() == null
                                ? new byte[0]
                                : entry.getValue().data());
                ByteBuffer stat = ByteBuffer.allocate(60);
                stat.putLong(s.czxid())
                        .putLong(s.mzxid())
                        .putLong(s.pzxid())
                        .putLong(s.ctime())
                        .putLong(s.mtime());
                stat.putInt(s.version())
                        .putInt(s.cversion())
                        .putInt(s.aversion())
                        .putLong(s.ephemeralOwner());
                crc.update(stat.array());
                sum += crc.getValue();
            }
        }
        return sum;
    }

    /** Everything a tree can be asked is as it is here. */
    void assertSameAs(ZnodeTree tree, String description) {
        assertThat(tree.lastZxid()).as(description).isEqualTo(zxid);
        assertThat(tree.nodeCount()).as(description).isEqualTo(nodes.size());
        long size = 0;
        Set<List<Acl>> acls = new HashSet<>();
        for (Map.Entry<String, Node> entry : nodes.entrySet()) {
            String path = entry.getKey();
            String what = description + " at " + path;
            Node expected = entry.getValue();
            Znode actual = tree.find(path);
            assertThat(actual).as(what).isNotNull();
            List<String> children = childNames(path);
            Stat stat = expected.stat().toStat(expected.length(), children.size(), kindOf(path));
            assertThat(actual.stat()).as(what).isEqualTo(stat);
            assertThat(actual.storedStat()).as(what).isEqualTo(expected.stat());
            assertThat(actual.kind()).as(what).isEqualTo(kindOf(path));
            assertThat(actual.data()).as(what).isEqualTo(expected.data());
            assertThat(tree.acl(actual)).as(what).isEqualTo(expected.acl());
            assertThat(actual.childNames()).as(what).containsExactlyInAnyOrderElementsOf(children);
            assertThat(tree.countDescendants(path))
                    .as(what)
                    .isEqualTo(subtree(path).size() - 1);
            size += path.getBytes(StandardCharsets.UTF_8).length + expected.length();
            if (!expected.open()) {
                acls.add(expected.acl());
            }
        }
        assertThat(tree.approximateDataSize()).as(description).isEqualTo(size);
        assertThat(tree.acls().size()).as(description).isEqualTo(acls.size());
        assertThat(tree.digest()).as(description).isEqualTo(digest());
        Set<Long> owners = new TreeSet<>();
        pathsOf(OwnerKind.EPHEMERAL)
                .forEach(path -> owners.add(nodes.get(path).stat().ephemeralOwner()));
        assertThat(tree.ephemerals().copy().keySet()).as(description).isEqualTo(owners);
        assertThat(tree.ephemerals().size())
                .as(description)
                .isEqualTo(pathsOf(OwnerKind.EPHEMERAL).size());
        for (long owner : owners) {
            assertThat(tree.ephemeralsOf(owner))
                    .as(description)
                    .containsExactlyInAnyOrderElementsOf(ephemeralsOf(owner));
        }
        assertThat(tree.reapSchedule().containerCount())
                .isEqualTo(pathsOf(OwnerKind.CONTAINER).size());
        assertThat(tree.reapSchedule().ttlCount())
                .isEqualTo(pathsOf(OwnerKind.TTL).size());
        assertThat(tree.quotas().size()).as(description).isEqualTo(quotas.size());
    }
}
