/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The kill drill: a real server process, real disk, {@code kill -9} in the middle of the work, again and again.
 *
 * <p>{@link io.vivarium.drill.Subtree} is the pure model of what one session made, {@link io.vivarium.drill.Write} its
 * moves, {@link io.vivarium.drill.NodeKind} what they create, {@link io.vivarium.drill.Worker} a session that sends them,
 * {@link io.vivarium.drill.TreeDump} what a server says it holds. No scripts of requests live here (they are the contract
 * suite) and no simulated faults (they are beside the code they trouble). Threads: one for each worker while the load
 * lasts, else that of the test. Spec: persistence 1 to 7, client-protocol 5.3. Start reading at {@link
 * io.vivarium.drill.KillDrillIT}.
 */
@NullMarked
package io.vivarium.drill;

import org.jspecify.annotations.NullMarked;
