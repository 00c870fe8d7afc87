/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The messages of the election port: initial message of a connection, and the notification that carries a vote.
 *
 * <p>Wire forms only; who is told what, and what is believed, is decided in the election module. Thread: any, all values
 * immutable. Spec: election 1.2, 1.4 and 2. Start reading at {@link io.vivarium.protocol.vote.Notification}.
 */
@NullMarked
package io.vivarium.protocol.vote;

import org.jspecify.annotations.NullMarked;
