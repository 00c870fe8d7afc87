/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.election.core;

import io.vivarium.protocol.ensemble.Ensemble;
import io.vivarium.protocol.ensemble.HierarchicalRule;
import io.vivarium.protocol.ensemble.Role;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who may vote, seen through the committed configuration and the one that is proposed, if any (spec election 3.5, 3.10).
 *
 * <p>Thread: any. Immutable; the union of voters and the text are made once.
 */
public final class VotingView {
    private final Ensemble committed;
    private final @Nullable Ensemble proposed;
    private final SortedSet<Long> voters;
    private final String committedText;

    /** @param lastSeen the last configuration proposed; it matters only while it is newer than the committed one */
    public VotingView(Ensemble committed, @Nullable Ensemble lastSeen) {
        this.committed = committed;
        this.proposed = lastSeen != null && lastSeen.version() > committed.version() ? lastSeen : null;
        SortedSet<Long> union = new TreeSet<>(committed.voters());
        if (proposed != null) {
            union.addAll(proposed.voters());
        }
        this.voters = Collections.unmodifiableSortedSet(union);
        this.committedText = committed.toText();
    }

    public static VotingView of(Ensemble committed) {
        return new VotingView(committed, null);
    }

    public Ensemble committed() {
        return committed;
    }

    /** The configuration that is newer than the committed one and not yet committed. */
    public @Nullable Ensemble proposed() {
        return proposed;
    }

    /** The text that every notification carries: always the committed configuration (spec election 2.3). */
    String committedText() {
        return committedText;
    }

    /** Voters of either configuration, ascending. */
    public SortedSet<Long> voters() {
        return voters;
    }

    public boolean isVoter(long sid) {
        return voters.contains(sid);
    }

    /** A quorum of the committed configuration, and of the proposed one while there is one. */
    boolean isQuorum(Set<Long> sids) {
        return committed.isQuorum(sids) && (proposed == null || proposed.isQuorum(sids));
    }

    /**
     * Whether the committed rule gives {@code sid} a weight. A majority gives everybody one; a hierarchy that has never
     * heard of the sid gives none (where stock raises an error, spec election 3.3).
     */
    boolean hasWeight(long sid) {
        return !(committed.rule() instanceof HierarchicalRule rule)
                || rule.weights().getOrDefault(sid, 0L) != 0;
    }

    boolean isObserver(long sid) {
        return committed
                .member(sid)
                .map(member -> member.role() == Role.OBSERVER)
                .orElse(false);
    }

    /** The same view after {@code newer} was committed. */
    VotingView committing(Ensemble newer) {
        return new VotingView(newer, proposed);
    }

    @Override
    public String toString() {
        return "voters " + voters + " of version " + Long.toHexString(committed.version());
    }
}
