/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What must hold in a simulated ensemble, and the truth to hold it against.
 *
 * <p>Servers report each transaction they apply; the first report of a zxid extends the {@link
 * io.vivarium.server.sim.check.CommittedHistory}, every other has to agree with it. A model tree of its own, written
 * without the server's tree, says what each transaction and each read at a zxid has to answer. Checkers are one class
 * each and incremental: an observation costs what it touches. A violation is an {@link AssertionError} with the seed and
 * the last steps. Thread: the test's. Start reading at {@link io.vivarium.server.sim.check.Checks}.
 */
@NullMarked
package io.vivarium.server.sim.check;

import org.jspecify.annotations.NullMarked;
