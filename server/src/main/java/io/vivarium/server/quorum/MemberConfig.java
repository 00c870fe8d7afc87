/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.server.quorum;

import io.vivarium.election.core.ElectionConfig;
import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.server.pipeline.Clients;
import io.vivarium.server.quorum.zab.ZabConfig;

/**
 * What a member of an ensemble is told by its operator.
 *
 * @param myId own server id
 * @param ensemble the configuration in force
 * @param readOnlyAfterMillis how long an election may last before reads are served without a leader ({@code
 *     readonlymode.enabled}, spec election 4.4); negative is never
 * @param clients {@code leaderServes}: whether this server takes clients while it leads
 * @param observerElectionDelayMillis an observer waits up to this before it looks for a leader again
 * @param observerReconnectDelayMillis an observer that knows its leader waits up to this before it dials it
 * @param commitLogEntries {@code commitLogCount}: transactions kept in memory for learners that were away for a moment
 */
public record MemberConfig(
        long myId,
        Ensemble ensemble,
        ZabConfig zab,
        ElectionConfig election,
        long readOnlyAfterMillis,
        Clients clients,
        long observerElectionDelayMillis,
        long observerReconnectDelayMillis,
        int commitLogEntries) {}
