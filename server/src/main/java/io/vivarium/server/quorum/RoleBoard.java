/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.server.quorum.zab.LearnerReport;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the core hangs out what it is: a report that is replaced when something in it changes.
 *
 * <p>Thread: core, but {@link #report} and {@link #pendingSyncs}, which any may call. A look that finds nothing new makes no object.
 */
final class RoleBoard {
    private static final Logger LOG = LoggerFactory.getLogger(RoleBoard.class);

    private final SortedSet<Long> voters;
    private @Nullable LeaderTerm leadingSeen;
    private int changesSeen;
    private String phase = "";
    private volatile RoleReport report;
    private volatile int pendingSyncs;

    /** @param voters sids of those who have a vote */
    RoleBoard(SortedSet<Long> voters) {
        this.voters = voters;
        this.report = new RoleReport(Role.SETTLING, "looking", RoleReport.NOBODY, 0, 0, voters, List.of());
    }

    RoleReport report() {
        return report;
    }

    int pendingSyncs() {
        return pendingSyncs;
    }

    /**
     * At the end of a round.
     *
     * @param leader whom this server follows, or itself
     * @param epochStart first zxid of the epoch it serves, 0 if it serves none
     */
    void look(
            Role role,
            @Nullable LeaderTerm leading,
            @Nullable LearnerTerm learning,
            long leader,
            long epochStart,
            long nowNanos) {
        RoleReport old = report;
        int syncs = leading == null ? 0 : leading.core().pendingSyncs();
        if (syncs != pendingSyncs) {
            pendingSyncs = syncs;
        }
        int changes = leading == null ? 0 : leading.core().changes();
        boolean sameLeading = leading == leadingSeen && changes == changesSeen;
        String phaseNow = phaseOf(leading, learning, sameLeading ? phase : "");
        if (role == old.role() && sameLeading && epochStart == old.epochStart() && phaseNow.equals(phase)) {
            return;
        }
        leadingSeen = leading;
        changesSeen = changes;
        phase = phaseNow;
        String peerState = wordOf(role) + (phase.isEmpty() ? "" : " - " + phase);
        List<LearnerReport> learners =
                leading == null ? List.of() : leading.core().learners();
        long since = epochStart == old.epochStart() ? old.servingSinceNanos() : nowNanos;
        report = new RoleReport(role, peerState, leader, epochStart, since, voters, learners);
        if (!peerState.equals(old.peerState())) {
            LOG.info("Peer state changed: {}", peerState);
        }
    }

    /** @param known of a leader that has not changed */
    private static String phaseOf(@Nullable LeaderTerm leading, @Nullable LearnerTerm learning, String known) {
        if (learning != null) {
            return learning.core().phase();
        }
        if (leading == null) {
            return "";
        }
        return known.isEmpty() ? leading.core().phase() : known;
    }

    private static String wordOf(Role role) {
        switch (role) {
            case LEADING:
                return "leading";
            case FOLLOWING:
                return "following";
            case OBSERVING:
                return "observing";
            default:
                return "looking";
        }
    }
}
