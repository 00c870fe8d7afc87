/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The contract suite: one script, run against the stock server and against ours; the answers must be equal.
 *
 * <p>A script ({@link io.vivarium.contract.Scripts}) drives named connections ({@link io.vivarium.contract.Session})
 * through raw frames and so writes a transcript: every frame received, in order, with times, session ids, passwords and
 * zxids made comparable. The assertion is that both servers write the same transcript. Where we differ on purpose the
 * script says in which lines and why; docs/compatibility.md lists those. Spec: client-protocol, all of it. Start reading
 * at {@link io.vivarium.contract.ContractSuite}.
 */
@NullMarked
package io.vivarium.contract;

import org.jspecify.annotations.NullMarked;
