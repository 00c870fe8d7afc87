/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Server processes: where their class path comes from, their files, their start and end, what they cost.
 *
 * <p>Every server and folder made here is registered with {@link io.vivarium.bench.process.Cleanup} and ended by its own
 * handle, also on Ctrl-C. Thread: the caller's; blocks. Start reading at {@link io.vivarium.bench.process.ServerGroup}.
 */
@NullMarked
package io.vivarium.bench.process;

import org.jspecify.annotations.NullMarked;
