/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The process: {@link io.vivarium.server.QuorumPeerMain} reads the world (arguments, properties, clocks, chance), {@link
 * io.vivarium.server.Node} wires every object, and nobody else does either.
 *
 * <p>No logic lives here. Spec: operations 2.6. Start reading at {@link io.vivarium.server.Node}.
 */
@NullMarked
package io.vivarium.server;

import org.jspecify.annotations.NullMarked;
