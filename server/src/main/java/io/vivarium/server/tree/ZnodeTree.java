/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.tree;

import io.vivarium.protocol.data.Acl;
import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.protocol.data.StoredStat;
import io.vivarium.protocol.data.ZnodePath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All znodes, and everything that must change in the same moment as they do: ACL use, ephemerals, containers, TTLs, digest,
 * counts.
 *
 * <p>Thread: mutators one at a time, in the exclusive hold of the gate, and only through {@link TxnApplier} ({@code core})
 * and {@link TreeLoader}; reads as {@link TreeView} says. There is no lock here.
 *
 * <pre>
 *   root: Branch ── packed                     leaf:   byte[]   name, stat, ACL id, data (PackedNode)
 *            └──── slots[] ── byte[] (leaf)    branch: the same array, and a set of children by name
 *                         └── Branch ── ...
 * </pre>
 *
 * Each mutator is one rule of spec persistence 3.6 and may be repeated on a tree that shows it already. What quotas add is
 * in {@link QuotaAccounts}.
 */
public final class ZnodeTree implements TreeView {
    private static final byte[] NO_BYTES = new byte[0];
    /** A parentCversion that is never above the present one, so that the parent stays as it is. */
    private static final int PARENT_UNTOUCHED = Integer.MIN_VALUE;

    private final TreeConfig config;
    private final AclTable acls = new AclTable();
    private final EphemeralIndex ephemerals = new EphemeralIndex();
    private final ReapSchedule reapSchedule = new ReapSchedule();
    private final QuotaIndex quotas = new QuotaIndex(this);
    private final TreeDigest digest = new TreeDigest();

    private final PathBytes at = new PathBytes();
    private final TreeCursor cursor = new TreeCursor();
    private final NodeFields fields = new NodeFields();
    private final Siblings siblings = new Siblings();

    private Branch root = new Branch(NO_BYTES);
    private int nodeCount;
    private long dataSize;
    private long lastZxid;

    /** The tree of a new database (spec persistence 4.3). */
    public ZnodeTree(TreeConfig config) {
        this.config = config;
        plant();
    }

    /** Starts over as a new database. */
    void plant() {
        clear();
        for (String path : List.of(ZnodePath.SYSTEM, ZnodePath.QUOTA)) {
            create(path, NO_BYTES, null, 0, PARENT_UNTOUCHED, 0, 0);
        }
        createConfig();
    }

    // ---- Reads ------------------------------------------------------------------------------------------------

    @Override
    public @Nullable Znode find(String path) {
        return handleOf(Lookup.find(root, path));
    }

    @Override
    public Place place(String path) {
        return Lookup.place(root, path);
    }

    @Override
    public @Nullable Znode find(byte[] utf8, int offset, int length) {
        return handleOf(Lookup.find(root, utf8, offset, length));
    }

    @Override
    public void find(PathBatch paths) {
        paths.find(root);
    }

    @Override
    public void touch(PathBatch paths) {
        paths.touch(root);
    }

    private static @Nullable Znode handleOf(@Nullable Object node) {
        return node == null ? null : Znode.of(node);
    }

    @Override
    public List<Acl> acl(Znode node) {
        return acls.get(node.aclId());
    }

    @Override
    public long lastZxid() {
        return lastZxid;
    }

    @Override
    public long digest() {
        return digest.value();
    }

    @Override
    public int nodeCount() {
        return nodeCount;
    }

    @Override
    public long approximateDataSize() {
        return dataSize;
    }

    @Override
    public int countDescendants(String path) {
        if (path.isEmpty() || path.equals(ZnodePath.ROOT)) {
            return nodeCount - 1;
        }
        return (int) Math.max(0, sizeOf(path).nodes() - 1);
    }

    @Override
    public List<String> ephemeralsOf(long session) {
        return ephemerals.of(session);
    }

    @Override
    public EphemeralIndex ephemerals() {
        return ephemerals;
    }

    @Override
    public AclTable acls() {
        return acls;
    }

    @Override
    public QuotaIndex quotas() {
        return quotas;
    }

