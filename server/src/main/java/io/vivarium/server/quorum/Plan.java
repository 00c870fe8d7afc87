/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

/** What a member may mean to do at a later time; see {@link Plans}. Thread: any. */
enum Plan {
    /** Look for a leader. */
    LOOK,
    /** Follow the elected leader as an observer (spec quorum 8.1). */
    OBSERVE,
    /** Dial the leader again, which hung up before it said a word. */
    REDIAL,
    /** Serve reads without a leader (spec client-protocol 12). */
    SERVE_READ_ONLY
}
