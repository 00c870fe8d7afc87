/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Clients of a simulated ensemble: sessions that move between servers, and a workload of every operation.
 *
 * <p>Knows servers only through {@link io.vivarium.server.sim.client.SimServer}; what clients see is told to a {@link
 * io.vivarium.server.sim.client.ClientObserver}, and judged elsewhere. Everything follows from the dice given. Thread: the
 * test's. Start reading at {@link io.vivarium.server.sim.client.SimClient}.
 *
 * <pre>
 *   SimClient --ClientFrame--> SimNetwork (delay, cut, reset) --> ServerEnd --> SimServer: route, reads
 *       Workload: what next       frames of bytes back      <--   Outgoing, answers
 * </pre>
 */
@NullMarked
package io.vivarium.server.sim.client;

import org.jspecify.annotations.NullMarked;