    @Override
    public ReapSchedule reapSchedule() {
        return reapSchedule;
    }

    /** Count and bytes of a node with all below it; nothing where there is no node. */
    SubtreeSize sizeOf(String path) {
        Object node = Lookup.find(root, path);
        return node == null ? SubtreeSize.NONE : SubtreeSize.of(node);
    }

    /** The paths of everything below a node, parents first. */
    List<String> descendantsOf(String path) {
        return Lookup.descendantsOf(root, path);
    }

    boolean keepsDigest() {
        return config.digests();
    }

    Branch root() {
        return root;
    }

    // ---- Rules of transactions --------------------------------------------------------------------------------

    /**
     * Adds a node. If there is one already, it takes over the access control list and nothing else.
     *
     * @param owner the raw owner field
     * @param parentCversion the parent's stored cversion with this create; -1 in old logs: one more than it has
     */
    Change create(
            String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            long owner,
            int parentCversion,
            long zxid,
            long timeMillis) {
        seek(path);
        if (!cursor.hasParent()) {
            return at.isRoot() ? Change.NODE_EXISTS : Change.NO_NODE;
        }
        long aclId = acls.use(acl);
        if (cursor.hasNode()) {
            long before = PackedNode.aclId(PackedNode.of(cursor.node()));
            beginNode().aclId = aclId;
            putNode();
            acls.release(before);
            return Change.NODE_EXISTS;
        }
        raiseParent(parentCversion, zxid);
        byte[] leaf = fields.name(at.bytes(), at.nameOffset(), at.nameLength())
                .created(zxid, timeMillis, aclId, owner, OwnerKind.of(owner, config.ownerRules()))
                .data(data)
                .pack();
        cursor.insert(leaf);
        added(path);
        return Change.of(Znode.of(leaf), Znode.of(cursor.parent()));
    }

    /** What remains to be done for a create whose node exists: the parent counts it. */
    void countCreate(String path, int parentCversion, long zxid) {
        seek(path);
        if (cursor.hasParent()) {
            raiseParent(parentCversion, zxid);
        }
    }

    /** Removes a node, with all below it if a snapshot was too new for this transaction. */
    Change delete(String path, long zxid) {
        seek(path);
        if (!cursor.hasParent()) {
            return Change.NO_NODE;
        }
        if (zxid > PackedNode.pzxid(PackedNode.of(cursor.parent()))) {
            NodeFields parent = open(cursor.parent());
            beginParent();
            parent.pzxid = zxid;
            putParent();
        }
        if (!cursor.hasNode()) {
            return Change.NO_NODE;
        }
        Znode last = Znode.of(cursor.node());
        if (last.childCount() > 0) {
            List<String> below = descendantsOf(path);
            for (int i = below.size() - 1; i >= 0; i--) {
                seek(below.get(i));
                remove(below.get(i));
            }
            seek(path);
        }
        remove(path);
        return Change.of(last, Znode.of(cursor.parent()));
    }

    Change setData(
            String path, byte @Nullable [] data, int version, long zxid, long timeMillis, @Nullable Foreseen foreseen) {
        if (foreseen != null && foreseen.place().isUpToDate(root)) {
            cursor.enter(foreseen.place());
            return setForeseenData(data, version, zxid, timeMillis, foreseen.digestChange());
        }
        seek(path);
        if (!cursor.hasNode()) {
            return Change.NO_NODE;
        }
        NodeFields node = beginNode();
        fill(node, data, version, zxid, timeMillis);
        putNode();
        return Change.of(Znode.of(cursor.node()));
    }

    /** The node under the cursor gets data; what that does to the digest is known. */
    private Change setForeseenData(byte @Nullable [] data, int version, long zxid, long timeMillis, long digestChange) {
        NodeFields node = open(cursor.node());
        dataSize -= node.dataBytes();
        fill(node, data, version, zxid, timeMillis);
        pack();
        if (config.digests()) {
            digest.change(digestChange);
        }
        return Change.of(Znode.of(cursor.node()));
    }

    private static void fill(NodeFields node, byte @Nullable [] data, int version, long zxid, long timeMillis) {
        node.data(data);
        node.mzxid = zxid;
        node.mtime = timeMillis;
        node.version = version;
    }

