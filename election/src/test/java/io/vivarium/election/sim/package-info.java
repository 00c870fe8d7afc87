/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Whole elections on virtual time: cores, a mesh on a network that fails, and a sketch of the quorum layer around them.
 *
 * <p>{@link io.vivarium.election.sim.ElectionInvariants} is asked after every event; {@link
 * io.vivarium.election.sim.ElectionSimulationTest} chooses ensembles and faults from a seed. Spec: election 7.1.
 */
@NullMarked
package io.vivarium.election.sim;

import org.jspecify.annotations.NullMarked;
