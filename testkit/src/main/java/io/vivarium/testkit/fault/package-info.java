/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What can go wrong with a cluster on virtual time, and a seeded plan of when.
 *
 * <p>A fault is a value that strikes and heals through the port {@link io.vivarium.testkit.fault.SimFaults}; it knows
 * neither what the machines run nor what their clients do, so faults and workloads combine freely. Thread: the test's.
 * Start reading at {@link io.vivarium.testkit.fault.FaultSchedule}.
 */
@NullMarked
package io.vivarium.testkit.fault;

import org.jspecify.annotations.NullMarked;
