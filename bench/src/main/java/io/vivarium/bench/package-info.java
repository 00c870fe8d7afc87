/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The load driver: command line and nothing else.
 *
 * <p>{@link io.vivarium.bench.load} says what is sent, {@link io.vivarium.bench.driver} sends it, {@link
 * io.vivarium.bench.run} measures, {@link io.vivarium.bench.process} starts servers, {@link io.vivarium.bench.compare}
 * sets two servers against each other and {@link io.vivarium.bench.report} shows the outcome. Thread: main. Start reading
 * at {@link io.vivarium.bench.ZkBench}.
 */
@NullMarked
package io.vivarium.bench;

import org.jspecify.annotations.NullMarked;
