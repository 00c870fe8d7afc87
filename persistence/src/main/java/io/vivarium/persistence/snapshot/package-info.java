/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Images of the tree: files with seals, and the bare body that a leader streams to a learner.
 *
 * <p>Knows the format, never the tree: a tree gives itself away through
 * {@link io.vivarium.persistence.snapshot.SnapshotSource} and is filled through
 * {@link io.vivarium.persistence.snapshot.SnapshotSink}. Thread: {@code snapshot} for writing, {@code main} at start for
 * loading. Spec: persistence 4, quorum 1.5. Start reading at {@link io.vivarium.persistence.snapshot.SnapshotBodyWriter}.
 */
@NullMarked
package io.vivarium.persistence.snapshot;

import org.jspecify.annotations.NullMarked;