    Change setAcl(String path, @Nullable List<Acl> acl, int aversion) {
        seek(path);
        if (!cursor.hasNode()) {
            return Change.NO_NODE;
        }
        NodeFields node = beginNode();
        long before = node.aclId;
        node.aclId = acls.use(acl);
        node.aversion = aversion;
        putNode();
        acls.release(before);
        return Change.of(Znode.of(cursor.node()));
    }

    /** Replaces data and leaves the stat as it is: what the server does to {@code zookeeper_stats}. */
    void overwriteData(String path, byte[] data) {
        seek(path);
        if (cursor.hasNode()) {
            beginNode().data(data);
            putNode();
        }
    }

    /** Everything up to {@code zxid} is in the tree now; what nobody uses any more is dropped. */
    void advanceTo(long zxid) {
        lastZxid = Math.max(lastZxid, zxid);
        acls.sweep();
    }

    /** The zxid that recovery or a new epoch settles, be it higher or lower. */
    void setLastZxid(long zxid) {
        lastZxid = zxid;
    }

    // ---- Without a transaction --------------------------------------------------------------------------------

    /**
     * Writes the configuration node of an ensemble (spec persistence 4.3); makes it if an old snapshot has none.
     *
     * @param version of the configuration; becomes the mzxid
     */
    void putConfig(byte[] text, long version, long nowMillis) {
        if (find(ZnodePath.CONFIG) == null) {
            createConfig();
        }
        setData(ZnodePath.CONFIG, text, -1, version, nowMillis, null);
    }

    private void createConfig() {
        create(ZnodePath.CONFIG, NO_BYTES, Acl.READ_ONLY, 0, PARENT_UNTOUCHED, 0, 0);
        setAcl(ZnodePath.CONFIG, Acl.READ_ONLY, -1);
    }

    /** Forgets everything; a root with nothing in it remains. */
    void clear() {
        acls.clear();
        ephemerals.clear();
        reapSchedule.clear();
        quotas.clear();
        digest.clear();
        siblings.forget();
        at.set(ZnodePath.ROOT);
        fields.name(NO_BYTES, 0, 0)
                .created(0, 0, AclTable.OPEN, 0, OwnerKind.PERSISTENT)
                .data(NO_BYTES);
        root = new Branch(fields.pack());
        nodeCount = 1;
        dataSize = 1;
        lastZxid = 0;
        if (config.digests()) {
            digest.add(at.bytes(), 0, fields);
        }
    }

    /**
     * Puts in a node as a snapshot has it; the root takes the place of the empty one.
     *
     * @return what is wrong with it or with one before; null if nothing
     */
    @Nullable
    String load(String path, byte @Nullable [] data, long aclId, StoredStat stat) {
        at.set(path);
        fields.data(data);
        return load(aclId, stat);
    }

    /** The same from bytes; the path is in ASCII. */
    @Nullable
    String load(byte[] bytes, int pathAt, int pathLength, int dataAt, int dataLength, long aclId, StoredStat stat) {
        at.set(bytes, pathAt, pathLength);
        fields.data(bytes, dataAt, dataLength);
        return load(aclId, stat);
    }

    private @Nullable String load(long aclId, StoredStat stat) {
        OwnerKind kind = OwnerKind.of(stat.ephemeralOwner(), config.ownerRules());
        if (at.isRoot()) {
            return loadRoot(aclId, stat, kind);
        }
        if (!siblings.areOf(at)) {
            String fault = settle();
            cursor.seek(root, at);
            if (fault != null || !cursor.hasParent()) {
                return fault != null ? fault : withoutParent();
            }
            siblings.begin(at, cursor.parentBranch());
        }
        acls.use(aclId);
        fields.name(at.bytes(), at.nameOffset(), at.nameLength()).stat(stat, kind);
        fields.aclId = aclId;
        siblings.add(fields.pack());
        added(kind == OwnerKind.PERSISTENT ? "" : at.text());
        return null;
    }

