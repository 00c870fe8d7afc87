/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.vote.Notification;
import io.vivarium.protocol.vote.PeerState;
import java.util.SortedSet;

/**
 * The world as an {@link ElectionCore} acts on it; one implementation in the server, one in the simulation.
 *
 * <p>Thread: core. No method may block or call back into the core; what comes of it returns as an event later.
 */
public interface ElectionEffects {
    /** See {@link ElectionAction.Send}. */
    void send(long sid, Notification message);

    /** See {@link ElectionAction.Seek}. */
    void seek(SortedSet<Long> sids);

    /** See {@link ElectionAction.Rest}. */
    void rest();

    /** See {@link ElectionAction.Dial}. */
    void dial(SortedSet<Long> sids);

    /** See {@link ElectionAction.Elected}. */
    void elected(PeerState state, Vote vote, SortedSet<Long> supporters);

    /** See {@link ElectionAction.ReportLookingVoter}. */
    void lookingVoter(long sid, long round);

    /** See {@link ElectionAction.AdoptConfig}. */
    void adoptConfig(Ensemble config);

    /** See {@link ElectionAction.ReportBadConfig}. */
    void badConfig(long sid, String reason);
}
