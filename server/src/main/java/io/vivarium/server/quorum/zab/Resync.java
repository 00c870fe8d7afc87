/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

/** How this server must present its history next time (spec quorum 7.1, design notes). */
public enum Resync {
    /** As it is on disk. */
    FROM_HISTORY,
    /**
     * It is whole, and could not be made the leader's: it cannot be cut back far enough, or what the leader sent did not fit
     * behind it. To a leader of the same epoch it announces no history, so that an image comes; its answer to that one counts
     * nowhere anyhow (I2). Everywhere else it counts for what it is, for it lacks nothing that was acknowledged.
     */
    FROM_IMAGE,
    /**
     * Its history cannot be trusted to be a prefix of the ensemble's. Until a sync has completed it announces no history
     * and no epoch, so that its answer counts nowhere, and it must not stand for election: a server that has dropped
     * what it may have acknowledged must not help to elect a leader that lacks the same.
     */
    FROM_SNAPSHOT
}
