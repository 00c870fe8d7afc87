/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import java.util.Comparator;

/**
 * Which of two votes is better (spec election 3.3): the longer history wins, the greater sid decides a tie.
 *
 * <p>Epoch goes before zxid: what a server logged in an older epoch, without having taken part in a newer one, was never
 * committed by a quorum of the newer one. All comparisons are signed, so {@link Vote#NOBODY} loses. The round is no part
 * of the order. Thread: any.
 */
final class VoteOrder {
    private static final Comparator<Vote> BY_HISTORY = Comparator.comparingLong(Vote::peerEpoch)
            .thenComparingLong(Vote::zxid)
            .thenComparingLong(Vote::leader);

    private VoteOrder() {}

    /** Whether {@code candidate} should replace {@code current}; never for a server without weight. */
    static boolean isBetter(Vote candidate, Vote current, VotingView view) {
        return view.hasWeight(candidate.leader()) && BY_HISTORY.compare(candidate, current) > 0;
    }
}
