/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.sim.check;

import io.vivarium.protocol.txn.LoggedTxn;
import io.vivarium.server.quorum.Role;
import java.util.function.Consumer;

/** A server as the invariants see it; each answer is a look at a field. Thread: the test's. */
public interface NodeView {
    long sid();

    boolean isAlive();

    Role role();

    /** A leader that a quorum has acknowledged; a learner that is up to date. */
    boolean isEstablished();

    /** Durable. */
    long acceptedEpoch();

    /** Durable. */
    long currentEpoch();

    /** The zxid of the tree. */
    long lastApplied();

    /** The digest of the tree. */
    long digest();

    /** Gives everything its tree was made of above {@code zxid}, in order; asked once for each reign. */
    void committedAfter(long zxid, Consumer<LoggedTxn> taker);
}
