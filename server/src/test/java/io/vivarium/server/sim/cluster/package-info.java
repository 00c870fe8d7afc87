/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Whole servers in one thread on virtual time: election, Zab, pipeline, journal, tree, sessions, everything but sockets, files
 * and threads is what production runs.
 *
 * <pre>
 *   SimCluster   machines, networks, clients, faults, checks
 *     SimMachine   a name, a disk, a wall clock; outlives its processes
 *       SimMember    one life of a process: QuorumCore, Replica and tree (MemberTree)
 *         MemberEffects   what the core wants, brought to
 *           MemberLinks     links between leader and learners       } SimNetwork
 *           MemberMesh      links for votes                         }
 *           MemberDisk      journal, history, snapshots             SimDisk
 * </pre>
 *
 * <p>The glue mirrors {@code MemberWorld}: the same calls, in the same order. Everything follows from a seed. What must hold is
 * the business of {@code sim.check}, what clients do that of {@code sim.client}. Thread: the test's. Start reading at {@link
 * io.vivarium.server.sim.cluster.SimCluster}; docs/internals/simulation.md says how to read a failure.
 */
@NullMarked
package io.vivarium.server.sim.cluster;

import org.jspecify.annotations.NullMarked;
