/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Removing snapshots and logs that recovery no longer needs. Thread: {@code snapshot}. Spec: persistence 6.2.
 */
@NullMarked
package io.vivarium.persistence.purge;

import org.jspecify.annotations.NullMarked;
