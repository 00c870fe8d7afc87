/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.sim;

import io.vivarium.protocol.vote.Notification;

/** What simulated links carry. */
sealed interface Frame {
    /** The initial message. */
    record Hello(long sid) implements Frame {}

    /** A notification. */
    record Ballot(Notification message) implements Frame {}
}
