/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum.zab;

/**
 * A connected learner, for reports and for judging whether a new configuration would have a quorum (spec quorum 10.5).
 *
 * @param role by the packet it came with
 * @param stage how far it is
 */
public record LearnerReport(long link, long sid, LearnerRole role, Stage stage) {
    /** How far a learner is. */
    public enum Stage {
        /** Agrees on the epoch. */
        DISCOVERY,
        /** Takes over the history; gets live traffic already. */
        SYNCHRONIZATION,
        /** Has taken it over and is heard in time. */
        LIVE
    }
}
