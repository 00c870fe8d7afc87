/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.persistence.recovery;

import io.vivarium.persistence.journal.JournalConfig;

/**
 * Settings of the start (spec persistence 1.2, 1.3).
 *
 * @param trustEmptySnapshot {@code zookeeper.snapshot.trust.empty}: logs without a snapshot are replayed from nothing
 * @param autocreateDirectories {@code zookeeper.datadir.autocreate}
 * @param autocreateDatabase {@code zookeeper.db.autocreate}: an empty directory is a new database even without marker
 * @param maxRecordBytes greatest string, buffer or record that is believed: {@code jute.maxbuffer} plus its extra
 */
public record RecoveryConfig(
        boolean trustEmptySnapshot, boolean autocreateDirectories, boolean autocreateDatabase, int maxRecordBytes) {
    public static final RecoveryConfig DEFAULT =
            new RecoveryConfig(false, true, true, JournalConfig.DEFAULT_MAX_RECORD_BYTES);

    public RecoveryConfig trustingEmptySnapshot() {
        return new RecoveryConfig(true, autocreateDirectories, autocreateDatabase, maxRecordBytes);
    }
}
