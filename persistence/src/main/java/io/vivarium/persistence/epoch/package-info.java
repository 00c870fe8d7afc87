/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The two small files that remember epochs. Thread: {@code journal}, {@code main} at start. Spec: persistence 1.4.
 */
@NullMarked
package io.vivarium.persistence.epoch;

import org.jspecify.annotations.NullMarked;
