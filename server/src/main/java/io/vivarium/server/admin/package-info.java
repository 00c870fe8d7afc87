/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What operators ask a running server: the four-letter words (spec operations 3).
 *
 * <p>Depends on every part that has something to tell; no part depends on it. Answers that need more than a glance are
 * written on a thread of their own: the tree and the watches are read inside a shared hold of the gate, the sessions by an
 * inquiry to the core, the connections on their event loops. Start reading at {@link
 * io.vivarium.server.admin.FourLetterWords}; what it is given is {@link io.vivarium.server.admin.AdminView}.
 */
@NullMarked
package io.vivarium.server.admin;

import org.jspecify.annotations.NullMarked;
