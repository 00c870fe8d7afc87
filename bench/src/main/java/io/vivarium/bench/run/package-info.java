/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Runs loads: prepares the tree, warms up, measures second by second, and makes a result of it.
 *
 * <p>Thread: the caller's; clocks are read here. Start reading at {@link io.vivarium.bench.run.LoadRun}.
 */
@NullMarked
package io.vivarium.bench.run;

import org.jspecify.annotations.NullMarked;
