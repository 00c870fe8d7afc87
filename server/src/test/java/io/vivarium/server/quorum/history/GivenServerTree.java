/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.protocol.data.OwnerKind;
import io.vivarium.server.pipeline.SessionKeeper;
import io.vivarium.server.pipeline.TreeGate;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.SessionTable;
import io.vivarium.server.tree.SharedHold;
import io.vivarium.server.tree.TreeConfig;
import io.vivarium.server.tree.TreeLoader;
import io.vivarium.server.tree.TreeSnapshot;
import io.vivarium.server.tree.TxnApplier;
import io.vivarium.server.tree.ZnodeTree;

/** The real tree of a server, with its gate; whoever holds it may be interrupted between two holds. */
final class GivenServerTree {
    final TreeGate gate = new TreeGate();
    final TreeClaim claim = new TreeClaim();
    final ZnodeTree tree = new ZnodeTree(new TreeConfig(new OwnerKind.Rules(true, false), true));
    final SessionKeeper sessions = new SessionKeeper(new SessionTable(), new ExpiryBuckets(100));
    final TxnApplier applier = new TxnApplier(tree, sessions);
    final TreeLoader loader = new TreeLoader(tree, applier, sessions);
    /** Runs between two shared holds of a walk, which is where the core gets its turn. */
    Runnable betweenHolds = () -> {};

    GivenServerTree() {
        loader.fresh();
    }

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
                        betweenHolds.run();
                    }
                },
                sessions);
    }

    ImageLoader imageLoader(long zxid) {
        return new ImageLoader(zxid, loader, gate, claim, 1 << 20);
    }
}
