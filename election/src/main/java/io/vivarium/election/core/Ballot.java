/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import io.vivarium.protocol.vote.PeerState;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The last vote of each server, of one kind: a {@link Campaign} has one ballot for its round and one for settled votes
 * (spec election 3.1). Only voters are put in, so it never outgrows the ensemble. Thread: core.
 */
final class Ballot {
    private final SortedMap<Long, CastVote> bySid = new TreeMap<>();

    void put(long sid, CastVote vote) {
        bySid.put(sid, vote);
    }

    void clear() {
        bySid.clear();
    }

    /** The servers whose vote counts together with {@code probe}. */
    SortedSet<Long> supportersOf(CastVote probe) {
        SortedSet<Long> supporters = new TreeSet<>();
        for (Map.Entry<Long, CastVote> entry : bySid.entrySet()) {
            if (VoteEquality.countTogether(entry.getValue(), probe)) {
                supporters.add(entry.getKey());
            }
        }
        return supporters;
    }

    /** Whether {@code sid} itself said that it leads; the word of its followers alone may be about a dead server. */
    boolean saysItLeads(long sid) {
        @Nullable CastVote vote = bySid.get(sid);
        return vote != null && vote.state() == PeerState.LEADING;
    }
}
