/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Real server processes on loopback, for tests that must not trust a simulation: contract, migration, crash.
 *
 * <p>Knows how to start, ask, stop and kill a server JVM, ours or a stock one, and nothing of any protocol but the
 * four-letter word {@code srvr}. Thread: any, one at a time per process. Spec: operations 1 and 3. Start reading at {@link
 * io.vivarium.testkit.process.ServerProcess}; for several that form one ensemble, and the
 * network between them, at {@link io.vivarium.testkit.process.EnsembleProcesses}.
 */
@NullMarked
package io.vivarium.testkit.process;

import org.jspecify.annotations.NullMarked;
