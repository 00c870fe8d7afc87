/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What is sent and what is measured: workloads, request sources, arrival schedules, reply scanning, latency intervals.
 *
 * <p>Pure: no thread, no socket, no clock; time comes in as an argument and chance as a seed. Thread: an instance belongs
 * to one event loop. Spec: client-protocol 1 to 4. Start reading at {@link io.vivarium.bench.load.Workload} and {@link
 * io.vivarium.bench.load.RequestSource}.
 */
@NullMarked
package io.vivarium.bench.load;

import org.jspecify.annotations.NullMarked;
