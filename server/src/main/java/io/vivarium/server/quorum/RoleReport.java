/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.server.quorum.zab.LearnerReport;
import io.vivarium.server.quorum.zab.LearnerRole;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;

/**
 * What a member is at one moment, for operators (spec operations 3.4). Immutable; thread any.
 *
 * @param peerState role and phase, as {@code leading - broadcast}
 * @param leader whom it follows, or itself; {@link #NOBODY} while it knows none
 * @param epochStart the zxid at which the epoch begins that is served; 0 while none is
 * @param servingSinceNanos since when it serves that epoch
 * @param voters sids of those who have a vote
 * @param learners who is connected to this leader; empty where it does not lead
 */
public record RoleReport(
        Role role,
        String peerState,
        long leader,
        long epochStart,
        long servingSinceNanos,
        SortedSet<Long> voters,
        List<LearnerReport> learners) {
    public static final long NOBODY = -1;

    /** A leader that a quorum has accepted. */
    public boolean isServingLeader() {
        return role == Role.LEADING && epochStart != 0;
    }

    /** Voters that are up to date. */
    public long syncedFollowers() {
        return synced(LearnerRole.FOLLOWER).filter(this::votes).count();
    }

    /** Up to date, came as followers, and are no voters of this configuration. */
    public long syncedNonVotingFollowers() {
        return synced(LearnerRole.FOLLOWER).filter(each -> !votes(each)).count();
    }

    public long syncedObservers() {
        return synced(LearnerRole.OBSERVER).count();
    }

    private boolean votes(LearnerReport learner) {
        return voters.contains(learner.sid());
    }

    private Stream<LearnerReport> synced(LearnerRole wanted) {
        return learners.stream().filter(each -> each.role() == wanted && each.stage() == LearnerReport.Stage.LIVE);
    }
}