    private @Nullable String loadRoot(long aclId, StoredStat stat, OwnerKind kind) {
        byte[] data = fields.data;
        int dataOffset = fields.dataOffset;
        int dataLength = fields.dataLength;
        cursor.seek(root, at);
        beginNode().stat(stat, kind).data(data, dataOffset, dataLength);
        fields.aclId = aclId;
        acls.use(aclId);
        putNode();
        return null;
    }

    private String withoutParent() {
        String path = at.text();
        String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        return "Invalid Datatree, unable to find parent " + parent + " of path " + path;
    }

    /** What waits for its parent goes there. */
    private @Nullable String settle() {
        String twice = siblings.settle();
        return twice == null ? null : "Invalid Datatree, path " + twice + " occurs twice";
    }

    /**
     * A snapshot has been read to its end; the tree stands at its zxid.
     *
     * @return what is wrong with it; null if nothing
     */
    @Nullable
    String loaded(long zxid) {
        String fault = settle();
        acls.sweepAll();
        lastZxid = zxid;
        return fault;
    }

    // ---- Steps ------------------------------------------------------------------------------------------------

    private void seek(String path) {
        cursor.seek(root, at.set(path));
    }

    private NodeFields open(Object node) {
        return fields.unpack(PackedNode.of(node));
    }

    /** Opens the node under the cursor for a change, which {@link #putNode} ends. */
    private NodeFields beginNode() {
        open(cursor.node());
        dataSize -= fields.dataBytes();
        if (config.digests()) {
            digest.subtract(at.bytes(), at.length(), fields);
        }
        return fields;
    }

    /** Packs the fields as the new state of the node under the cursor, and counts it. */
    private void putNode() {
        // Name and data stay where the fields say, even where they stand in an array that is written over.
        pack();
        if (config.digests()) {
            digest.add(at.bytes(), at.length(), fields);
        }
    }

    private void pack() {
        byte[] before = PackedNode.of(cursor.node());
        byte[] after = fields.packOver(before);
        dataSize += fields.dataBytes();
        if (after != before) {
            cursor.setNode(after);
        }
    }

    /** The parent, which was opened, is about to change; {@link #putParent} ends that. */
    private void beginParent() {
        if (config.digests()) {
            digest.subtract(at.bytes(), at.parentLength(), fields);
        }
    }

    /** Packs the fields as the new state of the parent. */
    private void putParent() {
        byte[] before = PackedNode.of(cursor.parent());
        byte[] after = fields.packOver(before);
        if (config.digests()) {
            digest.add(at.bytes(), at.parentLength(), fields);
        }
        if (after != before) {
            cursor.setParent(after);
        }
    }

    private void raiseParent(int parentCversion, long zxid) {
        NodeFields parent = open(cursor.parent());
        int cversion = parentCversion == -1 ? parent.cversion + 1 : parentCversion;
        if (cversion > parent.cversion) {
            beginParent();
            parent.cversion = cversion;
            parent.pzxid = zxid;
            putParent();
        }
    }

    /** Accounts for a leaf that was packed from the fields and put in at the cursor. */
    private void added(String path) {
        nodeCount++;
        dataSize += at.length() + fields.dataBytes();
        if (config.digests()) {
            digest.add(at.bytes(), at.length(), fields);
        }
        switch (fields.kind) {
            case EPHEMERAL:
                ephemerals.add(fields.owner, path);
                break;
            case CONTAINER:
                reapSchedule.addContainer(path);
                break;
            case TTL:
                reapSchedule.addTtl(path);
                break;
            case PERSISTENT:
                break;
        }
    }

    /** Takes out the node under the cursor, which has no children. */
    private void remove(String path) {
        beginNode();
        cursor.remove();
        nodeCount--;
        dataSize -= at.length();
        acls.release(fields.aclId);
        switch (fields.kind) {
            case EPHEMERAL:
                ephemerals.remove(fields.owner, path);
                break;
            case CONTAINER:
                reapSchedule.removeContainer(path);
                break;
            case TTL:
                reapSchedule.removeTtl(path);
                break;
            case PERSISTENT:
                break;
        }
    }
}
