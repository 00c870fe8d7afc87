/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * A server as a member of an ensemble: it looks for a leader, leads or learns, and starts over (spec quorum 2.1).
 *
 * <p>Pure: events in, actions out through {@link io.vivarium.server.quorum.QuorumEffects}; no thread, socket, file, clock
 * or dice, so that the simulation runs this very code. Thread: core. The protocol itself is in {@code quorum.zab}, votes
 * in the module {@code election}; sockets are in {@code quorum.net}, files in {@code quorum.history}. Start reading at
 * {@link io.vivarium.server.quorum.QuorumEffects}, then {@link io.vivarium.server.quorum.QuorumEvent}.
 */
@NullMarked
package io.vivarium.server.quorum;

import org.jspecify.annotations.NullMarked;
