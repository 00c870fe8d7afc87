/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.model;

import io.vivarium.persistence.recovery.TxnSink;
import io.vivarium.persistence.snapshot.AclSink;
import io.vivarium.persistence.snapshot.NodeSink;
import io.vivarium.persistence.snapshot.SessionSink;
import io.vivarium.persistence.snapshot.SnapshotSink;
import io.vivarium.persistence.snapshot.SnapshotSource;
import io.vivarium.protocol.client.OpCode;
import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.data.ZnodePath;
import io.vivarium.protocol.jute.MalformedDataException;
import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.protocol.txn.Txn;
import io.vivarium.protocol.txn.TxnHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The rules of spec persistence 3.6 and 5, one after the other, on a sorted map of paths.
 *
 * <p>Thread: one. The root's path is {@code /} here. Everything that could be derived is derived anew each time: the
 * digest from all nodes, the children from the map.
 */
public final class NaiveTree implements SnapshotSink, SnapshotSource, TxnSink {
    private static final OwnerKind.Rules RULES = new OwnerKind.Rules(true, false);
    private static final long OPEN_ACL_ID = -1;

    /** One node; fields as stored, {@code cversion} counts creates. */
    public static final class Node {
        public byte @Nullable [] data;
        public List<Acl> acl = Acl.OPEN;
        public long czxid;
        public long mzxid;
        public long ctime;
        public long mtime;
        public int version;
        public int cversion;
        public int aversion;
        public long owner;
        public long pzxid;

        public StoredStat stat() {
            return new StoredStat(czxid, mzxid, ctime, mtime, version, cversion, aversion, owner, pzxid);
        }

        int dataLength() {
            return data == null ? 0 : data.length;
        }
    }

    private final TreeMap<String, Node> nodes = new TreeMap<>();
    private final TreeMap<Long, Integer> sessions = new TreeMap<>();
    private final Map<Long, List<Acl>> loadedAcls = new HashMap<>();
    private long lastZxid;
    private long pendingDigestZxid = -1;
    private long pendingDigest;
    private final List<String> digestMismatches = new ArrayList<>();
    private int digestsCompared;

    public NaiveTree() {
        fresh();
    }

    public SortedMap<String, Node> nodes() {
        return nodes;
    }

    public SortedMap<Long, Integer> sessions() {
        return sessions;
    }

    public long zxid() {
        return lastZxid;
    }

    /** What did not agree with a digest in a snapshot or a record. */
    public List<String> digestMismatches() {
        return digestMismatches;
    }

    public int digestsCompared() {
        return digestsCompared;
    }

    /** Session to sorted paths of its ephemerals. */
    public SortedMap<Long, SortedSet<String>> ephemerals() {
        SortedMap<Long, SortedSet<String>> found = new TreeMap<>();
        nodes.forEach((path, node) -> {
            if (OwnerKind.of(node.owner, RULES) == OwnerKind.EPHEMERAL) {
                found.computeIfAbsent(node.owner, session -> new TreeSet<>()).add(path);
            }
        });
        return found;
    }

    public List<String> children(String path) {
        String prefix = path.equals("/") ? "/" : path + "/";
        List<String> found = new ArrayList<>();
        for (String candidate : nodes.tailMap(prefix, false).keySet()) {
            if (!candidate.startsWith(prefix)) {
                break;
            }
            if (candidate.indexOf('/', prefix.length()) < 0) {
                found.add(candidate);
            }
        }
        return found;
    }

    // ---- loading

    @Override
    public void clear() {
        nodes.clear();
        sessions.clear();
        loadedAcls.clear();
        lastZxid = 0;
        pendingDigestZxid = -1;
    }

    @Override
    public void fresh() {
        clear();
        for (String path : List.of("/", ZnodePath.SYSTEM, ZnodePath.QUOTA, ZnodePath.CONFIG)) {
            Node node = new Node();
            node.data = new byte[0];
            nodes.put(path, node);
        }
        Node config = node(ZnodePath.CONFIG);
        config.acl = Acl.READ_ONLY;
        config.aversion = -1;
    }

