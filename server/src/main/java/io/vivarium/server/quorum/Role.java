/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

/** What a member of an ensemble is at this moment (spec quorum 2.1, election 4.1). */
public enum Role {
    /** Nothing of the former role is under way any more, and soon nothing will be. */
    SETTLING,
    /** Takes part in an election, serves nobody. */
    LOOKING,
    /** Takes part in an election and answers reads of clients that accept an old state (spec election 4.4). */
    READ_ONLY,
    /** Leads, or tries to. */
    LEADING,
    /** Follows a leader, with a vote. */
    FOLLOWING,
    /** Follows a leader, without a vote. */
    OBSERVING,
    /** Has been stopped. */
    STOPPED
}
