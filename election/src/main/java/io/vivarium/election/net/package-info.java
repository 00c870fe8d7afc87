/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Links between the servers of an ensemble on the election port.
 *
 * <p>Carries notifications and keeps one connection per pair; decides nothing about votes. Its owner and it talk by
 * messages only: calls in hop to the event loop, calls out are {@link io.vivarium.election.net.MeshListener}, on the
 * event loop, from where the owner enqueues to its own. Thread: peer-io, one event loop for all of it, which is why
 * nothing here is locked. Spec: election 1. Start reading at {@link io.vivarium.election.net.VoteMesh}.
 */
@NullMarked
package io.vivarium.election.net;

import org.jspecify.annotations.NullMarked;