    @Override
    public void session(long id, int timeoutMillis) {
        sessions.put(id, timeoutMillis);
    }

    @Override
    public void acl(long id, List<Acl> acl) {
        loadedAcls.put(id, acl);
    }

    @Override
    public void node(String path, byte @Nullable [] data, long aclId, StoredStat stat) {
        String name = path.isEmpty() ? "/" : path;
        if (!path.isEmpty() && !nodes.containsKey(parentOf(path))) {
            throw MalformedDataException.badValue(
                    0, "Invalid Datatree, unable to find parent " + parentOf(path) + " of path " + path);
        }
        Node node = new Node();
        node.data = data;
        node.acl = aclId == OPEN_ACL_ID ? Acl.OPEN : loadedAcls.getOrDefault(aclId, List.of());
        node.czxid = stat.czxid();
        node.mzxid = stat.mzxid();
        node.ctime = stat.ctime();
        node.mtime = stat.mtime();
        node.version = stat.version();
        node.cversion = stat.cversion();
        node.aversion = stat.aversion();
        node.owner = stat.ephemeralOwner();
        node.pzxid = stat.pzxid();
        nodes.put(name, node);
    }

    @Override
    public void digest(long zxid, long digest) {
        pendingDigestZxid = zxid;
        pendingDigest = digest;
    }

    @Override
    public void loaded(long zxid) {
        lastZxid = zxid;
        for (String quota : List.copyOf(nodes.keySet())) {
            if (isQuotaLeaf(quota, ZnodePath.QUOTA_LIMITS)) {
                recount(quotaTarget(quota));
            }
        }
        if (pendingDigestZxid == zxid) {
            comparePending();
        }
    }

    // ---- writing down

    @Override
    public long lastZxid() {
        return lastZxid;
    }

    @Override
    public void writeSessions(SessionSink sink) throws IOException {
        for (Map.Entry<Long, Integer> session : sessions.entrySet()) {
            sink.session(session.getKey(), session.getValue());
        }
    }

    @Override
    public void writeAcls(AclSink sink) throws IOException {
        for (Map.Entry<List<Acl>, Long> entry : aclTable().entrySet()) {
            sink.acl(entry.getValue(), entry.getKey());
        }
    }

    private Map<List<Acl>, Long> aclTable() {
        Map<List<Acl>, Long> table = new LinkedHashMap<>();
        for (Node node : nodes.values()) {
            if (!node.acl.equals(Acl.OPEN)) {
                table.putIfAbsent(node.acl, table.size() + 1L);
            }
        }
        return table;
    }

    @Override
    public void writeNodes(NodeSink sink) throws IOException {
        Map<List<Acl>, Long> table = aclTable();
        for (Map.Entry<String, Node> entry : nodes.entrySet()) {
            byte[] path = (entry.getKey().equals("/") ? "" : entry.getKey()).getBytes(StandardCharsets.UTF_8);
            Node node = entry.getValue();
            byte[] data = node.data == null ? new byte[0] : node.data;
            sink.node(
                    path,
                    path.length,
                    data,
                    0,
                    node.data == null ? -1 : data.length,
                    table.getOrDefault(node.acl, OPEN_ACL_ID),
                    node.stat());
        }
    }

    @Override
    public long digestZxid() {
        return lastZxid;
    }

    @Override
    public long lastZxidNow() {
        return lastZxid;
    }

    @Override
    public long treeDigest() {
        long sum = 0;
        for (Map.Entry<String, Node> entry : nodes.entrySet()) {
            if (!entry.getKey().startsWith("/zookeeper/")) {
                sum += nodeDigest(entry.getKey(), entry.getValue());
            }
        }
        return sum;
    }

    private static long nodeDigest(String path, Node node) {
        CRC32 crc = new CRC32();
        crc.update((path.equals("/") ? "" : path).getBytes(StandardCharsets.UTF_8));
        if (node.data != null) {
            crc.update(node.data);
        }
        crc.update(ByteBuffer.allocate(60)
                .putLong(node.czxid)
                .putLong(node.mzxid)
                .putLong(node.pzxid)
                .putLong(node.ctime)
                .putLong(node.mtime)
                .putInt(node.version)
                .putInt(node.cversion)
                .putInt(node.aversion)
                .putLong(node.owner)
                .array());
        return crc.getValue();
    }

