/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.cluster;

import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.server.auth.AccessCheck;
import io.vivarium.server.auth.AclFixUp;
import io.vivarium.server.auth.AuthConfig;
import io.vivarium.server.auth.AuthSchemes;
import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.pipeline.ContainerReaper;
import io.vivarium.server.pipeline.LocalSessions;
import io.vivarium.server.pipeline.PrepareConfig;
import io.vivarium.server.pipeline.ReadService;
import io.vivarium.server.pipeline.ReplicaParts;
import io.vivarium.server.pipeline.SessionKeeper;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.pipeline.TxnPreparer;
import io.vivarium.server.pipeline.WatchService;
import io.vivarium.server.quorum.history.TreeClaim;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.SessionIds;
import io.vivarium.server.session.SessionTable;
import io.vivarium.server.tree.SharedHold;
import io.vivarium.server.tree.TreeConfig;
import io.vivarium.server.tree.TreeLoader;
import io.vivarium.server.tree.TreeSnapshot;
import io.vivarium.server.tree.TxnApplier;
import io.vivarium.server.tree.ZnodeTree;
import io.vivarium.server.watch.WatchTable;

/** The tree of a simulated server and what keeps it: the twin of the server's foundation. Thread: the test's. */
final class MemberTree {
    static final OwnerKind.Rules RULES = new OwnerKind.Rules(true, false);
    static final int MAX_FIELD_BYTES = 1 << 20;
    private static final AuthSchemes SCHEMES = AuthSchemes.of(AuthConfig.DEFAULT);
    private static final AccessCheck ACCESS = new AccessCheck(SCHEMES, AuthConfig.DEFAULT);
    private static final PrepareConfig PREPARE = new PrepareConfig(RULES, true, false, true, true, 1 << 20);
    private static final ContainerReaper.Config REAPER = new ContainerReaper.Config(10_000, 10_000, 0);

    final TreeGate gate = new TreeGate();
    final TreeClaim claim = new TreeClaim();
    final ZnodeTree tree = new ZnodeTree(new TreeConfig(RULES, true));
    final SessionTable sessions = new SessionTable();
    final ExpiryBuckets expiry;
    final SessionKeeper keeper;
    final TxnApplier applier;
    final TreeLoader loader;
    final WatchService watches;
    final ReadService reads;
    private final Recorder recorder = new Recorder();

    MemberTree(int tickMillis) {
        expiry = new ExpiryBuckets(tickMillis);
        keeper = new SessionKeeper(sessions, expiry);
        applier = new TxnApplier(tree, keeper);
        loader = new TreeLoader(tree, applier, keeper);
        watches = new WatchService(new WatchTable(), tree, ACCESS, recorder);
        reads = new ReadService(tree, ACCESS, SCHEMES, watches, MAX_FIELD_BYTES);
    }

    ReplicaParts replicaParts(long sid, long wallMillis) {
        return new ReplicaParts(
                sid,
                MAX_FIELD_BYTES,
                LocalSessions.OFF,
                gate,
                applier,
                new TxnPreparer(tree, ACCESS, new AclFixUp(SCHEMES), tree.quotas(), PREPARE),
                sessions,
                expiry,
                new SessionIds(sid, wallMillis),
                watches,
                reads,
                new ContainerReaper(tree, REAPER),
                recorder);
    }

    /** A new view, to be written down. */
    TreeSnapshot view() {
        return new TreeSnapshot(
                tree,
                new SharedHold() {
                    private long stamp;

                    @Override
                    public void acquire() {
                        stamp = gate.enterShared();
                    }

                    @Override
                    public void release() {
                        gate.leaveShared(stamp);
                    }
                },
                keeper);
    }
}
