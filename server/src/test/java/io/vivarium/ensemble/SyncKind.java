/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.ensemble;

/** How a learner gets what it lacks (spec quorum 4), and the line of its log that says so (spec operations 6.3). */
enum SyncKind {
    /** The missing transactions. */
    DIFF("Getting a diff from the leader"),
    /** The whole tree. */
    SNAP("Getting a snapshot from leader"),
    /** Its own last transactions, which nobody else has, are taken back. */
    TRUNC("Truncating log to get in sync with the leader");

    private final String line;

    SyncKind(String line) {
        this.line = line;
    }

    String line() {
        return line;
    }
}