    // ---- applying

    @Override
    public void apply(LoggedTxn txn) {
        TxnHeader header = txn.header();
        if (txn.body() instanceof Txn.Multi multi) {
            if (!multi.isRefused()) {
                multi.parts().forEach(part -> applyOne(header, part.type(), part.body()));
            }
        } else {
            applyOne(header, header.type(), txn.body());
        }
        lastZxid = Math.max(lastZxid, header.zxid());
        if (pendingDigestZxid >= 0) {
            if (pendingDigestZxid == header.zxid()) {
                comparePending();
            }
        } else if (txn.digest() != null && txn.digest().version() == 2) {
            digestsCompared++;
            if (txn.digest().treeDigest() != treeDigest()) {
                digestMismatches.add("record 0x" + Long.toHexString(header.zxid()));
            }
        }
    }

    private void comparePending() {
        digestsCompared++;
        if (pendingDigest != treeDigest()) {
            digestMismatches.add("snapshot digest at 0x" + Long.toHexString(pendingDigestZxid));
        }
        pendingDigestZxid = -1;
    }

    private void applyOne(TxnHeader header, int type, Txn body) {
        if (body instanceof Txn.Create create) {
            long owner = create.ephemeral() ? header.clientId() : 0;
            create(header, type, create.path(), create.data(), create.acl(), create.parentCversion(), owner);
        } else if (body instanceof Txn.CreateContainer create) {
            long owner = OwnerKind.CONTAINER_OWNER;
            create(header, type, create.path(), create.data(), create.acl(), create.parentCversion(), owner);
        } else if (body instanceof Txn.CreateTtl create) {
            long owner = OwnerKind.ownerOfTtl(create.ttlMillis());
            create(header, type, create.path(), create.data(), create.acl(), create.parentCversion(), owner);
        } else if (body instanceof Txn.Delete delete) {
            delete(header, delete.path());
        } else if (body instanceof Txn.SetData set) {
            setData(header, set);
        } else if (body instanceof Txn.SetAcl set) {
            Node node = nodes.get(set.path());
            if (node != null) {
                node.acl = listOf(set.acl());
                node.aversion = set.version();
            }
        } else if (body instanceof Txn.CreateSession create) {
            sessions.put(header.clientId(), create.timeoutMillis());
        } else if (body instanceof Txn.CloseSession close) {
            sessions.remove(header.clientId());
            if (close.paths() != null) {
                close.paths().forEach(path -> delete(header, path));
            }
            for (String path : ephemerals().getOrDefault(header.clientId(), new TreeSet<>())) {
                delete(header, path);
            }
        }
    }

    private void create(
            TxnHeader header,
            int type,
            String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            int parentCversion,
            long owner) {
        Node parent = nodes.get(parentOf(path));
        if (parent == null) {
            return;
        }
        int cversion = parentCversion == -1 ? parent.cversion + 1 : parentCversion;
        Node existing = nodes.get(path);
        if (existing != null) {
            existing.acl = listOf(acl);
            if (type == OpCode.CREATE && cversion > parent.cversion) {
                parent.cversion = cversion;
                parent.pzxid = header.zxid();
            }
            return;
        }
        if (cversion > parent.cversion) {
            parent.cversion = cversion;
            parent.pzxid = header.zxid();
        }
        Node node = new Node();
        node.data = data;
        node.acl = listOf(acl);
        node.czxid = header.zxid();
        node.mzxid = header.zxid();
        node.pzxid = header.zxid();
        node.ctime = header.timeMillis();
        node.mtime = header.timeMillis();
        node.owner = owner;
        nodes.put(path, node);
        if (isQuotaLeaf(path, ZnodePath.QUOTA_STATS)) {
            recount(quotaTarget(path));
        }
        count(path, 1, node.dataLength());
    }

