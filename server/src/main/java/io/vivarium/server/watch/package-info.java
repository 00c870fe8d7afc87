/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Who wants to hear of which change: the table of watches and what fires them.
 *
 * <p>Knows watchers only as opaque objects, neither connections nor the tree. Shared between event loops, which add and
 * remove under the shared side of the tree's gate, and the core, which fires under its exclusive side. Start reading at
 * {@link io.vivarium.server.watch.WatchTable}. Spec: client-protocol 8.
 */
@NullMarked
package io.vivarium.server.watch;

import org.jspecify.annotations.NullMarked;
