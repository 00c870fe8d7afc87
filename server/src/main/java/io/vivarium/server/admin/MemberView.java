/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.admin;

import io.vivarium.server.metrics.MetricSink;
import io.vivarium.server.quorum.ProposalSizes;
import io.vivarium.server.quorum.Role;
import io.vivarium.server.quorum.RoleReport;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What a member of an ensemble has to report besides what every server does (spec operations 3.3, 3.4).
 *
 * @param localSessions whether sessions may be of one server only
 * @param role what it is at this moment
 * @param proposals of this server while it leads
 * @param pendingSyncs syncs of learners that wait for a commit
 */
public record MemberView(
        boolean localSessions, Supplier<RoleReport> role, ProposalSizes proposals, IntSupplier pendingSyncs) {

    /** Gauges that come and go with the role. Thread: any. */
    void report(long nowNanos, MetricSink sink) {
        RoleReport now = role.get();
        sink.gauge("quorum_size", now.voters().size());
        if (!now.isServingLeader()) {
            return;
        }
        // Releases before 3.5 had this name for what is called learners now.
        sink.gauge("followers", now.learners().size());
        sink.gauge("learners", now.learners().size());
        sink.gauge("synced_followers", now.syncedFollowers());
        sink.gauge("synced_non_voting_followers", now.syncedNonVotingFollowers());
        sink.gauge("synced_observers", now.syncedObservers());
        sink.gauge("pending_syncs", pendingSyncs.getAsInt());
        sink.gauge("leader_uptime", (nowNanos - now.servingSinceNanos()) / 1_000_000);
        sink.gauge("last_proposal_size", proposals.last());
        sink.gauge("max_proposal_size", proposals.max());
        sink.gauge("min_proposal_size", proposals.min());
    }

    /** The last line of {@code srvr} of a leader; empty elsewhere. */
    String proposalLine() {
        return role.get().isServingLeader()
                ? "Proposal sizes last/min/max: " + proposals.last() + '/' + proposals.min() + '/' + proposals.max()
                        + '\n'
                : "";
    }

    /** True where sessions of the ensemble are not counted down, but reported to a leader. */
    boolean isLearner() {
        Role now = role.get().role();
        return now == Role.FOLLOWING || now == Role.OBSERVING;
    }
}
