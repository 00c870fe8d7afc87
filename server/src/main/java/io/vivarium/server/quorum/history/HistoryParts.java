/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.history;

import io.vivarium.persistence.disk.Disk;
import io.vivarium.persistence.recovery.DataDirectories;
import io.vivarium.persistence.recovery.MemberRecovery;
import io.vivarium.persistence.recovery.TxnSink;
import io.vivarium.persistence.snapshot.SnapshotSink;
import io.vivarium.persistence.snapshot.SnapshotSource;
import io.vivarium.persistence.snapshot.SnapshotWriter;
import io.vivarium.server.pipeline.TreeGate;
import java.util.function.Supplier;

/**
 * What a {@link HistoryStore} works with; put together by the composition root, or by a simulation.
 *
 * @param maxRecordBytes greatest log record that is believed
 * @param recentTxns how many transactions of a replay are handed to the committed log
 * @param tree where snapshots are loaded
 * @param txns where the log behind them is replayed; the same tree
 * @param source a new view of that tree for each snapshot
 */
public record HistoryParts(
        Disk disk,
        DataDirectories directories,
        int maxRecordBytes,
        int recentTxns,
        MemberRecovery recovery,
        SnapshotSink tree,
        TxnSink txns,
        TreeGate gate,
        TreeClaim claim,
        SnapshotWriter writer,
        Supplier<? extends SnapshotSource> source) {}
