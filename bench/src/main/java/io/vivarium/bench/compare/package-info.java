/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Two servers against each other: scenarios that start a server, load it, and give values; and the alternation of sides.
 *
 * <p>Thread: the caller's; blocks. Start reading at {@link io.vivarium.bench.compare.Scenario} and {@link
 * io.vivarium.bench.compare.Contest}.
 */
@NullMarked
package io.vivarium.bench.compare;

import org.jspecify.annotations.NullMarked;
