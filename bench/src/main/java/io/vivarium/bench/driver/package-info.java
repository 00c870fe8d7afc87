/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The edge to the network: event loops, connections, sessions, and the echo server that shows what the transport costs.
 *
 * <p>A few event loops own many sessions each; a session and its numbers are touched by its loop alone. Clocks are read
 * here. Spec: client-protocol 1 to 3. Start reading at {@link io.vivarium.bench.driver.LoadDriver}.
 */
@NullMarked
package io.vivarium.bench.driver;

import org.jspecify.annotations.NullMarked;
