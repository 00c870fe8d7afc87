/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.pipeline;

import io.vivarium.server.metrics.Recorder;
import io.vivarium.server.session.ExpiryBuckets;
import io.vivarium.server.session.SessionIds;
import io.vivarium.server.session.SessionTable;
import io.vivarium.server.tree.TxnApplier;

/**
 * What a {@link Replica} is composed of; put together by the composition root, or by a simulation.
 *
 * @param maxTxnBytes greatest transaction that every reader takes (spec persistence, preamble)
 * @param recorder of thread {@code core}
 * @param serverId {@code myid}; 1 for a server on its own (spec client-protocol 9.1)
 */
public record ReplicaParts(
        long serverId,
        int maxTxnBytes,
        LocalSessions localSessions,
        TreeGate gate,
        TxnApplier applier,
        TxnPreparer preparer,
        SessionTable sessions,
        ExpiryBuckets expiry,
        SessionIds sessionIds,
        WatchService watches,
        ReadService reads,
        ContainerReaper reaper,
        Recorder recorder) {}
