/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The two small files that remember epochs, and what a member makes of them at start. Thread: {@code journal}, {@code
 * main} at start. Spec: persistence 1.4, quorum 2.2.
 */
@NullMarked
package io.vivarium.persistence.epoch;

import org.jspecify.annotations.NullMarked;
