/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Files, as few operations as journal, snapshots and epoch files need.
 *
 * <p>{@link io.vivarium.persistence.disk.Disk} is the port; a simulated disk that loses what was not synced stands in for
 * {@link io.vivarium.persistence.disk.FileDisk} in tests. Knows no format. Thread: any; one
 * {@link io.vivarium.persistence.disk.DiskFile} belongs to one thread at a time. Spec: persistence 1.
 */
@NullMarked
package io.vivarium.persistence.disk;

import org.jspecify.annotations.NullMarked;
