/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Ensembles of real server processes: ours, stock ones of several releases, and both in one ensemble.
 *
 * <p>What is started, frozen, killed and cut off is {@link io.vivarium.testkit.process.EnsembleProcesses}; the clients are the
 * stock ones, so nothing here knows a protocol. Which server stands for ours says system property {@code ensemble.subject}
 * ({@link io.vivarium.ensemble.Kinds}). Waits are for conditions, with a deadline. Threads: that of the test, those of the
 * clients. Spec: quorum 4, 7, 16, operations 2.4, 7.5. Start reading at {@link io.vivarium.ensemble.MixedEnsembleIT}.
 */
@NullMarked
package io.vivarium.ensemble;

import org.jspecify.annotations.NullMarked;
