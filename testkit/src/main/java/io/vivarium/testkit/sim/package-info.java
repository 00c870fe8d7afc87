/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Pieces of a simulation: seeds, a clock that only moves when told to, a queue of things to come, and a network that
 * fails as networks do.
 *
 * <p>Needs the JDK only and knows no protocol; what runs on top, and what must hold, is the business of each
 * simulation. Everything that happens follows from the seed. Thread: the test's. Start reading at {@link
 * io.vivarium.testkit.sim.EventScheduler}, then {@link io.vivarium.testkit.sim.SimNetwork}.
 */
@NullMarked
package io.vivarium.testkit.sim;

import org.jspecify.annotations.NullMarked;
