/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server;

import io.vivarium.server.pipeline.FatalErrorHandler;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** What a server needs of the world: clocks, chance, and somebody to report its own faults to. */
public record World(LongSupplier nanoClock, InstantSource wallClock, RandomGenerator dice, FatalErrorHandler fatal) {}
