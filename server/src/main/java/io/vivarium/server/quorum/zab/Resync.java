/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

/** How this server must present its history next time (spec quorum 7.1, design notes). */
public enum Resync {
    /** As it is on disk. */
    FROM_HISTORY,
    /**
     * Its history cannot be trusted to be a prefix of the ensemble's. Until a sync has completed it announces no history
     * and no epoch, so that its answer counts nowhere, and it must not stand for election: a server that has dropped
     * what it may have acknowledged must not help to elect a leader that lacks the same.
     */
    FROM_SNAPSHOT
}