    private void delete(TxnHeader header, String path) {
        Node parent = nodes.get(parentOf(path));
        if (parent == null) {
            return;
        }
        parent.pzxid = Math.max(parent.pzxid, header.zxid());
        Node node = nodes.remove(path);
        if (node != null) {
            count(path, -1, -node.dataLength());
        }
    }

    private void setData(TxnHeader header, Txn.SetData set) {
        Node node = nodes.get(set.path());
        if (node == null) {
            return;
        }
        int before = node.dataLength();
        node.data = set.data();
        node.mtime = header.timeMillis();
        node.mzxid = header.zxid();
        node.version = set.version();
        count(set.path(), 0, node.dataLength() - before);
    }

    // ---- quota (spec persistence 3.6, end)

    private static boolean isQuotaLeaf(String path, String leaf) {
        return path.startsWith(ZnodePath.QUOTA + "/") && path.endsWith("/" + leaf);
    }

    private static String quotaTarget(String leaf) {
        String target = parentOf(leaf).substring(ZnodePath.QUOTA.length());
        return target.isEmpty() ? "/" : target;
    }

    private void recount(String target) {
        int count = 0;
        long bytes = 0;
        for (Map.Entry<String, Node> entry : nodes.entrySet()) {
            if (entry.getKey().equals(target) || entry.getKey().startsWith(target.equals("/") ? "/" : target + "/")) {
                count++;
                bytes += entry.getValue().dataLength();
            }
        }
        setStats(target, count, bytes);
    }

    private void count(String path, int nodeDelta, int byteDelta) {
        if (path.startsWith(ZnodePath.QUOTA)) {
            return;
        }
        for (String tracked = path; !tracked.isEmpty(); tracked = ZnodePath.parentOf(tracked)) {
            if (nodes.containsKey(ZnodePath.QUOTA + tracked + "/" + ZnodePath.QUOTA_LIMITS)) {
                Node stats = nodes.get(ZnodePath.QUOTA + tracked + "/" + ZnodePath.QUOTA_STATS);
                if (stats != null && stats.data != null) {
                    Map<String, Long> values = parseStats(new String(stats.data, StandardCharsets.UTF_8));
                    setStats(
                            tracked,
                            values.getOrDefault("count", 0L) + nodeDelta,
                            values.getOrDefault("bytes", 0L) + byteDelta);
                }
                return;
            }
        }
    }

    private void setStats(String target, long count, long bytes) {
        Node stats = nodes.get(ZnodePath.QUOTA + target + "/" + ZnodePath.QUOTA_STATS);
        if (stats != null) {
            stats.data = ("count=" + count + ",bytes=" + bytes).getBytes(StandardCharsets.UTF_8);
        }
    }

    private static Map<String, Long> parseStats(String text) {
        Map<String, Long> values = new HashMap<>();
        for (String pair : text.split("[,;]", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && equals < pair.length() - 1) {
                values.put(
                        pair.substring(0, equals),
                        Long.parseLong(pair.substring(equals + 1).replace("=", "")));
            }
        }
        return values;
    }

    // ---- small things

    /** The node at a path, which must exist. */
    public Node node(String path) {
        Node node = nodes.get(path);
        if (node == null) {
            throw new IllegalArgumentException("no node " + path);
        }
        return node;
    }

    private static List<Acl> listOf(@Nullable List<Acl> acl) {
        return acl == null ? List.of() : acl;
    }

    private static String parentOf(String path) {
        String parent = ZnodePath.parentOf(path);
        return parent.isEmpty() ? "/" : parent;
    }

    /** Everything that counts, as text; equal texts are equal trees. */
    public String describe() {
        StringBuilder text = new StringBuilder("zxid ").append(Long.toHexString(lastZxid));
        sessions.forEach((id, timeout) -> text.append("\nsession ")
                .append(Long.toHexString(id))
                .append(' ')
                .append(timeout));
        nodes.forEach((path, node) -> text.append('\n')
                .append(path)
                .append(' ')
                .append(node.data == null ? "null" : java.util.HexFormat.of().formatHex(node.data))
                .append(' ')
                .append(node.acl)
                .append(' ')
                .append(node.stat()));
        return text.toString();
    }
}
