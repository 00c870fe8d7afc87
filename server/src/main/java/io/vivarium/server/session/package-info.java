/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Sessions: their ids and passwords, who owns them, and when they are over.
 *
 * <p>Pure, and used by the core thread alone unless a class says otherwise: time comes in as an argument, expired sessions
 * come out as a list; closing them is the caller's business. No clock, no thread, no dice. Start reading at
 * {@link io.vivarium.server.session.SessionTable}. Spec: client-protocol 2 and 9, quorum 9.2 and 12.
 */
@NullMarked
package io.vivarium.server.session;

import org.jspecify.annotations.NullMarked;
