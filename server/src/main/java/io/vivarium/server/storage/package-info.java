/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Work on files that nobody waits for: periodic snapshots and the removal of old files.
 *
 * <p>Thread {@code snapshot}. Formats and rules are in {@code io.vivarium.persistence}; what may be read of the tree comes
 * through ports. Spec: persistence 2.6, 6.2. Start reading at {@link io.vivarium.server.storage.SnapshotLoop}.
 */
@NullMarked
package io.vivarium.server.storage;

import org.jspecify.annotations.NullMarked;
