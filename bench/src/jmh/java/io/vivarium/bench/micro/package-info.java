/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Micro benchmarks of inner pieces, built only with the profile {@code jmh}. Thread: JMH's. Start reading at {@link
 * io.vivarium.bench.micro.CodecBenchmark}.
 */
@NullMarked
package io.vivarium.bench.micro;

import org.jspecify.annotations.NullMarked;
